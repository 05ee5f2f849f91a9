package dev.checkedraft.drive;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.MessageKind;
import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.Nodes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Checks that a node sent what its action sends, to whom it sends it, and nothing else. */
final class SentMessages {
    private final int nodes;
    private final PortNetwork network;
    private final Referee referee;

    SentMessages(int nodes, PortNetwork network, Referee referee) {
        this.nodes = nodes;
        this.network = network;
        this.referee = referee;
    }

    /**
     * Checks which messages were sent to whom; what they say is for the spec. A message may also be sent again.
     *
     * @return what the messages that the action sends have in common; null if there are none
     */
    @Nullable
    Map<String, Object> check(
            PortNode node, @Nullable Action action, @Nullable PortPacket packet, List<Map<String, Object>> send)
            throws NonConformance {
        MessageKind wanted = action == null || action == Action.SEND_APPEND_ENTRIES ? null : action.sends();
        Map<String, Object> common = null;
        List<Integer> receivers = new ArrayList<>();
        for (Map<String, Object> message : send) {
            MessageKind kind = kind(message);
            int to = receiver(message);
            if (!node.name.equals(message.get("from"))) {
                throw referee.misbehaved(node, "sent " + kind.label() + " in the name of " + message.get("from"));
            }
            if (to == node.number) {
                throw referee.misbehaved(node, "sent " + kind.label() + " to itself");
            }
            if (kind == MessageKind.APPEND_ENTRIES) {
                continue;
            }
            boolean isDue = kind == wanted && !receivers.contains(to) && (packet == null || to == packet.from());
            if (!isDue) {
                if (network.hasSent(message)) {
                    continue;
                }
                if (kind == wanted && receivers.contains(to)) {
                    throw referee.misbehaved(
                            node,
                            "did " + (action == null ? "nothing" : action.label()) + " and sent a " + kind.label()
                                    + " twice to " + message.get("to") + without(node, kind, packet, send));
                }
                throw referee.misbehaved(
                        node,
                        "sent a " + kind.label() + " to " + message.get("to") + ", which "
                                + (action == null ? "no action" : action.label()) + " does not send there");
            }
            receivers.add(to);
            Map<String, Object> said = new LinkedHashMap<>(message);
            said.keySet().removeAll(List.of("type", "from", "to"));
            if (common != null && !common.equals(said)) {
                throw referee.misbehaved(
                        node,
                        "sent a " + kind.label() + " " + PortPacket.describe(common) + " and another "
                                + PortPacket.describe(said));
            }
            common = said;
        }
        int due = wanted == null ? 0 : wanted == MessageKind.REQUEST_VOTE ? nodes - 1 : 1;
        if (wanted != null && action != null && receivers.size() < due) {
            throw referee.misbehaved(
                    node,
                    "did " + action.label() + " and sent " + receivers.size() + " " + wanted.label() + ", not " + due
                            + without(node, wanted, packet, send));
        }
        return common;
    }

    /** To whom a message of that kind was due, and was not sent, in words. */
    private String without(
            PortNode node, MessageKind kind, @Nullable PortPacket packet, List<Map<String, Object>> send) {
        List<String> missing = new ArrayList<>();
        for (int other = 1; other <= nodes; other++) {
            int to = other;
            boolean due = packet == null ? other != node.number : other == packet.from();
            if (due && send.stream().noneMatch(message -> kind(message) == kind && receiver(message) == to)) {
                missing.add("none to " + Nodes.name(other));
            }
        }
        return missing.isEmpty() ? "" : " and " + String.join(", ", missing);
    }

    static int receiver(Map<String, Object> message) {
        return PortNetwork.number(String.valueOf(message.get("to")));
    }

    static MessageKind kind(Map<String, Object> message) {
        MessageKind kind = MessageKind.named(String.valueOf(message.get("type")));
        if (kind == null) {
            throw new IllegalArgumentException("no kind of message is called " + message.get("type"));
        }
        return kind;
    }
}
