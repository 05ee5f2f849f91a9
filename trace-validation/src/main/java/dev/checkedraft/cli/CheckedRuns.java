package dev.checkedraft.cli;

import dev.checkedraft.fuzz.CheckedRun;
import dev.checkedraft.fuzz.CheckedRun.Failure;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.search.Part;
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
 * Random runs of the Java core, of one part of what is to be run, each with its trace replayed against the spec as it
 * happens. Run k has the seed {@code seed + k}, and with it its own cluster and faults.
 */
final class CheckedRuns {
    private final Part part;
    private final long seed;
    private final int runs;

    private final SortedMap<Long, CheckedRun> failed = new TreeMap<>();
    private @Nullable Milestones reached;
    private Evidence evidence = Evidence.NONE;
    private double seconds = 0;

    CheckedRuns(Part part, long seed, int runs) {
        this.part = part;
        this.seed = seed;
        this.runs = runs;
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
    boolean allHold() {
        return failed.isEmpty() && missing().isEmpty();
    }

    /** What the runs did not reach often enough to show anything; runs that end early by a failure need not. */
    List<String> missing() {
        Milestones all = reached;
        return all == null || !failed.isEmpty() ? List.of() : part.missing(all, runs);
    }

    /** How much was run, in one line. */
    String summary() {
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
    @Nullable
    Milestones reached() {
        return reached;
    }

    /** Which steps of the spec they were made of. */
    Evidence evidence() {
        return evidence;
    }

    /** Which branches of the spec events took: how many, and each that none took. */
    static List<String> branches(Evidence evidence) {
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
                String foundBy = "raft verify --part " + part.label() + " --seed " + first.getKey() + " --runs 1";
                return "runs of " + part.label() + " with these seeds failed: " + failed.keySet() + "; of the first:\n"
                        + FailingRun.report(first.getValue(), failure, Path.of(""), foundBy);
            }
        }
        return "";
    }
}
