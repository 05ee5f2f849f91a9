package dev.checkedraft.schedule;

import dev.checkedraft.core.MessageKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The links between the nodes, and the messages sent on them. It remembers the last ones of each kind on each link, delivered
 * or not; what was sent before them cannot come any more.
 *
 * @param <P> what carries a message
 */
public final class Network<P extends Packet<?>> {
    /** For a network that remembers all. */
    public static final int ALL = 1 << 30;

    private static final int KINDS = MessageKind.values().length;

    private final int nodes;

    /** By link and kind. */
    private final Sent<P>[] sent;

    /** In no order that means anything, but always the same one. */
    private final List<P> inFlight = new ArrayList<>();

    /** For every sender, the bit set of the receivers that it cannot reach. */
    private final int[] cut;

    private long messages = 0;

    /** @param remembered how many messages of each kind on each link, a power of two */
    public Network(int nodes, int remembered) {
        this.nodes = nodes;
        this.sent = Sent.links((nodes + 1) * (nodes + 1) * KINDS, remembered);
        this.cut = new int[nodes + 1];
    }

    /** Puts a message in flight. */
    public void send(P packet) {
        Sent<P> link = sent(packet.from(), packet.to(), packet.kind());
        packet.ordinal = link.count + 1;
        packet.age = messages++;
        P forgotten = link.add(packet);
        if (forgotten != null) {
            lose(forgotten);
        }
        fly(packet);
    }

    /** The message meant; null if there is none. */
    public @Nullable P find(MessageRef ref) {
        if (ref.from() > nodes || ref.to() > nodes) {
            return null;
        }
        MessageKind kind = ref.kind();
        if (kind == null || ref.ordinal() == 0) {
            return oldestInFlight(ref);
        }
        Sent<P> link = sent(ref.from(), ref.to(), kind);
        return link.get(ref.ordinal() > 0 ? ref.ordinal() : link.count + 1 + ref.ordinal());
    }

    private @Nullable P oldestInFlight(MessageRef ref) {
        P oldest = null;
        for (P packet : inFlight) {
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
    public int count(int from, int to, MessageKind kind) {
        return sent(from, to, kind).count;
    }

    public List<P> inFlight() {
        return inFlight;
    }

    /** Puts a copy of a message in flight. */
    public void fly(P packet) {
        if (packet.copies++ == 0) {
            packet.slot = inFlight.size();
            inFlight.add(packet);
        }
    }

    /** Takes a copy out of flight, if there is one. */
    public void land(P packet) {
        if (packet.copies == 0 || --packet.copies > 0) {
            return;
        }
        P last = inFlight.remove(inFlight.size() - 1);
        if (last != packet) {
            inFlight.set(packet.slot, last);
            last.slot = packet.slot;
        }
    }

    /** Takes all copies of a message out of flight. */
    public void lose(P packet) {
        while (packet.copies > 0) {
            land(packet);
        }
    }

    /** Notes that a message arrives; whether it overtakes one of its kind and link that is in flight. */
    public boolean arrives(P packet) {
        packet.delivered = true;
        land(packet);
        Sent<P> link = sent(packet.from(), packet.to(), packet.kind());
        P older = link.get(packet.ordinal - 1);
        return older != null && older.copies > 0;
    }

    public boolean isCut(int from, int to) {
        return (cut[from] & 1 << to) != 0;
    }

    public boolean anyCut() {
        for (int set : cut) {
            if (set != 0) {
                return true;
            }
        }
        return false;
    }

    /** Cuts a link or heals it; false if it was so before. */
    public boolean setCut(int from, int to, boolean isCut) {
        if (from > nodes || to > nodes || from == to || isCut(from, to) == isCut) {
            return false;
        }
        cut[from] ^= 1 << to;
        return true;
    }

    /** Cuts all links, both ways, between some nodes and the others; returns how many were not cut before. */
    public int partition(List<Integer> side) {
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
    public boolean healAll() {
        boolean changed = anyCut();
        Arrays.fill(cut, 0);
        return changed;
    }

    private Sent<P> sent(int from, int to, MessageKind kind) {
        return sent[(from * (nodes + 1) + to) * KINDS + kind.code()];
    }

    /** The last messages of one kind on one link. */
    private static final class Sent<P> {
        private final int remembered;

        /** The k-th one sent is at {@code k - 1} modulo the length, a power of two. */
        private @Nullable Object[] last = new @Nullable Object[4];

        private int count = 0;

        private Sent(int remembered) {
            this.remembered = remembered;
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made in another way
        static <P> Sent<P>[] links(int count, int remembered) {
            Sent<P>[] links = new Sent[count];
            for (int k = 0; k < count; k++) {
                links[k] = new Sent<>(remembered);
            }
            return links;
        }

        /** Returns what is forgotten for it, if anything is. */
        @Nullable
        P add(P packet) {
            if (count == last.length && count < remembered) {
                last = Arrays.copyOf(last, 2 * last.length);
            }
            int slot = count++ & last.length - 1;
            P forgotten = at(slot);
            last[slot] = packet;
            return forgotten;
        }

        @Nullable
        P get(int ordinal) {
            return ordinal < 1 || ordinal > count || ordinal <= count - last.length
                    ? null
                    : at(ordinal - 1 & last.length - 1);
        }

        @SuppressWarnings("unchecked") // nothing else is put there
        private @Nullable P at(int slot) {
            return (P) last[slot];
        }
    }
}
