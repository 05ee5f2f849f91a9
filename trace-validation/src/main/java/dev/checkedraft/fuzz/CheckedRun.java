package dev.checkedraft.fuzz;

import dev.checkedraft.replay.Divergence;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.Outcome;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceSink;
import dev.checkedraft.validate.TraceValidator;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A run of the Java core that is held against the safety properties at every step, and against the spec at every event.
 *
 * @param outcome how the run went, as far as the properties are concerned
 * @param verdict how it went, as far as the spec is concerned
 * @param failure what is wrong; null if nothing
 */
public record CheckedRun(
        Outcome outcome, Verdict verdict, @Nullable Failure failure) {
    /**
     * What is wrong with a run.
     *
     * @param kind what two runs have in common that are wrong in the same way: the property violated, or the action that is
     *     no step of the spec
     * @param what more of it, in a line
     */
    public record Failure(String kind, String what) {}

    /** How many of its events are a behavior of the spec. */
    public long events() {
        return verdict.evidence().events();
    }

    /** Runs a plan. */
    public static CheckedRun of(Plan plan, TraceSink also) {
        Replay replay = new Replay(plan.setup().traceHeader(Map.of()), also);
        return replay.result(plan.run(replay));
    }

    /** Runs a schedule. */
    public static CheckedRun of(Schedule schedule, TraceSink also) {
        Replay replay = new Replay(schedule.setup().traceHeader(Map.of()), also);
        return replay.result(Outcome.of(schedule, replay));
    }

    /** Whether a schedule fails as another one did: for making that one short. */
    public static boolean failsLike(Failure failure, Schedule schedule) {
        Failure other = of(schedule, TraceSink.NONE).failure();
        return other != null && other.kind().equals(failure.kind());
    }

    private static final class Replay implements TraceSink {
        private final TraceValidator validator;
        private final TraceSink also;
        private boolean feeds = true;

        Replay(TraceHeader header, TraceSink also) {
            this.validator = TraceValidator.open(header);
            this.also = also;
        }

        @Override
        public void accept(TraceEvent event) {
            also.accept(event);
            feeds = feeds && validator.feed(event);
        }

        CheckedRun result(Outcome outcome) {
            Verdict verdict = validator.verdict();
            Failure failure = null;
            SafetyViolation violation = outcome.failure();
            if (violation != null) {
                failure = new Failure(violation.property().label(), String.valueOf(violation.getMessage()));
            } else if (verdict instanceof Verdict.Diverged diverged) {
                Divergence at = diverged.divergence();
                String action = at.event().action().label();
                failure = new Failure(
                        "no step of the spec: " + action,
                        "event " + (at.where().line() - 1) + " of the trace is no step of the spec: " + action + " of "
                                + at.event().node());
            } else if (verdict instanceof Verdict.Unsafe unsafe) {
                failure = new Failure(unsafe.property(), unsafe.headline());
            } else if (verdict instanceof Verdict.Undecided undecided) {
                failure = new Failure("undecided", undecided.limit());
            }
            return new CheckedRun(outcome, verdict, failure);
        }
    }
}
