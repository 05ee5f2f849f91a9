package dev.checkedraft.proof;

import com.microsoft.z3.Context;
import com.microsoft.z3.Params;
import com.microsoft.z3.Solver;
import com.microsoft.z3.Statistics;
import com.microsoft.z3.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Has Z3, in this JVM, discharge obligations.
 *
 * @param threads how many at once
 * @param limit how much effort one obligation may take, in Z3's own measure; it does not depend on the machine
 * @param seed of Z3's choices
 */
public record Prover(int threads, int limit, int seed) {
    /** Ten times what the hardest obligation takes. */
    public static final int LIMIT = 20_000_000;

    /** A prover on all processors. */
    public static Prover onAllProcessors() {
        return new Prover(Runtime.getRuntime().availableProcessors(), LIMIT, 0);
    }

    /**
     * Discharges obligations.
     *
     * @param seen told of each verdict as it comes, by one thread at a time
     * @return the verdicts, in the order of the obligations
     */
    public List<Verdict> prove(List<Obligation> obligations, Consumer<Verdict> seen) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Verdict>> futures = new ArrayList<>();
            for (Obligation obligation : obligations) {
                futures.add(pool.submit(() -> {
                    Verdict verdict = prove(obligation);
                    synchronized (seen) {
                        seen.accept(verdict);
                    }
                    return verdict;
                }));
            }
            List<Verdict> verdicts = new ArrayList<>();
            for (Future<Verdict> future : futures) {
                verdicts.add(future.get());
            }
            return verdicts;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    /** Discharges one obligation. */
    public Verdict prove(Obligation obligation) {
        long start = System.nanoTime();
        try (Context context = new Context()) {
            Solver solver = context.mkSimpleSolver();
            Params params = context.mkParams();
            // Instances are made by triggers alone: what no trigger calls for is left open, and soon.
            params.add("mbqi", false);
            params.add("rlimit", limit);
            params.add("random_seed", seed);
            solver.setParameters(params);
            solver.add(context.parseSMTLIB2String(commands(obligation.text()), null, null, null, null));
            Status status = solver.check();
            long effort = 0;
            for (Statistics.Entry entry : solver.getStatistics().getEntries()) {
                if (entry.Key.equals("rlimit count")) {
                    effort = entry.getUIntValue();
                }
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            if (status == Status.UNSATISFIABLE) {
                return new Verdict(obligation, Verdict.Result.PROVED, seconds, effort, "");
            }
            String reason = solver.getReasonUnknown();
            boolean limited = effort >= limit;
            return new Verdict(
                    obligation, limited ? Verdict.Result.LIMIT : Verdict.Result.OPEN, seconds, effort, reason);
        }
    }

    /** Without what Z3's parser for one solver does not take. */
    private static String commands(String text) {
        return text.replace("(set-logic ALL)\n", "").replace("(check-sat)\n", "");
    }
}
