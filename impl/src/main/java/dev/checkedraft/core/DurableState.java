package dev.checkedraft.core;

import java.util.List;

/**
 * All that a server starts, or restarts, from.
 *
 * @param hardState term and vote
 * @param log all entries, the one of index 1 first
 */
public record DurableState(HardState hardState, List<Entry> log) {
    /** The state of a server that has never run. */
    public static final DurableState INITIAL = new DurableState(HardState.INITIAL, List.of());

    public DurableState {
        log = List.copyOf(log);
        long term = 1;
        for (Entry entry : log) {
            if (entry.term() < term || entry.term() > hardState.currentTerm()) {
                throw new IllegalArgumentException("an entry of term " + entry.term() + " after one of term " + term
                        + " in a log of a server in term " + hardState.currentTerm());
            }
            term = entry.term();
        }
    }
}
