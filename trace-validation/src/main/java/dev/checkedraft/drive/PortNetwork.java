package dev.checkedraft.drive;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.MessageRef;
import dev.checkedraft.schedule.Nodes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Every message sent in a run, and the links between the nodes. */
public final class PortNetwork {
    private record Link(int from, int to) {}

    private record Lane(int from, int to, MessageKind kind) {}

    /** All that was ever sent, in the order in which it was. */
    private final List<PortPacket> packets = new ArrayList<>();

    private final Map<Lane, List<PortPacket>> lanes = new HashMap<>();
    private final Map<PortPacket.Origin, PortPacket> byOrigin = new LinkedHashMap<>();

    /** For each content, the first message that had it. */
    private final Map<Map<String, Object>, PortPacket> first = new HashMap<>();

    private final Set<Link> cut = new HashSet<>();

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
        List<PortPacket> lane = lanes.computeIfAbsent(new Lane(from, to, kind), k -> new ArrayList<>());
        PortPacket packet = new PortPacket(fields, kind, from, origin, lane.size() + 1);
        lane.add(packet);
        packets.add(packet);
        byOrigin.put(origin, packet);
        first.putIfAbsent(fields, packet);
        return packet;
    }

    /** The first message with the same content: which of them arrives makes no difference to anyone. */
    public PortPacket first(PortPacket packet) {
        return first.getOrDefault(packet.fields, packet);
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

    @Nullable
    PortPacket find(MessageRef ref) {
        MessageKind kind = ref.kind();
        if (kind == null || ref.ordinal() == 0) {
            for (PortPacket packet : packets) {
                boolean asked = packet.from == ref.from() && packet.to == ref.to();
                if (asked && packet.copies > 0 && (kind == null || packet.kind == kind)) {
                    return packet;
                }
            }
            return null;
        }
        List<PortPacket> lane = lanes.getOrDefault(new Lane(ref.from(), ref.to(), kind), List.of());
        int index = ref.ordinal() > 0 ? ref.ordinal() - 1 : lane.size() + ref.ordinal();
        return index >= 0 && index < lane.size() ? lane.get(index) : null;
    }

    boolean isCut(PortPacket packet) {
        return cut.contains(new Link(packet.from, packet.to));
    }

    /** Cuts a link, or heals it; whether that changed anything. */
    boolean cut(int from, int to, boolean isCut) {
        return isCut ? cut.add(new Link(from, to)) : cut.remove(new Link(from, to));
    }

    boolean partition(List<Integer> side, int nodes) {
        boolean changed = false;
        for (int a = 1; a <= nodes; a++) {
            for (int b = 1; b <= nodes; b++) {
                if (a != b && side.contains(a) != side.contains(b)) {
                    changed |= cut(a, b, true);
                }
            }
        }
        return changed;
    }

    boolean healAll() {
        boolean changed = !cut.isEmpty();
        cut.clear();
        return changed;
    }

    /** The number of the node of that name. */
    static int number(Object name) {
        return Nodes.number(String.valueOf(name));
    }
}
