package dev.checkedraft.drive;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.Network;
import dev.checkedraft.schedule.Nodes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Every message sent in a run, by what it says and by what sent it, and the links between the nodes. */
public final class PortNetwork {
    private final Network<PortPacket> network;

    /** All that was ever sent, in the order in which it was. */
    private final List<PortPacket> packets = new ArrayList<>();

    private final Map<PortPacket.Origin, PortPacket> byOrigin = new LinkedHashMap<>();

    /** For each content, the first message that had it. */
    private final Map<Map<String, Object>, PortPacket> first = new HashMap<>();

    PortNetwork(int nodes) {
        network = new Network<>(nodes, Network.ALL);
    }

    /** Whether a message with the same contents was sent before. */
    boolean hasSent(Map<String, Object> fields) {
        return first.containsKey(fields);
    }

    /** Puts a message in flight. */
    PortPacket send(Map<String, Object> fields, MessageKind kind, int from, int to, int step) {
        int ordinal = 0;
        PortPacket.Origin origin = new PortPacket.Origin(step, kind, to, ordinal);
        while (byOrigin.containsKey(origin)) {
            origin = new PortPacket.Origin(step, kind, to, ++ordinal);
        }
        PortPacket packet = new PortPacket(fields, kind, from, origin);
        network.send(packet);
        packets.add(packet);
        byOrigin.put(origin, packet);
        first.putIfAbsent(fields, packet);
        return packet;
    }

    /** The first message with the same content: which of them arrives makes no difference to anyone. */
    public PortPacket first(PortPacket packet) {
        return first.getOrDefault(packet.message(), packet);
    }

    /** The first message with that content; null if none was ever sent. */
    public @Nullable PortPacket first(Map<String, Object> fields) {
        return first.get(fields);
    }

    public List<PortPacket> packets() {
        return packets;
    }

    @Nullable
    PortPacket find(PortPacket.Origin origin) {
        return byOrigin.get(origin);
    }

    /** The links, and what is in flight on them. */
    public Network<PortPacket> links() {
        return network;
    }

    /** The number of the node of that name. */
    static int number(Object name) {
        return Nodes.number(String.valueOf(name));
    }
}
