package dev.checkedraft.core;

import java.util.ArrayList;
import java.util.List;

/** Logs as the paper draws them: a row of terms. */
final class Logs {
    private Logs() {}

    /**
     * The log with entries of these terms. As in a real cluster the first entry of a term is its leader's no-op, and the
     * value of any other is a function of term and index; so logs made here obey Log Matching wherever their terms do.
     */
    static List<Entry> log(long... terms) {
        List<Entry> log = new ArrayList<>();
        long before = 0;
        for (long term : terms) {
            log.add(term == before ? new Entry(term, value(term, log.size() + 1)) : Entry.noOp(term));
            before = term;
        }
        return log;
    }

    /** The value in {@link #log} of an entry that is not the first of its term, such as {@code 3.5}. */
    static String value(long term, long index) {
        return term + "." + index;
    }

    static List<Long> terms(List<Entry> log) {
        return log.stream().map(Entry::term).toList();
    }

    static long lastTerm(List<Entry> log) {
        return log.isEmpty() ? 0 : log.get(log.size() - 1).term();
    }

    static List<Entry> concat(List<Entry> log, Entry... more) {
        List<Entry> all = new ArrayList<>(log);
        all.addAll(List.of(more));
        return all;
    }
}
