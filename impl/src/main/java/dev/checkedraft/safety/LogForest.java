package dev.checkedraft.safety;

import dev.checkedraft.core.Entry;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The durable logs of all nodes, in which what is equal is shared: an entry with the same entries before it is one object,
 * however many logs hold it. So two logs are equal up to an index if they hold the same object there. As long as {@link
 * #replace} reports no conflict, Log Matching holds.
 */
final class LogForest {
    /** An entry at its place, after its predecessors. */
    static final class Held {
        final long index;
        final Entry entry;
        private final @Nullable Held predecessor;
        private @Nullable Held sibling;
        private int holders = 0;

        private Held(long index, Entry entry, @Nullable Held predecessor, @Nullable Held sibling) {
            this.index = index;
            this.entry = entry;
            this.predecessor = predecessor;
            this.sibling = sibling;
        }

        /** How many logs hold it, and so all before it. */
        int holders() {
            return holders;
        }
    }

    /** By node. */
    private final List<List<Held>> logs = new ArrayList<>();

    /** By index: the different entries that logs hold there, as a chain of siblings. */
    private final List<@Nullable Held> byIndex = new ArrayList<>();

    LogForest(int nodes) {
        for (int node = 0; node <= nodes; node++) {
            logs.add(new ArrayList<>());
        }
        byIndex.add(null);
    }

    long lastIndex(int node) {
        return logs.get(node).size();
    }

    /** The entry that a log holds at an index, from 1 to its last. */
    Held get(int node, long index) {
        return logs.get(node).get((int) index - 1);
    }

    /** Whether a node's log holds that entry, and all before it. */
    boolean holds(int node, Held held) {
        return held.index <= lastIndex(node) && get(node, held.index) == held;
    }

    /**
     * A log is now {@code entries} from the index {@code from} on.
     *
     * @return null; or, if that breaks Log Matching, an entry of another log that has the index and term of a new one, and
     *     differs from it in its value or in what comes before it; then the forest is of no more use
     */
    @Nullable
    Held replace(int node, long from, List<Entry> entries) {
        List<Held> log = logs.get(node);
        int same = 0;
        while (same < entries.size()
                && from + same <= log.size()
                && get(node, from + same).entry.equals(entries.get(same))) {
            same++;
        }
        while (log.size() >= from + same) {
            release(log.remove(log.size() - 1));
        }
        for (Entry entry : entries.subList(same, entries.size())) {
            Held conflict = append(log, entry);
            if (conflict != null) {
                return conflict;
            }
        }
        return null;
    }

    private @Nullable Held append(List<Held> log, Entry entry) {
        int index = log.size() + 1;
        Held predecessor = index == 1 ? null : log.get(index - 2);
        while (byIndex.size() <= index) {
            byIndex.add(null);
        }
        Held first = byIndex.get(index);
        Held held = first;
        while (held != null && held.entry.term() != entry.term()) {
            held = held.sibling;
        }
        if (held == null) {
            held = new Held(index, entry, predecessor, first);
            byIndex.set(index, held);
        } else if (held.predecessor != predecessor || !held.entry.equals(entry)) {
            return held;
        }
        held.holders++;
        log.add(held);
        return null;
    }

    private void release(Held held) {
        if (--held.holders > 0) {
            return;
        }
        int index = (int) held.index;
        Held before = byIndex.get(index);
        if (before == held) {
            byIndex.set(index, held.sibling);
            return;
        }
        while (before != null && before.sibling != held) {
            before = before.sibling;
        }
        if (before != null) {
            before.sibling = held.sibling;
        }
    }
}
