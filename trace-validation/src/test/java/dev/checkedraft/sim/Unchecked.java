package dev.checkedraft.sim;

import dev.checkedraft.safety.StepChecker;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.trace.TraceSink;

/** Runs that no safety property is checked in: what is then found, a trace alone has shown. */
public final class Unchecked {
    private Unchecked() {}

    /** Runs a plan until its end, or until the core fails. */
    public static Outcome run(Plan plan, TraceSink sink) {
        return plan.run(new Simulation(plan.setup(), sink, StepChecker.NONE));
    }

    /** Runs a schedule until its end, or until the core fails. */
    public static Outcome run(Schedule schedule, TraceSink sink) {
        return run(schedule, new Simulation(schedule.setup(), sink, StepChecker.NONE));
    }

    /** Runs a schedule on a cluster that has never run. */
    public static Outcome run(Schedule schedule, Simulation cluster) {
        return Outcome.run(schedule, cluster);
    }
}
