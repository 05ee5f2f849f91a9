package dev.checkedraft.proof;

import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.FuncDecl;
import com.microsoft.z3.Params;
import com.microsoft.z3.Solver;
import com.microsoft.z3.Sort;
import com.microsoft.z3.Statistics;
import com.microsoft.z3.Status;
import com.microsoft.z3.Symbol;
import com.microsoft.z3.Z3Exception;
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
    /** More than ten times what the hardest obligation takes. */
    public static final int LIMIT = 10_000_000;

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
        Object lock = new Object();
        try {
            List<Future<Verdict>> futures = new ArrayList<>();
            for (Obligation obligation : obligations) {
                futures.add(pool.submit(() -> {
                    Verdict verdict = prove(obligation);
                    synchronized (lock) {
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
            BoolExpr[] assertions = context.parseSMTLIB2String(
                    commands(obligation.text()), new Symbol[0], new Sort[0], new Symbol[0], new FuncDecl<?>[0]);
            solver.add(assertions);
            Status status = solver.check();
            double seconds = (System.nanoTime() - start) / 1e9;
            long effort = effort(solver);
            if (status == Status.UNSATISFIABLE) {
                return new Verdict(obligation, Verdict.Result.PROVED, seconds, effort, "", List.of());
            }
            Verdict.Result result = effort >= limit ? Verdict.Result.LIMIT : Verdict.Result.OPEN;
            return new Verdict(
                    obligation, result, seconds, effort, solver.getReasonUnknown(), candidate(solver, assertions));
        }
    }

    private static long effort(Solver solver) {
        for (Statistics.Entry entry : solver.getStatistics().getEntries()) {
            if (entry.Key.equals("rlimit count")) {
                return Integer.toUnsignedLong(entry.getUIntValue());
            }
        }
        return 0;
    }

    private static List<String> candidate(Solver solver, BoolExpr... assertions) {
        try {
            return Candidate.lines(solver.getModel(), assertions);
        } catch (Z3Exception e) {
            // Stopped at its limit, it may have none.
            return List.of();
        }
    }

    /** Without what Z3's parser for one solver does not take. */
    private static String commands(String text) {
        return text.replace("(set-logic ALL)\n", "").replace("(check-sat)\n", "");
    }
}
