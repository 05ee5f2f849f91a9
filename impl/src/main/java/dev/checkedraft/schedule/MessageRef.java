package dev.checkedraft.schedule;

import dev.checkedraft.core.MessageKind;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Which message a decision is about: one of those sent on a link. Sent on the link ever, not only in flight, so that old
 * ones can come again.
 *
 * @param from the sender
 * @param to the receiver
 * @param kind the kind of message; null for any, then {@code ordinal} is 0
 * @param ordinal k for the k-th of its kind ever sent on the link; -k for the k-th last one; 0 for the oldest in flight
 */
public record MessageRef(int from, int to, @Nullable MessageKind kind, int ordinal) {
    public MessageRef {
        Nodes.check(from);
        Nodes.check(to);
        if (from == to) {
            throw new IllegalArgumentException(Nodes.name(from) + " has no link to itself");
        }
        if (kind == null && ordinal != 0) {
            throw new IllegalArgumentException("the number " + ordinal + " counts messages of no kind");
        }
    }

    /** The oldest message in flight on a link. */
    public static MessageRef oldest(int from, int to) {
        return new MessageRef(from, to, null, 0);
    }

    /** The same on a cluster that lacks a node, where later ones move up; null if it is that node's. */
    @Nullable
    MessageRef without(int missing) {
        return from == missing || to == missing
                ? null
                : new MessageRef(Nodes.without(from, missing), Nodes.without(to, missing), kind, ordinal);
    }

    /** The text form: {@code n1 n2 AppendEntries 3}. */
    String text() {
        String link = Nodes.name(from) + " " + Nodes.name(to);
        if (kind == null) {
            return link;
        }
        return link + " " + kind.label() + (ordinal == 0 ? "" : " " + ordinal);
    }
}
