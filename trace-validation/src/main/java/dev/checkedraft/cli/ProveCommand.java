package dev.checkedraft.cli;

import dev.checkedraft.proof.Obligation;
import dev.checkedraft.proof.Proof;
import dev.checkedraft.proof.ProofTable;
import dev.checkedraft.proof.Prover;
import dev.checkedraft.proof.Verdict;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.ProgressLine;
import dev.checkedraft.spec.manifest.SpecFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raft prove}: what the spec says, without bounds. */
@Command(
        name = "prove",
        description =
                "Prove, for any number of servers, terms and entries, that the spec has its properties: an inductive"
                        + " invariant, its obligations discharged by a solver (Z3).",
        mixinStandardHelpOptions = true)
final class ProveCommand implements Callable<Integer> {
    /** The proof in spec/proof. */
    static final String PROOF = "RaftInduction";

    @Option(names = "--conjunct", paramLabel = "C", description = "only what shows this claim")
    private @Nullable String conjunct;

    @Option(names = "--action", paramLabel = "A", description = "only steps of this action; Init for the first state")
    private @Nullable String action;

    @Option(names = "--list", description = "list the obligations, and prove none")
    private boolean list;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "write each obligation as a file in SMT-LIB 2, which any solver must find unsat, and prove none")
    private @Nullable Path out;

    @Option(
            names = "--spec",
            paramLabel = "DIR",
            description = "the spec to prove, an edited copy of this project's folder spec; default: the one packaged")
    private @Nullable Path folder;

    @Option(
            names = "--servers",
            paramLabel = "N",
            description =
                    "for N servers only, with no axiom on cardinalities: majorities are counted one by one; default: for"
                            + " any number")
    private int servers = 0;

    @Option(names = "--seed", paramLabel = "S", description = "the solver's; default: ${DEFAULT-VALUE}")
    private int seed = 0;

    @Option(names = "--threads", paramLabel = "N", description = "obligations at once; default: all processors")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--limit",
            paramLabel = "L",
            description = "the most effort for one obligation, in the solver's own measure; default: ${DEFAULT-VALUE}")
    private int limit = Prover.LIMIT;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (threads < 1 || limit < 1 || servers < 0) {
            throw new IllegalArgumentException("--threads, --limit and --servers are 1 or more");
        }
        Path spec = folder == null ? SpecFiles.extract().root() : folder;
        List<Obligation> obligations = chosen(Proof.read(spec, PROOF, servers).obligations());
        if (list) {
            obligations.forEach(obligation -> System.out.println(obligation.id() + "  " + obligation));
            return ExitCode.OK;
        }
        if (out != null) {
            return write(out, obligations);
        }
        return prove(obligations);
    }

    private List<Obligation> chosen(List<Obligation> all) {
        List<Obligation> chosen = all.stream()
                .filter(one -> conjunct == null || one.claim().equals(conjunct))
                .filter(one -> action == null || one.action().equals(action))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no obligation is of "
                    + (conjunct == null ? "" : "the claim " + conjunct + (action == null ? "" : " and "))
                    + (action == null ? "" : "the action " + action) + " (--list lists all)");
        }
        return chosen;
    }

    private static int write(Path directory, List<Obligation> obligations) throws IOException {
        Files.createDirectories(directory);
        for (Obligation obligation : obligations) {
            Files.writeString(directory.resolve(obligation.id() + ".smt2"), obligation.text());
        }
        System.out.printf(Locale.ROOT, "%,d obligations in %s%n", obligations.size(), directory);
        return ExitCode.OK;
    }

    private int prove(List<Obligation> obligations) throws InterruptedException {
        ProgressLine line = new ProgressLine();
        AtomicInteger done = new AtomicInteger();
        long start = System.nanoTime();
        List<Verdict> verdicts = new Prover(threads, limit, seed)
                .prove(
                        obligations,
                        verdict -> line.show("%,d of %,d obligations", done.incrementAndGet(), obligations.size()));
        line.clear();
        ProofTable.lines(verdicts).forEach(System.out::println);
        List<Verdict> left =
                verdicts.stream().filter(verdict -> !verdict.isProved()).toList();
        left.forEach(ProveCommand::explain);
        System.out.printf(Locale.ROOT, "%n%s, %.1f s%n", summary(verdicts), (System.nanoTime() - start) / 1e9);
        return left.isEmpty()
                ? ExitCode.OK
                : left.stream().allMatch(verdict -> verdict.result() == Verdict.Result.LIMIT)
                        ? ExitCode.UNDECIDED
                        : ExitCode.FAILED;
    }

    static String summary(List<Verdict> verdicts) {
        long proved = verdicts.stream().filter(Verdict::isProved).count();
        long hardest = verdicts.stream().mapToLong(Verdict::effort).max().orElse(0);
        return String.format(
                Locale.ROOT,
                "%,d of %,d obligations proved, the hardest at %.0f%% of its limit",
                proved,
                verdicts.size(),
                100.0 * hardest / Prover.LIMIT);
    }

    private static void explain(Verdict verdict) {
        Obligation obligation = verdict.obligation();
        System.out.printf(Locale.ROOT, "%nnot proved: %s (%s: %s)%n", obligation, obligation.id(), verdict.reason());
        System.out.println(
                "  known before: " + (obligation.uses().isEmpty() ? "-" : String.join(" ", obligation.uses())));
        System.out.println("  to be shown:  " + obligation.goal());
        if (!verdict.candidate().isEmpty()) {
            System.out.println("  a step that may break it:");
            verdict.candidate().forEach(value -> System.out.println("    " + value));
        }
    }
}
