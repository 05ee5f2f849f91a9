package dev.checkedraft.sim;

import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Ready;
import dev.checkedraft.safety.Property;
import dev.checkedraft.safety.SafetyViolation;
import java.util.ArrayList;
import java.util.List;

/** A node's disk: what the {@link Ready}s so far told it to keep, and nothing else. */
final class DurableStore {
    private HardState hardState;
    private final List<Entry> log;

    DurableStore(DurableState begin) {
        hardState = begin.hardState();
        log = new ArrayList<>(begin.log());
    }

    void persist(Ready ready, long step) {
        HardState newState = ready.hardState();
        if (newState != null) {
            hardState = newState;
        }
        LogChange change = ready.log();
        if (change != null) {
            if (change.from() > log.size() + 1) {
                throw new SafetyViolation(
                        Property.PERSISTED,
                        step,
                        "a log of " + log.size() + " entries is to be changed from index " + change.from() + " on",
                        null);
            }
            log.subList(Math.toIntExact(change.from() - 1), log.size()).clear();
            log.addAll(change.entries());
        }
    }

    DurableState read() {
        return new DurableState(hardState, log);
    }
}
