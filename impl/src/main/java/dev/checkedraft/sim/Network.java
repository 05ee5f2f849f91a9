package dev.checkedraft.sim;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.MessageKind;
import dev.checkedraft.schedule.MessageRef;
import dev.checkedraft.schedule.Nodes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The links between the nodes. It remembers the last {@value #REMEMBERED} messages of each kind on each link, delivered or
 * not; what was sent before them cannot come any more.
 */
public final class Network {
    /** A power of two. */
    public static final int REMEMBERED = 1024;

    private static final int KINDS = MessageKind.values().length;

    private final int nodes;

    /** By link and kind. */
    private final Sent[] sent;

    /** In no order that means anything, but always the same one. */
    private final List<Packet> inFlight = new ArrayList<>();

    /** For every sender, the bit set of the receivers that it cannot reach. */
    private final int[] cut;

    private long messages = 0;

    Network(int nodes) {
        this.nodes = nodes;
        this.sent = new Sent[(nodes + 1) * (nodes + 1) * KINDS];
        for (int k = 0; k < sent.length; k++) {
            sent[k] = new Sent();
        }
        this.cut = new int[nodes + 1];
    }

    /** Puts a message in flight, sent by the step of that number. */
    Packet send(Message message, long step) {
        int from = Nodes.number(message.from());
        int to = Nodes.number(message.to());
        MessageKind kind = message.kind();
        Sent link = sent(from, to, kind);
        Packet packet = new Packet(message, from, to, kind, link.count + 1, messages++, step);
        Packet forgotten = link.add(packet);
        if (forgotten != null && forgotten.copies > 0) {
            forgotten.copies = 1;
            land(forgotten);
        }
        fly(packet);
        return packet;
    }

    /** The message meant; null if there is none. */
    @Nullable
    Packet find(MessageRef ref) {
        if (ref.from() > nodes || ref.to() > nodes) {
            return null;
        }
        MessageKind kind = ref.kind();
        if (kind == null || ref.ordinal() == 0) {
            return oldestInFlight(ref);
        }
        Sent link = sent(ref.from(), ref.to(), kind);
        return link.get(ref.ordinal() > 0 ? ref.ordinal() : link.count + 1 + ref.ordinal());
    }

    private @Nullable Packet oldestInFlight(MessageRef ref) {
        Packet oldest = null;
        for (Packet packet : inFlight) {
            boolean meant = packet.from() == ref.from()
                    && packet.to() == ref.to()
                    && (ref.kind() == null || packet.kind() == ref.kind());
            if (meant && (oldest == null || packet.age() < oldest.age())) {
                oldest = packet;
            }
        }
        return oldest;
    }

    /** How many messages of a kind were sent on a link so far. */
    int count(int from, int to, MessageKind kind) {
        return sent(from, to, kind).count;
    }

    List<Packet> inFlight() {
        return inFlight;
    }

    /** Puts a copy of a message in flight. */
    void fly(Packet packet) {
        if (packet.copies++ == 0) {
            packet.slot = inFlight.size();
            inFlight.add(packet);
        }
    }

    /** Takes a copy out of flight, if there is one. */
    void land(Packet packet) {
        if (packet.copies == 0 || --packet.copies > 0) {
            return;
        }
        Packet last = inFlight.remove(inFlight.size() - 1);
        if (last != packet) {
            inFlight.set(packet.slot, last);
            last.slot = packet.slot;
        }
    }

    /** Notes that a message arrives; whether it overtakes one of its kind and link that is in flight. */
    boolean arrives(Packet packet) {
        packet.delivered = true;
        land(packet);
        Sent link = sent(packet.from(), packet.to(), packet.kind());
        Packet older = link.get(packet.ref().ordinal() - 1);
        return older != null && older.copies > 0;
    }

    boolean isCut(int from, int to) {
        return (cut[from] & 1 << to) != 0;
    }

    boolean anyCut() {
        for (int set : cut) {
            if (set != 0) {
                return true;
            }
        }
        return false;
    }

    /** Cuts a link or heals it; false if it was so before. */
    boolean setCut(int from, int to, boolean isCut) {
        if (from > nodes || to > nodes || from == to || isCut(from, to) == isCut) {
            return false;
        }
        cut[from] ^= 1 << to;
        return true;
    }

    /** Cuts all links, both ways, between some nodes and the others; returns how many were not cut before. */
    int partition(List<Integer> side) {
        int changed = 0;
        for (int from = 1; from <= nodes; from++) {
            for (int to = 1; to <= nodes; to++) {
                if (side.contains(from) != side.contains(to)) {
                    changed += setCut(from, to, true) ? 1 : 0;
                }
            }
        }
        return changed;
    }

    /** Heals all links; whether any was cut. */
    boolean healAll() {
        boolean changed = anyCut();
        Arrays.fill(cut, 0);
        return changed;
    }

    private Sent sent(int from, int to, MessageKind kind) {
        return sent[(from * (nodes + 1) + to) * KINDS + kind.code()];
    }

    /** The last messages of one kind on one link. */
    private static final class Sent {
        /** The k-th one sent is at {@code k - 1} modulo the length, a power of two. */
        private @Nullable Packet[] last = new @Nullable Packet[4];

        private int count = 0;

        /** Returns what is forgotten for it, if anything is. */
        @Nullable
        Packet add(Packet packet) {
            if (count == last.length && count < REMEMBERED) {
                last = Arrays.copyOf(last, 2 * last.length);
            }
            int slot = count++ & last.length - 1;
            Packet forgotten = last[slot];
            last[slot] = packet;
            return forgotten;
        }

        @Nullable
        Packet get(int ordinal) {
            return ordinal < 1 || ordinal > count || ordinal <= count - last.length
                    ? null
                    : last[ordinal - 1 & last.length - 1];
        }
    }
}
