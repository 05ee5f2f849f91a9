package dev.checkedraft.cli;

import dev.checkedraft.replay.TraceValidator;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.sim.Milestones;
import dev.checkedraft.sim.Outcome;
import dev.checkedraft.sim.RandomSchedules.Plan;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Random runs of the Java core under faults, each with its trace replayed against the spec as it happens. Run k has the seed
 * {@code seed + k}, and with it its own cluster and faults.
 */
final class CheckedRuns {
    private final long seed;
    private final int runs;
    private final int steps;

    private final SortedMap<Integer, String> failures = new TreeMap<>();
    private @Nullable Milestones reached;
    private long events = 0;
    private double seconds = 0;

    CheckedRuns(long seed, int runs, int steps) {
        this.seed = seed;
        this.runs = runs;
        this.steps = steps;
    }

    /** Carries the runs out, on all processors. */
    void run(IntConsumer progress) throws InterruptedException {
        long start = System.nanoTime();
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        AtomicInteger next = new AtomicInteger();
        for (int thread = 0; thread < threads; thread++) {
            pool.execute(() -> {
                for (int k = next.getAndIncrement(); k < runs; k = next.getAndIncrement()) {
                    run(k);
                    progress.accept(k);
                }
            });
        }
        pool.shutdown();
        if (!pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)) {
            throw new AssertionError("no wait is longer");
        }
        seconds = (System.nanoTime() - start) / 1e9;
    }

    private void run(int k) {
        Plan plan = Plan.of(seed + k, steps);
        TraceValidator validator = TraceValidator.open(plan.setup().traceHeader(Map.of()));
        Outcome outcome = plan.run(validator::feed);
        Verdict verdict = validator.verdict();
        String failure = null;
        if (outcome.failure() != null) {
            failure = outcome.failure().getMessage();
        } else if (verdict instanceof Verdict.Diverged diverged) {
            failure = diverged.divergence().toString();
        } else if (verdict instanceof Verdict.Undecided undecided) {
            failure = undecided.limit();
        }
        synchronized (this) {
            events += verdict.evidence().events();
            if (reached == null) {
                reached = outcome.reached();
            } else {
                reached.addAll(outcome.reached());
            }
            if (failure != null) {
                failures.put(k, "run with --seed " + (seed + k) + " --runs 1: " + failure);
            }
        }
    }

    /** How much was run, in one line. */
    synchronized String summary() {
        return String.format(
                Locale.ROOT,
                "%,d of up to %d decisions, seeds %d to %d: %,d events replayed against the spec, %,d diverged or unsafe"
                        + " (%.1f s, %,.0f events a second)",
                runs,
                steps,
                seed,
                seed + runs - 1,
                events,
                failures.size(),
                seconds,
                events / seconds);
    }

    /** How often the runs reached what is worth reaching, one line each. */
    synchronized String reached() {
        return reached == null ? "" : reached.table();
    }

    /** What failed, by seed. */
    synchronized List<String> failures() {
        return List.copyOf(failures.values());
    }
}
