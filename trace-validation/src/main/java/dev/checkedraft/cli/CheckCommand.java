package dev.checkedraft.cli;

import dev.checkedraft.spec.CheckOptions;
import dev.checkedraft.spec.CheckResult;
import dev.checkedraft.spec.Counterexample;
import dev.checkedraft.spec.Model;
import dev.checkedraft.spec.ModelChecker;
import dev.checkedraft.spec.Outcome;
import dev.checkedraft.spec.SpecFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code raft check}: model-checks one model of the spec with TLC. */
@Command(
        name = "check",
        description = "Model-check a model of the spec with TLC, and print its states, or the violation step by step.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "the model; default: small")
    private String model = "small";

    @Option(names = "--list", description = "list the models and exit")
    private boolean list;

    @Option(names = "--workers", paramLabel = "N", description = "TLC's threads; default: one for each processor")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(names = "--heap", paramLabel = "SIZE", description = "TLC's heap, such as 8g; default: a quarter of memory")
    private @Nullable String heap;

    @Option(
            names = "--metadir",
            paramLabel = "DIR",
            description = "keep TLC's states and checkpoints there, to recover from")
    private @Nullable Path metadir;

    @Option(names = "--recover", paramLabel = "DIR", description = "go on from the checkpoint in that directory")
    private @Nullable Path recover;

    @Option(names = "--tla2tools", paramLabel = "JAR", description = "another tla2tools.jar; default: the one built in")
    private @Nullable Path tla2tools;

    @Option(names = "--trace", paramLabel = "FILE", description = "write a violation there as a trace")
    private @Nullable Path trace;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SpecFiles files = SpecFiles.extract();
        if (list) {
            for (Model each : files.models().all()) {
                System.out.printf(Locale.ROOT, "%-20s %s%n", each.name(), each.about());
            }
            return Main.OK;
        }
        CheckOptions options;
        try {
            options = CheckOptions.defaults()
                    .withWorkers(workers)
                    .withHeap(heap)
                    .withMetadir(metadir)
                    .withRecover(recover)
                    .withTla2tools(tla2tools);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
        Model chosen = files.models()
                .find(model)
                .orElseThrow(() -> usage("no model is called " + model + "; --list names them"));
        ProgressLine progress = new ProgressLine();
        CheckResult result = new ModelChecker(files, options)
                .check(
                        chosen,
                        far -> progress.show(
                                "%s: %,d states, %,d distinct, %,d to do, depth %d, %,.0f s",
                                model, far.generated(), far.distinct(), far.queue(), far.depth(), far.seconds()));
        progress.clear();
        return report(chosen, result);
    }

    private int report(Model chosen, CheckResult result) throws IOException {
        Counterexample run = result.counterexample();
        if (run != null) {
            System.out.print(run.format());
            if (trace != null) {
                CounterexampleTrace.write(run, chosen.name(), trace);
                System.out.println("written to " + trace);
            }
        }
        System.out.println(describe(chosen, result));
        if (result.checkpoint() != null) {
            System.out.println("to go on from here: --recover " + result.checkpoint());
        }
        Optional<String> difference = chosen.expect().differenceFrom(result);
        if (difference.isEmpty()) {
            return Main.OK;
        }
        System.out.println("not as expected: " + difference.get());
        return result.outcome() instanceof Outcome.Undecided ? Main.UNDECIDED : Main.FAILED;
    }

    /** A result in one line. */
    static String describe(Model model, CheckResult result) {
        String counts = String.format(
                Locale.ROOT,
                "%,d states generated, %,d distinct, depth %d, %.1f s",
                result.generated(),
                result.distinct(),
                result.depth(),
                result.seconds());
        if (result.outcome() instanceof Outcome.Ok) {
            return model.name() + ": every property holds (" + counts + ")";
        } else if (result.outcome() instanceof Outcome.Violation violation) {
            String wanted = model.kind() == Model.Kind.WITNESS ? ", as it should be: this run is the witness" : "";
            return model.name() + ": " + violation.kind() + " " + violation.property() + " is violated" + wanted + " ("
                    + counts + ")";
        } else if (result.outcome() instanceof Outcome.Undecided undecided) {
            return model.name() + ": " + undecided.reason() + " (" + counts + ")";
        } else if (result.outcome() instanceof Outcome.Failure failure) {
            return model.name() + ": " + failure.message();
        }
        throw new AssertionError(result);
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets this");
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
