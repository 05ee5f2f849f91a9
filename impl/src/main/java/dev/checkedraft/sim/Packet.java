package dev.checkedraft.sim;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.MessageKind;
import dev.checkedraft.schedule.MessageRef;

/** A message that was sent: in flight, or remembered so that it can come again. */
public final class Packet {
    private final Message message;
    private final int from;
    private final int to;
    private final MessageKind kind;
    private final int ordinal;
    private final long age;
    private final long sentAt;

    /** How many copies are in flight. */
    int copies = 0;

    /** Where it is in {@link Network}'s list of what is in flight, if it is. */
    int slot = 0;

    /** Whether a copy was delivered. */
    boolean delivered = false;

    Packet(Message message, int from, int to, MessageKind kind, int ordinal, long age, long sentAt) {
        this.message = message;
        this.from = from;
        this.to = to;
        this.kind = kind;
        this.ordinal = ordinal;
        this.age = age;
        this.sentAt = sentAt;
    }

    public Message message() {
        return message;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    public MessageKind kind() {
        return kind;
    }

    /** Counts the messages sent before this one, on all links: the lower, the older. */
    public long age() {
        return age;
    }

    /** The number of the step that sent it. */
    public long sentAt() {
        return sentAt;
    }

    /** What to call it in a decision: the k-th of its kind on its link. */
    public MessageRef ref() {
        return new MessageRef(from, to, kind, ordinal);
    }
}
