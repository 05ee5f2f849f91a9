package dev.checkedraft.emit;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A server's log as it is in memory and on its disk, and what of it the trace does not tell yet. */
final class ToldLog {
    private static final int NOWHERE = Integer.MAX_VALUE;

    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> disk = new ArrayList<>();

    /** The first index that changed since the log was told. */
    private int untoldFrom = NOWHERE;

    /** The first index that changed since the disk got the log. */
    private int dirtyFrom = NOWHERE;

    int length() {
        return entries.size();
    }

    Entry at(int index) {
        return entries.get(index - 1);
    }

    /** The last index up to which memory and disk are the same. */
    long stored() {
        return Math.min(dirtyFrom - 1, entries.size());
    }

    void append(List<Entry> more) {
        if (!more.isEmpty()) {
            changed(entries.size() + 1);
            entries.addAll(more);
        }
    }

    /** Removes the entry at this index and all that follow. */
    void truncate(long from) {
        if (from < 1) {
            throw new IllegalArgumentException("a log begins at index 1, not " + from);
        }
        if (from <= entries.size()) {
            changed((int) from);
            entries.subList((int) from - 1, entries.size()).clear();
        }
    }

    /** Makes it this log, entry by entry. */
    void become(List<Entry> whole) {
        int same = 0;
        while (same < Math.min(entries.size(), whole.size())
                && entries.get(same).equals(whole.get(same))) {
            same++;
        }
        truncate(same + 1L);
        append(whole.subList(same, whole.size()));
    }

    void flush() {
        copy(entries, disk);
        dirtyFrom = NOWHERE;
    }

    /** What is not on the disk is gone, and what was removed in memory only is back. */
    void crash() {
        if (dirtyFrom != NOWHERE) {
            untoldFrom = Math.min(untoldFrom, dirtyFrom);
            copy(disk, entries);
            dirtyFrom = NOWHERE;
        }
    }

    private void copy(List<Entry> from, List<Entry> to) {
        int same = Math.min(dirtyFrom - 1, Math.min(from.size(), to.size()));
        to.subList(same, to.size()).clear();
        to.addAll(from.subList(same, from.size()));
    }

    private void changed(int from) {
        untoldFrom = Math.min(untoldFrom, from);
        dirtyFrom = Math.min(dirtyFrom, from);
    }

    boolean isTold() {
        return untoldFrom == NOWHERE;
    }

    /** Whether the disk has a change that was not told. */
    boolean diskHasUntold() {
        return untoldFrom < dirtyFrom;
    }

    /** How long the part is that has been told as it is now. */
    int told() {
        return Math.min(untoldFrom - 1, entries.size());
    }

    /** What has changed since the log was told, up to an index; null if nothing. It counts as told. */
    @Nullable
    LogChange tell(int end) {
        if (untoldFrom == NOWHERE) {
            return null;
        }
        LogChange change = new LogChange(untoldFrom, entries.subList(untoldFrom - 1, end));
        untoldFrom = end == entries.size() ? NOWHERE : end + 1;
        return change;
    }
}
