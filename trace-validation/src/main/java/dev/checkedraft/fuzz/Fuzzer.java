package dev.checkedraft.fuzz;

import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.Simulation;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Runs the Java core under one schedule after the other, each checked. Guided, it keeps those that brought the cluster to
 * look as it never had, and makes half of the next ones out of them; else every schedule is drawn afresh. Several threads may
 * run schedules at once; in one, the same seed gives the same runs.
 */
public final class Fuzzer {
    /** So many of the schedules found last are drawn as often as all others together. */
    private static final int LATEST = 64;

    private final boolean guided;
    private final long seed;
    private final int steps;
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong drawn = new AtomicLong();
    private final AtomicLong events = new AtomicLong();

    /** Also the lock for these two. */
    private final Set<Long> looks = new HashSet<>();

    private final List<Schedule> kept = new ArrayList<>();

    /**
     * Prepares to run.
     *
     * @param seed what the schedules are drawn from
     * @param steps the most decisions of a schedule
     */
    public Fuzzer(boolean guided, long seed, int steps) {
        this.guided = guided;
        this.seed = seed;
        this.steps = steps;
    }

    /**
     * What came of a schedule.
     *
     * @param run the run
     * @param worth the schedule, up to where it came to the last look that no run had come to; null if it came to none
     */
    public record Result(CheckedRun run, @Nullable Schedule worth) {}

    /** Runs the next schedule. */
    public Result next() {
        runs.getAndIncrement();
        long number = drawn.getAndIncrement();
        SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + number);
        Schedule mutant = guided && random.nextBoolean() ? mutant(random) : null;
        if (mutant == null) {
            Plan plan = Plan.of(random.nextLong(), steps);
            return run(plan.setup().nodes(), sink -> CheckedRun.of(plan, sink));
        }
        return check(mutant);
    }

    /** Runs a schedule that was kept at another time. */
    public Result run(Schedule schedule) {
        runs.getAndIncrement();
        return check(schedule);
    }

    private Result check(Schedule schedule) {
        return run(schedule.setup().nodes(), sink -> CheckedRun.of(schedule, sink));
    }

    private @Nullable Schedule mutant(SplittableRandom random) {
        Schedule one;
        Schedule other;
        synchronized (looks) {
            if (kept.isEmpty()) {
                return null;
            }
            int from = random.nextBoolean() ? Math.max(0, kept.size() - LATEST) : 0;
            one = kept.get(random.nextInt(from, kept.size()));
            other = kept.get(random.nextInt(kept.size()));
        }
        return new Mutations(random, steps).of(one, other);
    }

    private Result run(int nodes, Function<TraceSink, CheckedRun> runner) {
        Looks seen = new Looks();
        CheckedRun run = runner.apply(new ClusterShape(Nodes.names(nodes), seen::add));
        events.addAndGet(run.events());
        int last = -1;
        synchronized (looks) {
            for (int k = 0; k < seen.size; k++) {
                if (looks.add(seen.hashes[k])) {
                    last = k;
                }
            }
        }
        if (last < 0 || !guided) {
            return new Result(run, null);
        }
        Schedule worth = upTo(run.outcome().schedule(), last / ClusterShape.LOOKS_AN_EVENT + 1);
        if (run.failure() == null) {
            synchronized (looks) {
                kept.add(worth);
            }
        }
        return new Result(run, worth);
    }

    /** The first decisions of a schedule, up to the one that brings about an event. */
    private static Schedule upTo(Schedule schedule, int event) {
        int[] left = {event};
        Simulation simulation = new Simulation(schedule.setup(), e -> left[0]--);
        int size = 0;
        try {
            for (Decision decision : schedule.decisions()) {
                size++;
                simulation.step(decision);
                if (left[0] <= 0) {
                    break;
                }
            }
        } catch (SafetyViolation e) {
            return schedule;
        }
        return new Schedule(schedule.setup(), schedule.decisions().subList(0, size));
    }

    /** How many schedules were run. */
    public long runs() {
        return runs.get();
    }

    /** How many events were replayed. */
    public long events() {
        return events.get();
    }

    /** How many looks of the cluster were come to. */
    public int looks() {
        synchronized (looks) {
            return looks.size();
        }
    }

    /** How many schedules are kept. */
    public int kept() {
        synchronized (looks) {
            return kept.size();
        }
    }

    /** A growing list of numbers. */
    private static final class Looks {
        private long[] hashes = new long[1024];
        private int size = 0;

        void add(long hash) {
            if (size == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * size);
            }
            hashes[size++] = hash;
        }
    }
}
