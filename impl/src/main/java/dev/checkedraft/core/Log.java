package dev.checkedraft.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** A server's log: entries at the indexes 1 to {@link #lastIndex()}, their terms never decreasing. */
final class Log {
    private final ArrayList<Entry> entries;

    Log(List<Entry> entries) {
        this.entries = new ArrayList<>(entries);
    }

    /** The index of the last entry, 0 if there is none. */
    long lastIndex() {
        return entries.size();
    }

    /** The term of the last entry, 0 if there is none. */
    long lastTerm() {
        return termAt(lastIndex());
    }

    /** The term of the entry at an index up to the last; 0 at index 0. */
    long termAt(long index) {
        return index == 0 ? 0 : get(index).term();
    }

    /** Whether the log has an entry of that term at that index; the empty beginning, 0 and 0, counts as one. */
    boolean hasTerm(long index, long term) {
        return index <= lastIndex() && termAt(index) == term;
    }

    Entry get(long index) {
        return entries.get(Math.toIntExact(index - 1));
    }

    /** The entries from one index to another, both included; none if {@code first > last}. */
    List<Entry> slice(long first, long last) {
        int from = Math.toIntExact(first - 1);
        int to = Math.toIntExact(Math.max(first - 1, last));
        Objects.checkFromToIndex(from, to, entries.size());
        return from == to ? List.of() : List.copyOf(entries.subList(from, to));
    }

    void append(Entry entry) {
        entries.add(entry);
    }

    /** Removes all entries from {@code first} on, then appends. */
    void replaceFrom(long first, List<Entry> replacement) {
        entries.subList(Math.toIntExact(first - 1), entries.size()).clear();
        entries.addAll(replacement);
    }

    /** A view of all entries, the one of index 1 first. */
    List<Entry> view() {
        return Collections.unmodifiableList(entries);
    }
}
