package dev.checkedraft.cli;

import dev.checkedraft.report.CounterexampleTrace;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.ProgressLine;
import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.Model.Expectation;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.raft.Counterexample;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Outcome;
import dev.checkedraft.spec.result.Progress;
import dev.checkedraft.spec.run.CheckOptions;
import dev.checkedraft.spec.run.DistributedCheck;
import dev.checkedraft.spec.run.ModelChecker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
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

    @Option(
            names = "--distributed",
            description = "run TLC's distributed mode: a server and, without --host, two workers on this host")
    private boolean distributed;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description =
                    "the address by which workers on other hosts reach this one; tells how to start them, and starts"
                            + " one here")
    private @Nullable String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "the server's port, with --host; default: ${DEFAULT-VALUE}")
    private int port = DistributedCheck.Cluster.DEFAULT_PORT;

    @Option(names = "--trace", paramLabel = "FILE", description = "write a violation there as a trace")
    private @Nullable Path trace;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SpecFiles files = SpecFiles.extract();
        if (list) {
            for (Model each : files.models().all()) {
                System.out.printf(Locale.ROOT, "%-26s %s%n", each.name(), each.about());
            }
            return ExitCode.OK;
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
        if (host != null && !distributed) {
            throw usage("--host is for --distributed");
        }
        int code = check(files, options, chosen);
        Optional<Model> next = files.models().after(chosen);
        while (code == ExitCode.OK && next.isPresent()) {
            code = check(files, options, next.get());
            next = files.models().after(next.get());
        }
        return code;
    }

    private int check(SpecFiles files, CheckOptions options, Model chosen) throws IOException, InterruptedException {
        ProgressLine line = new ProgressLine();
        Consumer<Progress> progress = far -> line.show(
                "%s: %,d states, %,d distinct, %,d to do, depth %d, %,.0f s",
                chosen.name(), far.generated(), far.distinct(), far.queue(), far.depth(), far.seconds());
        CheckResult result;
        if (distributed) {
            result = distributedCheck(files, options).check(chosen, progress);
        } else {
            ModelChecker checker = new ModelChecker(files, options);
            result = checker.narrate(chosen, checker.check(chosen, progress), progress);
        }
        line.clear();
        return report(chosen, result);
    }

    private DistributedCheck distributedCheck(SpecFiles files, CheckOptions options) throws IOException {
        if (host == null) {
            int threads = Math.max(1, workers / 2);
            return new DistributedCheck(files, options.withWorkers(threads), DistributedCheck.Cluster.local(2));
        }
        DistributedCheck.Cluster cluster = new DistributedCheck.Cluster(host, port, 1, true);
        System.err.println("to help from another host:\n" + cluster.workerCommand(workers));
        return new DistributedCheck(files, options, cluster);
    }

    private int report(Model chosen, CheckResult result) throws IOException {
        Counterexample run = result.counterexample();
        if (run != null) {
            System.out.print(run.format());
            Path file = trace;
            if (file != null) {
                CounterexampleTrace.write(run, chosen.name(), file);
                System.out.println("written to " + file);
            }
        }
        System.out.println(describe(chosen, result));
        if (result.checkpoint() != null) {
            System.out.println("to go on from here: --recover " + result.checkpoint());
        }
        boolean breadthFirst = workers == 1 && !distributed;
        Expectation expected = breadthFirst ? chosen.expect() : chosen.expect().withoutDepth();
        Optional<String> difference = expected.differenceFrom(result);
        if (difference.isEmpty()) {
            return ExitCode.OK;
        }
        System.out.println("not as expected: " + difference.get());
        return result.outcome() instanceof Outcome.Undecided ? ExitCode.UNDECIDED : ExitCode.FAILED;
    }

    /** A result in one line. */
    static String describe(Model model, CheckResult result) {
        // Random runs have no distinct states and no depth.
        String distinct = result.distinct() < 0
                ? ""
                : String.format(Locale.ROOT, ", %,d distinct, depth %d", result.distinct(), result.depth());
        String counts = String.format(
                Locale.ROOT, "%,d states generated%s, %.1f s", result.generated(), distinct, result.seconds());
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
