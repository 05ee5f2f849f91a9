package dev.checkedraft.core;

import java.util.List;

/**
 * A server's log, told by what changed: the entries below {@code from} are as before, {@code entries} are all that
 * follow.
 *
 * @param from the first index that may have changed, 1 or more
 * @param entries the log from there to its end; empty if it ends before {@code from}
 */
public record LogChange(long from, List<Entry> entries) {
    public LogChange {
        if (from < 1) {
            throw new IllegalArgumentException("a log begins at index 1, not " + from);
        }
        entries = List.copyOf(entries);
    }
}
