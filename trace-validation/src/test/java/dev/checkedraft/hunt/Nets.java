package dev.checkedraft.hunt;

import dev.checkedraft.conform.PortNets;
import dev.checkedraft.explore.Bounds;
import dev.checkedraft.explore.Exploration;
import dev.checkedraft.explore.Explorer;
import dev.checkedraft.explore.SpecStepCheck;
import dev.checkedraft.fuzz.CheckedRun;
import dev.checkedraft.fuzz.Fuzzer;
import dev.checkedraft.port.ProtocolException;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.safety.SafetyChecker;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.safety.StepChecker;
import dev.checkedraft.safety.TimerChecker;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.search.Minimizer;
import dev.checkedraft.search.Part;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.Outcome;
import dev.checkedraft.sim.Simulation;
import dev.checkedraft.sim.Unchecked;
import dev.checkedraft.trace.TraceSink;
import dev.checkedraft.trace.TraceWriter;
import dev.checkedraft.validate.TraceValidator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The nets, as they are loaded together with a planted core: so all methods take and give only what does not come from
 * this project. Each returns whether the bug was found, runs, seconds, the length of the minimised schedule, and what
 * was found.
 */
public final class Nets {
    /**
     * Ticks of every node until a cluster without faults has settled. Elections take 20 at most, and few must be held
     * again.
     */
    static final int TICKS = 200;

    private static final int STEPS = 300;

    /** Smaller bounds first; the last ones are not exhausted. */
    private static final List<Bounds> BOUNDS = List.of(
            new Bounds(2, 2, 2, 1),
            new Bounds(4, 1, 1, 0),
            new Bounds(2, 2, 3, 1),
            new Bounds(2, 3, 2, 1),
            new Bounds(3, 3, 2, 0));

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

    /** The runs of verify's parts, so many of each at most, with the safety properties checked. */
    public static List<Object> properties(int most, int tries) {
        long start = System.nanoTime();
        long runs = 0;
        for (Part part : Part.values()) {
            for (int k = 1; k <= Math.min(most, part.runs()); k++) {
                runs++;
                Outcome outcome = safely(part.plan(k));
                SafetyViolation failure = outcome.failure();
                if (failure != null && !failure.property().isAboutTime()) {
                    long found = System.nanoTime();
                    int length = shortest(outcome.schedule(), tries, schedule -> {
                        SafetyViolation other = safely(schedule).failure();
                        return other != null && other.property() == failure.property();
                    });
                    String how = part.label() + ": " + failure.property().label();
                    return result(true, runs, start + System.nanoTime() - found, length, how);
                }
            }
        }
        return result(false, runs, start, 0, "");
    }

    private static Simulation safe(Setup setup) {
        return new Simulation(setup, TraceSink.NONE, new SafetyChecker(setup.nodes(), setup.durableState()));
    }

    private static Outcome safely(Plan plan) {
        return plan.run(safe(plan.setup()));
    }

    private static Outcome safely(Schedule schedule) {
        return Unchecked.run(schedule, safe(schedule.setup()));
    }

    /** The runs of verify's parts, so many of each at most, replayed against the spec. */
    public static List<Object> replay(int most, int tries) {
        long start = System.nanoTime();
        long runs = 0;
        for (Part part : Part.values()) {
            for (int k = 1; k <= Math.min(most, part.runs()); k++) {
                runs++;
                Plan plan = part.plan(k);
                TraceValidator validator = TraceValidator.open(plan.setup().traceHeader(Map.of()));
                Outcome outcome = Unchecked.run(plan, validator::feed);
                if (validator.verdict() instanceof Verdict.Diverged diverged) {
                    long found = System.nanoTime();
                    int length = shortest(outcome.schedule(), tries, Nets::diverges);
                    String how = part.label() + ": "
                            + diverged.divergence().event().action().label();
                    return result(true, runs, start + System.nanoTime() - found, length, how);
                }
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

    /**
     * Timers, and progress: runs by ticks alone, nodes left alone, and random runs after which all faults end. No
     * safety property is checked, and no step held against the spec.
     */
    public static List<Object> ticks(int runs) {
        long start = System.nanoTime();
        for (int k = 1; k <= runs; k++) {
            String found = k == 1 ? untimely(Part.ALONE.plan(k)) : "";
            found = found.isEmpty() ? untimely(Part.TICKS.plan(k)) : found;
            found = found.isEmpty() ? untimely(Plan.of(k, STEPS).recovering(TICKS)) : found;
            if (!found.isEmpty()) {
                return result(true, k, start, 0, found);
            }
        }
        return result(false, runs, start, 0, "");
    }

    /**
     * What timers, or a lack of progress, have to do with the failure of a run; empty if there is none, or another
     * one.
     */
    private static String untimely(Plan plan) {
        SafetyViolation failure = plan.run(
                        new Simulation(plan.setup(), TraceSink.NONE, StepChecker.NONE, new TimerChecker(plan.setup())))
                .failure();
        return failure != null && failure.property().isAboutTime()
                ? failure.property().label()
                : "";
    }

    /**
     * All that {@code raft verify} does with its runs, the parts in turn; so many runs of each, or as many as it
     * makes.
     */
    public static List<Object> verify(int most) {
        long start = System.nanoTime();
        long runs = 0;
        for (Part part : Part.values()) {
            for (int k = 1; k <= Math.min(most, part.runs()); k++) {
                runs++;
                CheckedRun run = CheckedRun.of(part.plan(k), TraceSink.NONE);
                if (run.failure() != null) {
                    return result(
                            true,
                            runs,
                            start,
                            0,
                            part.label() + ": " + run.failure().kind());
                }
            }
        }
        return result(false, runs, start, 0, "");
    }

    /** What {@code raft conform} does with a port: with the core as one, in process. */
    public static List<Object> conform(int runs) throws InterruptedException {
        long start = System.nanoTime();
        int first = PortNets.firstFailingRun(runs);
        return result(first > 0, first > 0 ? first : runs, start, 0, "");
    }

    /** The vectors for ports, with the core as one. */
    public static List<Object> vectors() throws IOException, ProtocolException, InterruptedException {
        long start = System.nanoTime();
        int failing = PortNets.failingVectors();
        return result(failing > 0, failing, start, 0, "");
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
