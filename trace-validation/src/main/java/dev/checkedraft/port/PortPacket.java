package dev.checkedraft.port;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.schedule.MessageRef;
import dev.checkedraft.schedule.Nodes;
import java.util.Map;

/** A message that a port sent. */
public final class PortPacket {
    /**
     * Which message it is, told by the step that sent it: so it stays the same when other steps are taken out of the
     * schedule.
     *
     * @param step the step's id
     * @param kind its kind
     * @param to the node it is for
     * @param ordinal 0 for the first of its kind that the step sent to that node
     */
    public record Origin(int step, MessageKind kind, int to, int ordinal) {}

    public final Map<String, Object> fields;
    public final MessageKind kind;
    public final int from;
    public final int to;
    public final Origin origin;

    /** k if it is the k-th of its kind ever sent on its link. */
    final int ordinal;

    /** How often it is in flight. */
    public int copies = 1;

    public PortPacket(Map<String, Object> fields, MessageKind kind, int from, Origin origin, int ordinal) {
        this.fields = fields;
        this.kind = kind;
        this.from = from;
        this.to = origin.to();
        this.origin = origin;
        this.ordinal = ordinal;
    }

    /** How a schedule names it. */
    public MessageRef ref() {
        return new MessageRef(from, to, kind, ordinal);
    }

    /** Such as {@code RequestVote of n1 (term 2, lastLogIndex 0, lastLogTerm 0)}. */
    @Override
    public String toString() {
        return kind.label() + " from " + Nodes.name(from) + " " + describe(fields);
    }

    public static String describe(Map<String, Object> message) {
        StringBuilder text = new StringBuilder("(");
        for (Map.Entry<String, Object> field : message.entrySet()) {
            switch (field.getKey()) {
                case "type", "from", "to" -> {}
                default -> {
                    if (text.length() > 1) {
                        text.append(", ");
                    }
                    text.append(field.getKey()).append(' ').append(Describe.value(field.getValue()));
                }
            }
        }
        return text.append(')').toString();
    }
}
