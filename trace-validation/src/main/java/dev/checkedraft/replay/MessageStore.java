package dev.checkedraft.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Every message sent so far: the last {@code capacity} of them as they are, those before in a Bloom filter, so that memory
 * has a bound. A message that was repeated counts as sent when it was sent last.
 *
 * <p>Handlers of {@code Raft.tla} only ask whether a message is in {@code messages}, and only add to it. So it is sound to
 * keep that set here, and to show TLC of it only what an event may have handled.
 */
final class MessageStore {
    private final int capacity;

    /** Open addressing with linear probing; a length that is a power of two, at most half full. */
    private @Nullable Packet[] table = new @Nullable Packet[64];

    /** The packets in the order of their first sending, the oldest first. */
    private final ArrayDeque<Packet> order = new ArrayDeque<>();

    /** Packets by kind and addressee, oldest first; made at the first question that needs it. */
    private @Nullable Map<Integer, ArrayDeque<Packet>> index;

    private @Nullable BloomFilter forgotten;

    MessageStore(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("room for " + capacity + " messages");
        }
        this.capacity = capacity;
    }

    int size() {
        return order.size();
    }

    /** The message equal to this one; null if none was sent that is still known. */
    @Nullable
    Packet find(Packet packet) {
        for (int k = packet.hashCode() & (table.length - 1); ; k = (k + 1) & (table.length - 1)) {
            Packet there = table[k];
            if (there == null || there.equals(packet)) {
                return there;
            }
        }
    }

    /** Whether a message that {@link #find} does not find may have been sent long ago. */
    boolean mayHaveForgotten(Packet packet) {
        BloomFilter old = forgotten;
        return old != null && (!packet.isComplete() || old.mayContain(packet.contentHash()));
    }

    /** The messages that have all that is known of one, the one sent last first; at most {@code limit} of them. */
    List<Packet> matching(Packet pattern, int limit) {
        List<Packet> matching = new ArrayList<>();
        Iterator<Packet> newestFirst = bucket(pattern).descendingIterator();
        while (newestFirst.hasNext() && matching.size() < limit) {
            Packet packet = newestFirst.next();
            if (packet.agreesWith(pattern)) {
                matching.add(packet);
            }
        }
        return matching;
    }

    private ArrayDeque<Packet> bucket(Packet packet) {
        Map<Integer, ArrayDeque<Packet>> buckets = index;
        if (buckets == null) {
            buckets = new HashMap<>();
            for (Packet sent : order) {
                buckets.computeIfAbsent(key(sent), k -> new ArrayDeque<>()).add(sent);
            }
            index = buckets;
        }
        return buckets.computeIfAbsent(key(packet), k -> new ArrayDeque<>());
    }

    private static int key(Packet packet) {
        return packet.kind.code * 16 + packet.get(Packet.TO);
    }

    /** A message was sent. */
    void add(Packet packet) {
        Packet known = find(packet);
        if (known != null) {
            known.sentAgain = true;
            return;
        }
        if (order.size() == capacity) {
            forgetOldest();
        }
        if (2 * (order.size() + 1) > table.length) {
            grow();
        }
        insert(packet);
        enqueue(packet);
    }

    private void enqueue(Packet packet) {
        order.addLast(packet);
        if (index != null) {
            bucket(packet).addLast(packet);
        }
    }

    private void forgetOldest() {
        while (true) {
            Packet oldest = order.removeFirst();
            if (index != null) {
                bucket(oldest).removeFirst();
            }
            if (!oldest.sentAgain) {
                remove(oldest);
                BloomFilter old = forgotten == null ? new BloomFilter() : forgotten;
                old.add(oldest.contentHash());
                forgotten = old;
                return;
            }
            oldest.sentAgain = false;
            enqueue(oldest);
        }
    }

    // --------------------------------------------------------------------------------------------------------- table

    private void insert(Packet packet) {
        int k = packet.hashCode() & (table.length - 1);
        while (table[k] != null) {
            k = (k + 1) & (table.length - 1);
        }
        table[k] = packet;
    }

    private void grow() {
        @Nullable Packet[] old = table;
        table = new @Nullable Packet[2 * old.length];
        for (Packet packet : old) {
            if (packet != null) {
                insert(packet);
            }
        }
    }

    /** Takes a packet out, and moves up those that had to make way for it. */
    private void remove(Packet packet) {
        int mask = table.length - 1;
        int hole = packet.hashCode() & mask;
        while (!packet.equals(table[hole])) {
            hole = (hole + 1) & mask;
        }
        int k = hole;
        while (true) {
            k = (k + 1) & mask;
            Packet next = table[k];
            if (next == null) {
                table[hole] = null;
                return;
            }
            int home = next.hashCode() & mask;
            // The hole lies on the way from its home to where it is.
            if (((k - home) & mask) >= ((k - hole) & mask)) {
                table[hole] = next;
                hole = k;
            }
        }
    }
}
