package dev.checkedraft.hunt;

import dev.checkedraft.explore.Bounds;
import dev.checkedraft.explore.Exploration;
import dev.checkedraft.explore.Explorer;
import dev.checkedraft.explore.SpecStepCheck;
import dev.checkedraft.fuzz.CheckedRun;
import dev.checkedraft.fuzz.Fuzzer;
import dev.checkedraft.replay.TraceValidator;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.search.Minimizer;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.search.Recovery;
import dev.checkedraft.sim.Outcome;
import dev.checkedraft.sim.Simulation;
import dev.checkedraft.sim.Unchecked;
import dev.checkedraft.trace.TraceSink;
import dev.checkedraft.trace.TraceWriter;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The nets, as they are loaded together with a planted core: so all methods take and give only what does not come from this
 * project. Each returns whether the bug was found, runs, seconds, the length of the minimised schedule, and what was found.
 */
public final class Nets {
    /** Ticks of every node until a cluster without faults has settled. Elections take 20 at most, and few must be held again. */
    static final int TICKS = 200;

    private static final int STEPS = 300;

    /** Smaller bounds first. */
    private static final List<Bounds> BOUNDS =
            List.of(new Bounds(2, 2, 2, 1), new Bounds(3, 2, 2, 0), new Bounds(3, 3, 2, 1), new Bounds(4, 1, 1, 0));

    private Nets() {}

    /** The trace of a run of the planted core in which nothing is checked. */
    public static byte[] trace(int seed) {
        Plan plan = Plan.of(seed, STEPS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TraceWriter writer = new TraceWriter(out, plan.setup().traceHeader(Map.of()))) {
            Unchecked.run(plan, writer);
        }
        return out.toByteArray();
    }

    private static List<Object> result(boolean found, long runs, long start, int decisions, String how) {
        return List.of(found, runs, (System.nanoTime() - start) / 1e9, decisions, how);
    }

    /** Random runs with the safety properties checked. */
    public static List<Object> properties(int runs, int tries) {
        long start = System.nanoTime();
        for (int k = 1; k <= runs; k++) {
            Outcome outcome = Plan.of(k, STEPS).run(TraceSink.NONE);
            if (outcome.failure() != null) {
                long found = System.nanoTime();
                String property = outcome.failure().property().label();
                int length = shortest(outcome.schedule(), tries, schedule -> {
                    Outcome other = Outcome.of(schedule);
                    return other.failure() != null
                            && other.failure().property().label().equals(property);
                });
                return result(true, k, start + System.nanoTime() - found, length, property);
            }
        }
        return result(false, runs, start, 0, "");
    }

    /** Random runs replayed against the spec. */
    public static List<Object> replay(int runs, int tries) {
        long start = System.nanoTime();
        for (int k = 1; k <= runs; k++) {
            Plan plan = Plan.of(k, STEPS);
            TraceValidator validator = TraceValidator.open(plan.setup().traceHeader(Map.of()));
            Outcome outcome = Unchecked.run(plan, validator::feed);
            if (validator.verdict() instanceof Verdict.Diverged diverged) {
                long found = System.nanoTime();
                int length = shortest(outcome.schedule(), tries, Nets::diverges);
                String action = diverged.divergence().event().action().label();
                return result(true, k, start + System.nanoTime() - found, length, action);
            }
        }
        return result(false, runs, start, 0, "");
    }

    private static boolean diverges(Schedule schedule) {
        TraceValidator validator = TraceValidator.open(schedule.setup().traceHeader(Map.of()));
        Unchecked.run(schedule, validator::feed);
        return validator.verdict() instanceof Verdict.Diverged;
    }

    private static int shortest(Schedule failing, int tries, Predicate<Schedule> fails) {
        return tries == 0 ? 0 : Minimizer.minimize(failing, fails, tries).size();
    }

    /** Exhaustive exploration, bounds by bounds, of so many states at most. */
    public static List<Object> explore(int states) {
        long start = System.nanoTime();
        long seen = 0;
        for (Bounds bounds : BOUNDS) {
            Exploration found = new Explorer(bounds, new SpecStepCheck(bounds.servers())).run(states, (s, t) -> {});
            seen += found.states();
            String violation = found.violation();
            if (violation != null) {
                return result(true, seen, start, found.schedule().size(), violation);
            }
        }
        return result(false, seen, start, 0, "");
    }

    /** Random runs after which all faults end. */
    public static List<Object> calm(int runs) {
        long start = System.nanoTime();
        for (int k = 1; k <= runs; k++) {
            Schedule schedule = Unchecked.run(Plan.of(k, STEPS), TraceSink.NONE).schedule();
            if (!settles(schedule)) {
                return result(true, k, start, 0, "no leader, or not all is committed everywhere");
            }
        }
        return result(false, runs, start, 0, "");
    }

    /** Whether after a schedule, once all faults end, Raft makes progress in time (the paper's section 5.6). */
    static boolean settles(Schedule schedule) {
        Simulation cluster = new Simulation(schedule.setup());
        try {
            schedule.decisions().forEach(cluster::step);
            return Recovery.after(cluster, TICKS).settled();
        } catch (SafetyViolation e) {
            return true; // not what this net is for
        }
    }

    /** All that {@code raft verify} does to runs: properties and replay. */
    public static List<Object> verify(int runs) {
        long start = System.nanoTime();
        for (int k = 1; k <= runs; k++) {
            CheckedRun run = CheckedRun.of(Plan.of(k, STEPS), TraceSink.NONE);
            if (run.failure() != null) {
                return result(true, k, start, 0, run.failure().kind());
            }
        }
        return result(false, runs, start, 0, "");
    }

    /** All that {@code raft fuzz} does. */
    public static List<Object> fuzz(boolean guided, long seed, int runs) {
        long start = System.nanoTime();
        Fuzzer fuzzer = new Fuzzer(guided, seed, STEPS);
        for (int k = 1; k <= runs; k++) {
            CheckedRun run = fuzzer.next().run();
            if (run.failure() != null) {
                return result(true, k, start, 0, run.failure().kind());
            }
        }
        return result(false, runs, start, 0, "");
    }
}
