package dev.checkedraft.port;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Packet;
import java.util.Map;

/** A message that a port sent, by field. */
public final class PortPacket extends Packet<Map<String, Object>> {
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

    private final Origin origin;

    public PortPacket(Map<String, Object> fields, MessageKind kind, int from, Origin origin) {
        super(fields, from, origin.to(), kind, origin.step());
        this.origin = origin;
    }

    public Origin origin() {
        return origin;
    }

    /** Such as {@code RequestVote of n1 (term 2, lastLogIndex 0, lastLogTerm 0)}. */
    @Override
    public String toString() {
        return kind().label() + " from " + Nodes.name(from()) + " " + describe(message());
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
