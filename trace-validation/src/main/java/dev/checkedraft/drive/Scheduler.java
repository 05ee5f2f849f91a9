package dev.checkedraft.drive;

import java.util.Iterator;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Decides, step by step, what happens in a run. */
@FunctionalInterface
public interface Scheduler {
    /** The next step, given how the run stands; null at its end. */
    @Nullable
    Step next(Run run);

    /** A plan that is a list of steps. */
    static Scheduler of(List<Step> steps) {
        Iterator<Step> iterator = steps.iterator();
        return run -> iterator.hasNext() ? iterator.next() : null;
    }
}
