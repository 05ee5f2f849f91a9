package dev.checkedraft.cli;

import dev.checkedraft.explore.Bounds;
import dev.checkedraft.explore.Exploration;
import dev.checkedraft.explore.Explorer;
import dev.checkedraft.explore.SpecStepCheck;
import dev.checkedraft.spec.CheckOptions;
import dev.checkedraft.spec.CheckResult;
import dev.checkedraft.spec.Model;
import dev.checkedraft.spec.ModelChecker;
import dev.checkedraft.spec.SpecFiles;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raft verify}: the whole chain. */
@Command(
        name = "verify",
        description =
                "Model-check the spec, run the Java core under seeded faults, and replay every run against the spec.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    private static final Bounds BOUNDS = new Bounds(2, 2, 2, 1);

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
        holds &= explore();
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
        Optional<String> difference = model.expect().differenceFrom(result);
        difference.ifPresent(what -> System.out.println("         not as expected: " + what));
        return difference.isEmpty();
    }

    private boolean explore() {
        Exploration found = new Explorer(BOUNDS, new SpecStepCheck(BOUNDS.servers()))
                .run(Long.MAX_VALUE, (states, transitions) -> line.show("core: %,d states", states));
        line.clear();
        System.out.printf(
                Locale.ROOT,
                "core     every schedule of %d servers, %d terms, %d entries, %d restart: %,d states safe, %,d different"
                        + " steps of a server, each one of the spec's (%.1f s)%n",
                BOUNDS.nodes(),
                BOUNDS.maxTerm(),
                BOUNDS.maxLog(),
                BOUNDS.maxRestarts(),
                found.states(),
                found.localSteps(),
                found.seconds());
        if (found.violation() != null) {
            System.out.println("         violated: " + found.violation());
            found.schedule().forEach(step -> System.out.println("           " + step));
        }
        return found.violation() == null && found.exhausted();
    }

    private boolean runAndReplay() throws InterruptedException {
        CheckedRuns all = new CheckedRuns(seed, runs, steps);
        all.run(done -> line.show("runs: %,d of %,d", done, runs));
        line.clear();
        System.out.println("runs     " + all.summary());
        all.reached().lines().forEach(milestone -> System.out.println("         " + milestone));
        all.failures().forEach(System.out::println);
        return all.failures().isEmpty();
    }
}
