package dev.checkedraft.sim;

import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.trace.TraceSink;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How a run went.
 *
 * @param schedule what was decided, up to the failure if there was one
 * @param skipped how many decisions did not apply
 * @param reached what the run reached
 * @param failure the first step that broke a property; null if none did
 */
public record Outcome(
        Schedule schedule,
        long skipped,
        Milestones reached,
        @Nullable SafetyViolation failure) {
    /** Runs a schedule. */
    public static Outcome of(Schedule schedule) {
        return of(schedule, TraceSink.NONE);
    }

    /** Runs a schedule, traced. */
    public static Outcome of(Schedule schedule, TraceSink sink) {
        return run(schedule, new Simulation(schedule.setup(), sink));
    }

    /** Runs a schedule on a cluster that has never run. */
    static Outcome run(Schedule schedule, Simulation simulation) {
        SafetyViolation failure = null;
        try {
            for (Decision decision : schedule.decisions()) {
                simulation.step(decision);
            }
        } catch (SafetyViolation e) {
            failure = e;
        }
        return new Outcome(
                new Schedule(schedule.setup(), schedule.decisions().subList(0, Math.toIntExact(simulation.steps()))),
                simulation.skipped(),
                simulation.reached(),
                failure);
    }
}
