package dev.checkedraft.judge;

import dev.checkedraft.trace.TraceLocation;

/**
 * How often a Raft chose otherwise than {@code Raft.tla}, as {@code AnyRaft.tla} allows.
 *
 * @param count in how many events
 * @param first where first
 */
public record Choice(long count, TraceLocation first) {
    /** This and what came after it. */
    public Choice plus(Choice later) {
        return new Choice(count + later.count, first);
    }
}
