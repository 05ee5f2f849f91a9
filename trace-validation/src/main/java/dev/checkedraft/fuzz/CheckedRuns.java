package dev.checkedraft.fuzz;

import dev.checkedraft.replay.Evidence;
import dev.checkedraft.search.Part;
import dev.checkedraft.sim.Milestones;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * Random runs of the Java core, of one part of what is to be run, each with its trace replayed against the spec as it
 * happens. Run k has the seed {@code seed + k}, and with it its own cluster and faults.
 */
public final class CheckedRuns {
    private final Part part;
    private final long seed;
    private final int runs;

    private final SortedMap<Long, CheckedRun> failed = new TreeMap<>();
    private @Nullable Milestones reached;
    private Evidence evidence = Evidence.NONE;
    private double seconds = 0;

    /** Prepares so many runs. */
    public CheckedRuns(Part part, long seed, int runs) {
        this.part = part;
        this.seed = seed;
        this.runs = runs;
    }

    /** Carries the runs out, on all processors. */
    public void run(IntConsumer progress) throws InterruptedException {
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
        CheckedRun run = CheckedRun.of(part.plan(seedOfRun), TraceSink.NONE);
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

    /** Whether nothing is wrong with any run, and they reached what they are for. */
    public boolean allHold() {
        return failed.isEmpty() && missing().isEmpty();
    }

    /** What the runs did not reach often enough to show anything; runs that end early by a failure need not. */
    public List<String> missing() {
        Milestones all = reached;
        return all == null || !failed.isEmpty() ? List.of() : part.missing(all, runs);
    }

    /** How much was run, in one line. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "%-8s %,6d with seeds from %d on: %,9d events replayed, %,d runs diverged or unsafe (%.1f s)",
                part.label(),
                runs,
                seed,
                evidence.events(),
                failed.size(),
                seconds);
    }

    /** What the runs reached; null if there was none. */
    public @Nullable Milestones reached() {
        return reached;
    }

    /** Which steps of the spec they were made of. */
    public Evidence evidence() {
        return evidence;
    }

    /** The seeds of the runs that failed, and the runs. */
    public SortedMap<Long, CheckedRun> failed() {
        return new TreeMap<>(failed);
    }
}
