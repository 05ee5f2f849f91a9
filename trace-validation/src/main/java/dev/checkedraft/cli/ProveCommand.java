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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    /** The specs that are proved, in this order; the proof of each is in spec/proof, with "Induction" after its name. */
    static final List<String> SPECS = List.of("Raft", "AnyRaft");

    @Option(
            names = "--module",
            paramLabel = "M",
            description = "only the proof of this spec: Raft or AnyRaft; default: both")
    private @Nullable String module;

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
                    "write each obligation as a file in SMT-LIB 2, under the name of its spec, which any solver must find"
                            + " unsat, and prove none")
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
        if (module != null && !SPECS.contains(module)) {
            throw new IllegalArgumentException("--module is one of " + SPECS + ", not " + module);
        }
        Path spec = folder == null ? SpecFiles.extract().root() : folder;
        Map<String, List<Obligation>> chosen = chosen(spec);
        if (list) {
            chosen.forEach((name, obligations) -> obligations.forEach(
                    obligation -> System.out.println(name + "  " + obligation.id() + "  " + obligation)));
            return ExitCode.OK;
        }
        if (out != null) {
            return write(out, chosen);
        }
        int code = ExitCode.OK;
        for (Map.Entry<String, List<Obligation>> one : chosen.entrySet()) {
            System.out.println(one.getKey());
            code = worse(code, prove(one.getValue()));
        }
        return code;
    }

    /** An obligation that does not hold weighs more than one that is not decided. */
    private static int worse(int a, int b) {
        return a == ExitCode.FAILED || b == ExitCode.FAILED ? ExitCode.FAILED : Math.max(a, b);
    }

    static Proof proof(Path spec, String name, int servers) throws IOException {
        return Proof.read(spec, name + "Induction", servers);
    }

    private Map<String, List<Obligation>> chosen(Path spec) throws IOException {
        Map<String, List<Obligation>> chosen = new LinkedHashMap<>();
        for (String name : module == null ? SPECS : List.of(module)) {
            List<Obligation> some = proof(spec, name, servers).obligations().stream()
                    .filter(one -> conjunct == null || one.claim().equals(conjunct))
                    .filter(one -> action == null || one.action().equals(action))
                    .toList();
            if (!some.isEmpty()) {
                chosen.put(name, some);
            }
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no obligation is of "
                    + (conjunct == null ? "" : "the claim " + conjunct + (action == null ? "" : " and "))
                    + (action == null ? "" : "the action " + action) + " (--list lists all)");
        }
        return chosen;
    }

    private static int write(Path directory, Map<String, List<Obligation>> chosen) throws IOException {
        for (Map.Entry<String, List<Obligation>> one : chosen.entrySet()) {
            Path own = directory.resolve(one.getKey());
            Files.createDirectories(own);
            for (Obligation obligation : one.getValue()) {
                Files.writeString(own.resolve(obligation.id() + ".smt2"), obligation.text());
            }
            System.out.printf(
                    Locale.ROOT, "%,d obligations in %s%n", one.getValue().size(), own);
        }
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
        System.out.printf(Locale.ROOT, "%n%s, %.1f s%n%n", summary(verdicts), (System.nanoTime() - start) / 1e9);
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
