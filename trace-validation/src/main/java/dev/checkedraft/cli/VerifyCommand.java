package dev.checkedraft.cli;

import dev.checkedraft.explore.Bounds;
import dev.checkedraft.explore.Exploration;
import dev.checkedraft.explore.Explorer;
import dev.checkedraft.explore.SpecStepCheck;
import dev.checkedraft.proof.Obligation;
import dev.checkedraft.proof.Proof;
import dev.checkedraft.proof.Prover;
import dev.checkedraft.proof.Verdict;
import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.run.CheckOptions;
import dev.checkedraft.spec.run.ModelChecker;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raft verify}: the whole chain. */
@Command(
        name = "verify",
        description =
                "Model-check the spec, prove it, explore the Java core, run it under seeded faults, and replay every run against the spec.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    /** Two servers with a restart, and three without. */
    private static final List<Bounds> BOUNDS = List.of(new Bounds(2, 2, 2, 1), new Bounds(3, 2, 1, 0));

    @Option(names = "--seed", paramLabel = "S", description = "the seed of the first run; default: ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(names = "--runs", paramLabel = "N", description = "runs under faults; default: ${DEFAULT-VALUE}")
    private int runs = 2000;

    @Option(names = "--steps", paramLabel = "N", description = "decisions a run; default: ${DEFAULT-VALUE}")
    private int steps = 300;

    private final ProgressLine line = new ProgressLine();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (runs < 0 || steps < 0) {
            throw new IllegalArgumentException("--runs and --steps are 0 or more");
        }
        boolean holds = checkSpec();
        holds &= prove();
        for (Bounds bounds : BOUNDS) {
            holds &= explore(bounds);
        }
        holds &= runAndReplay();
        System.out.println(holds ? "all holds" : "FAILED");
        return holds ? Main.OK : Main.FAILED;
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
        List<Obligation> obligations =
                Proof.read(SpecFiles.extract().root(), ProveCommand.PROOF).obligations();
        AtomicInteger done = new AtomicInteger();
        List<Verdict> verdicts = Prover.onAllProcessors()
                .prove(
                        obligations,
                        verdict -> line.show("proof: %,d of %,d", done.incrementAndGet(), obligations.size()));
        line.clear();
        System.out.println("proof    for any servers, terms and logs: " + ProveCommand.summary(verdicts));
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
        CheckedRuns all = new CheckedRuns(seed, runs, steps);
        all.run(done -> line.show("runs: %,d of %,d", done, runs));
        line.clear();
        System.out.println("runs     " + all.summary());
        all.branches().forEach(branch -> System.out.println("         " + branch));
        all.reached().lines().forEach(milestone -> System.out.println("         " + milestone));
        if (!all.allHold()) {
            System.out.println(all.failure());
        }
        return all.allHold();
    }
}
