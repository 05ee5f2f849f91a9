package dev.checkedraft.cli;

import dev.checkedraft.fuzz.CheckedRun;
import dev.checkedraft.fuzz.CheckedRun.Failure;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.Milestones;
import dev.checkedraft.tlc.Branch;
import dev.checkedraft.trace.TraceSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    private final SortedMap<Long, CheckedRun> failed = new TreeMap<>();
    private @Nullable Milestones reached;
    private Evidence evidence = Evidence.NONE;
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
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                workers.add(pool.submit(() -> {
                    for (int k = next.getAndIncrement(); k < runs; k = next.getAndIncrement()) {
                        run(seed + k);
                        progress.accept(k);
                    }
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(String.valueOf(e.getCause()), e);
        } finally {
            pool.shutdownNow();
        }
        seconds = (System.nanoTime() - start) / 1e9;
    }

    private void run(long seedOfRun) {
        CheckedRun run = CheckedRun.of(Plan.of(seedOfRun, steps), TraceSink.NONE);
        synchronized (this) {
            evidence = evidence.plus(run.verdict().evidence());
            if (reached == null) {
                reached = run.outcome().reached();
            } else {
                reached.addAll(run.outcome().reached());
            }
            if (run.failure() != null) {
                failed.put(seedOfRun, run);
            }
        }
    }

    boolean allHold() {
        return failed.isEmpty();
    }

    /** How much was run, in one line. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "%,d of up to %d decisions, seeds %d to %d: %,d events replayed against the spec, %,d diverged or unsafe"
                        + " (%.1f s, %,.0f events a second)",
                runs,
                steps,
                seed,
                seed + runs - 1,
                evidence.events(),
                failed.size(),
                seconds,
                evidence.events() / seconds);
    }

    /** How often the runs reached what is worth reaching, one line each. */
    String reached() {
        return reached == null ? "" : reached.table();
    }

    /** Which branches of the spec the events took: how many, and each that none took. */
    List<String> branches() {
        List<Branch> never = evidence.neverTaken();
        List<String> lines = new ArrayList<>();
        int all = evidence.branches().size();
        lines.add(String.format(Locale.ROOT, "%d of the %d branches of Raft.tla taken", all - never.size(), all));
        for (Branch branch : never) {
            lines.add("never taken: " + branch.operator() + ", " + branch.location() + ": " + branch.text());
        }
        return lines;
    }

    /** The first run that failed, made short, and the seeds of the others. */
    String failure() throws IOException {
        for (Map.Entry<Long, CheckedRun> first : failed.entrySet()) {
            Failure failure = first.getValue().failure();
            if (failure != null) {
                String foundBy = "raft verify --seed " + first.getKey() + " --runs 1 --steps " + steps;
                return "runs with these seeds failed: " + failed.keySet() + "; of the first:\n"
                        + FailingRun.report(first.getValue(), failure, Path.of(""), foundBy);
            }
        }
        return "";
    }
}
