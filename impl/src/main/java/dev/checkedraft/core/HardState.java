package dev.checkedraft.core;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What must survive a crash besides the log (figure 2, "persistent state").
 *
 * @param currentTerm the latest term the server has seen, 0 at first
 * @param votedFor whom it voted for in that term; null if nobody
 */
public record HardState(long currentTerm, @Nullable String votedFor) {
    /** The state of a server that has never run. */
    public static final HardState INITIAL = new HardState(0, null);

    public HardState {
        if (currentTerm < 0 || (currentTerm == 0 && votedFor != null)) {
            throw new IllegalArgumentException("no vote is given in term " + currentTerm);
        }
    }
}
