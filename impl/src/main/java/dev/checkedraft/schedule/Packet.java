package dev.checkedraft.schedule;

import dev.checkedraft.core.MessageKind;

/**
 * A message that was sent: in flight, or remembered so that it can come again.
 *
 * @param <M> what a message is
 */
public class Packet<M> {
    private final M message;
    private final int from;
    private final int to;
    private final MessageKind kind;
    private final long sentAt;

    // Given by the network that it is sent on.
    int ordinal = 0;
    long age = 0;

    /** How many copies are in flight. */
    int copies = 0;

    /** Where it is in {@link Network}'s list of what is in flight, if it is. */
    int slot = 0;

    /** Whether a copy was delivered. */
    boolean delivered = false;

    /** @param sentAt which step sends it */
    public Packet(M message, int from, int to, MessageKind kind, long sentAt) {
        this.message = message;
        this.from = from;
        this.to = to;
        this.kind = kind;
        this.sentAt = sentAt;
    }

    public M message() {
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

    public boolean isInFlight() {
        return copies > 0;
    }

    /** Whether it has arrived, at least once. */
    public boolean isDelivered() {
        return delivered;
    }

    /** What to call it in a decision: the k-th of its kind on its link. */
    public MessageRef ref() {
        return new MessageRef(from, to, kind, ordinal);
    }
}
