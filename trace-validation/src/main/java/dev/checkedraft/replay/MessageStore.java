package dev.checkedraft.replay;

import dev.checkedraft.judge.Bytes;
import dev.checkedraft.tlc.PackedMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Every message sent so far: the last {@code capacity} of them as they are, or fewer where those take too much memory, and
 * those before in a Bloom filter. A message that was repeated counts as sent when it was sent last.
 *
 * <p>Handlers of {@code Raft.tla} only ask whether a message is in {@code messages}, and only add to it. So it is sound to
 * keep that set here, and to show TLC of it only what an event may have handled.
 */
final class MessageStore {
    private final int capacity;

    /** Open addressing with linear probing; a length that is a power of two, at most half full. */
    private @Nullable PackedMessage[] table = new @Nullable PackedMessage[64];

    /** The packets in the order of their first sending, the oldest first. */
    private final ArrayDeque<PackedMessage> order = new ArrayDeque<>();

    /** Packets by kind and addressee, oldest first; made at the first question that needs it. */
    private @Nullable Map<Integer, ArrayDeque<PackedMessage>> index;

    private @Nullable BloomFilter forgotten;

    /** How many messages were added. */
    private int added;

    /** The messages added last, the oldest first, as far back as {@link #undo} may go. */
    private final ArrayDeque<PackedMessage> undoable = new ArrayDeque<>();

    /** Whether messages that are added may be taken back. */
    private boolean mayUndo;

    /** What the packets take, and may take. */
    private long bytes;

    private long mostBytes = Long.MAX_VALUE;

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
    PackedMessage find(PackedMessage packet) {
        for (int k = packet.hashCode() & (table.length - 1); ; k = (k + 1) & (table.length - 1)) {
            PackedMessage there = table[k];
            if (there == null || there.equals(packet)) {
                return there;
            }
        }
    }

    /** Whether a message that {@link #find} does not find may have been sent long ago. */
    boolean mayHaveForgotten(PackedMessage packet) {
        BloomFilter old = forgotten;
        return old != null && (!packet.isComplete() || old.mayContain(packet.contentHash()));
    }

    /** The messages that have all that is known of one, the one sent last first; at most {@code limit} of them. */
    List<PackedMessage> matching(PackedMessage pattern, int limit) {
        return matching(pattern, limit, 0);
    }

    /** The same, without the first {@code skipped} messages that were added. */
    List<PackedMessage> matching(PackedMessage pattern, int limit, int skipped) {
        List<PackedMessage> matching = new ArrayList<>();
        Iterator<PackedMessage> newestFirst = bucket(pattern).descendingIterator();
        while (newestFirst.hasNext() && matching.size() < limit) {
            PackedMessage packet = newestFirst.next();
            if (packet.ordinal >= skipped && packet.agreesWith(pattern)) {
                matching.add(packet);
            }
        }
        return matching;
    }

    private ArrayDeque<PackedMessage> bucket(PackedMessage packet) {
        Map<Integer, ArrayDeque<PackedMessage>> buckets = index;
        if (buckets == null) {
            buckets = new HashMap<>();
            for (PackedMessage sent : order) {
                buckets.computeIfAbsent(key(sent), k -> new ArrayDeque<>()).add(sent);
            }
            index = buckets;
        }
        return buckets.computeIfAbsent(key(packet), k -> new ArrayDeque<>());
    }

    private static int key(PackedMessage packet) {
        return packet.kind.code * 64 + packet.get(PackedMessage.TO);
    }

    /** A message was sent. */
    void add(PackedMessage packet) {
        PackedMessage known = find(packet);
        if (known != null) {
            known.sentAgain = true;
            return;
        }
        bytes += Bytes.of(packet);
        while (order.size() == capacity || (bytes > mostBytes && !order.isEmpty())) {
            forgetOldest();
        }
        if (2 * (order.size() + 1) > table.length) {
            grow();
        }
        packet.ordinal = added++;
        insert(packet);
        enqueue(packet);
        if (mayUndo) {
            undoable.addLast(packet);
        }
    }

    /** How many messages were added and not taken back. */
    int added() {
        return added;
    }

    /** From now on messages that are added may be taken back. */
    void keepUndo() {
        mayUndo = true;
    }

    /** Only messages after the first {@code firm} that were added may be taken back. */
    void forgetUndo(int firm) {
        while (added - undoable.size() < firm) {
            undoable.removeFirst();
        }
    }

    /** None of the messages added so far may be taken back, nor those to come. */
    void forgetUndo() {
        undoable.clear();
        mayUndo = false;
    }

    /** Takes back all but the first {@code left} messages that were added. One forgotten since stays so. */
    void undo(int left) {
        while (added > left) {
            PackedMessage packet = undoable.removeLast();
            added--;
            if (find(packet) != null) {
                bytes -= Bytes.of(packet);
                remove(packet);
                order.removeLastOccurrence(packet);
                if (index != null) {
                    bucket(packet).removeLastOccurrence(packet);
                }
            }
        }
    }

    /** From now on the packets take at most so many bytes, as estimated; those sent last are kept. */
    void limit(long most) {
        mostBytes = most;
        while (bytes > mostBytes && order.size() > 1) {
            forgetOldest();
        }
    }

    private void enqueue(PackedMessage packet) {
        order.addLast(packet);
        if (index != null) {
            bucket(packet).addLast(packet);
        }
    }

    private void forgetOldest() {
        while (true) {
            PackedMessage oldest = order.removeFirst();
            if (index != null) {
                bucket(oldest).removeFirst();
            }
            if (!oldest.sentAgain) {
                remove(oldest);
                bytes -= Bytes.of(oldest);
                BloomFilter old = forgotten == null ? new BloomFilter(mostBytes / 8) : forgotten;
                old.add(oldest.contentHash());
                forgotten = old;
                return;
            }
            oldest.sentAgain = false;
            enqueue(oldest);
        }
    }

    // --------------------------------------------------------------------------------------------------------- table

    private void insert(PackedMessage packet) {
        int k = packet.hashCode() & (table.length - 1);
        while (table[k] != null) {
            k = (k + 1) & (table.length - 1);
        }
        table[k] = packet;
    }

    private void grow() {
        @Nullable PackedMessage[] old = table;
        table = new @Nullable PackedMessage[2 * old.length];
        for (PackedMessage packet : old) {
            if (packet != null) {
                insert(packet);
            }
        }
    }

    /** Takes a packet out, and moves up those that had to make way for it. */
    private void remove(PackedMessage packet) {
        int mask = table.length - 1;
        int hole = packet.hashCode() & mask;
        while (!packet.equals(table[hole])) {
            hole = (hole + 1) & mask;
        }
        int k = hole;
        while (true) {
            k = (k + 1) & mask;
            PackedMessage next = table[k];
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
