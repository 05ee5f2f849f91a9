package dev.checkedraft.cli;

import dev.checkedraft.explore.Bounds;
import dev.checkedraft.explore.Exploration;
import dev.checkedraft.explore.Explorer;
import dev.checkedraft.explore.SpecStepCheck;
import dev.checkedraft.fuzz.CheckedRun;
import dev.checkedraft.fuzz.CheckedRun.Failure;
import dev.checkedraft.fuzz.CheckedRuns;
import dev.checkedraft.proof.Obligation;
import dev.checkedraft.proof.Proof;
import dev.checkedraft.proof.Prover;
import dev.checkedraft.proof.Verdict;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.ProgressLine;
import dev.checkedraft.search.Part;
import dev.checkedraft.sim.Milestones;
import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.run.CheckOptions;
import dev.checkedraft.spec.run.ModelChecker;
import dev.checkedraft.tlc.Branch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raft verify}: the whole chain. */
@Command(
        name = "verify",
        description =
                "Model-check the spec, prove it, explore the Java core, run it under seeded faults, and replay every run against the spec.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    /** Two servers with a third term and a restart, and three without. */
    private static final List<Bounds> BOUNDS = List.of(new Bounds(2, 3, 2, 1), new Bounds(3, 2, 2, 0));

    @Option(names = "--seed", paramLabel = "S", description = "the seed of the first run; default: ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description =
                    "runs of \"faults\", and of the other parts in proportion; of the one --part N; default: what each"
                            + " part has")
    private @Nullable Integer runs = null;

    @Option(names = "--part", paramLabel = "PART", description = "only the runs of this part: ${COMPLETION-CANDIDATES}")
    private @Nullable Part part = null;

    private final ProgressLine line = new ProgressLine();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Integer asked = runs;
        if (asked != null && asked < 0) {
            throw new IllegalArgumentException("--runs is 0 or more");
        }
        boolean holds = true;
        if (part == null) {
            holds = checkSpec();
            holds &= prove();
            for (Bounds bounds : BOUNDS) {
                holds &= explore(bounds);
            }
        }
        holds &= runAndReplay();
        System.out.println(holds ? "all holds" : "FAILED");
        return holds ? ExitCode.OK : ExitCode.FAILED;
    }

    private boolean checkSpec() throws IOException, InterruptedException {
        SpecFiles files = SpecFiles.extract();
        Model model = files.models().find("small").orElseThrow();
        CheckResult result = new ModelChecker(files, CheckOptions.defaults())
                .check(model, far -> line.show("spec: %,d states, %,d distinct", far.generated(), far.distinct()));
        line.clear();
        System.out.println("spec     " + CheckCommand.describe(model, result));
        Optional<String> difference = model.expect().withoutDepth().differenceFrom(result);
        difference.ifPresent(what -> System.out.println("         not as expected: " + what));
        return difference.isEmpty();
    }

    private boolean prove() throws IOException, InterruptedException {
        boolean proved = true;
        for (String name : ProveCommand.SPECS) {
            proved &= prove(name, ProveCommand.proof(SpecFiles.extract().root(), name, 0));
        }
        return proved;
    }

    private boolean prove(String name, Proof proof) throws InterruptedException {
        List<Obligation> obligations = proof.obligations();
        AtomicInteger done = new AtomicInteger();
        List<Verdict> verdicts = Prover.onAllProcessors()
                .prove(
                        obligations,
                        verdict -> line.show("proof: %,d of %,d", done.incrementAndGet(), obligations.size()));
        line.clear();
        System.out.println("proof    " + name + ", for any servers, terms and logs: " + ProveCommand.summary(verdicts));
        verdicts.stream()
                .filter(verdict -> !verdict.isProved())
                .forEach(verdict -> System.out.println("         not proved: " + verdict.obligation()));
        return verdicts.stream().allMatch(Verdict::isProved);
    }

    private boolean explore(Bounds bounds) {
        Exploration found = new Explorer(bounds, new SpecStepCheck(bounds.servers()))
                .run(Long.MAX_VALUE, (states, transitions) -> line.show("core: %,d states", states));
        line.clear();
        System.out.printf(
                Locale.ROOT,
                "core     every schedule of %d servers, %d terms, %s, %s: %,d states safe, %,d transitions, %,d different"
                        + " steps of a server, each one of the spec's (%.1f s)%n",
                bounds.nodes(),
                bounds.maxTerm(),
                bounds.maxLog() == 1 ? "1 entry" : bounds.maxLog() + " entries",
                bounds.maxRestarts() == 1 ? "1 restart" : bounds.maxRestarts() + " restarts",
                found.states(),
                found.transitions(),
                found.localSteps(),
                found.seconds());
        if (found.violation() != null) {
            System.out.println("         violated: " + found.violation());
            found.schedule().forEach(step -> System.out.println("           " + step));
        }
        return found.violation() == null && found.exhausted();
    }

    private boolean runAndReplay() throws IOException, InterruptedException {
        boolean holds = true;
        Evidence evidence = Evidence.NONE;
        Milestones reached = null;
        for (Part next : Part.values()) {
            int count = count(next);
            if (count == 0) {
                continue;
            }
            CheckedRuns all = new CheckedRuns(next, seed, count);
            all.run(done -> line.show("runs: %s, %,d of %,d", next.label(), done, count));
            line.clear();
            System.out.println("runs     " + all.summary());
            all.missing().forEach(what -> System.out.println("         reached too little: " + what));
            if (!all.allHold()) {
                System.out.println(failure(next, all.failed()));
                holds = false;
            }
            evidence = evidence.plus(all.evidence());
            Milestones more = all.reached();
            if (reached == null) {
                reached = more;
            } else if (more != null) {
                reached.addAll(more);
            }
        }
        if (reached != null) {
            tellBranches(evidence);
            reached.table().lines().forEach(milestone -> System.out.println("         " + milestone));
        }
        return holds;
    }

    /** The first run that failed, made short, and the seeds of the others. */
    private static String failure(Part of, SortedMap<Long, CheckedRun> failed) throws IOException {
        for (Map.Entry<Long, CheckedRun> first : failed.entrySet()) {
            Failure failure = first.getValue().failure();
            if (failure != null) {
                String foundBy = "raft verify --part " + of + " --seed " + first.getKey() + " --runs 1";
                return "runs of " + of.label() + " with these seeds failed: " + failed.keySet() + "; of the first:\n"
                        + FailingRun.report(first.getValue(), failure, Path.of(""), foundBy);
            }
        }
        return "";
    }

    /** Which branches of the spec events took: how many, and each that none took. */
    private static void tellBranches(Evidence evidence) {
        List<Branch> never = evidence.neverTaken();
        int all = evidence.branches().size();
        System.out.printf(Locale.ROOT, "         %d of the %d branches of Raft.tla taken%n", all - never.size(), all);
        for (Branch branch : never) {
            System.out.println(
                    "         never taken: " + branch.operator() + ", " + branch.location() + ": " + branch.text());
        }
    }

    /** How many runs of a part are asked for. */
    private int count(Part of) {
        Integer asked = runs;
        if (part != null) {
            return part != of ? 0 : asked != null ? asked : of.runs();
        }
        return asked == null ? of.runs() : (int) Math.ceil((double) of.runs() * asked / Part.FAULTS.runs());
    }
}
