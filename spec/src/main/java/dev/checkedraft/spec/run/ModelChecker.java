package dev.checkedraft.spec.run;

import dev.checkedraft.spec.manifest.Cleanup;
import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.ModelConfig;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Outcome;
import dev.checkedraft.spec.result.Progress;
import dev.checkedraft.spec.value.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Runs TLC on a model, in a JVM of its own, and reads its result. May be used by several threads at once. */
public final class ModelChecker {
    private static final String TLC = "tlc2.TLC";
    /** The messages (tlc2.output.EC) with which TLC begins to compute states, and has written a checkpoint. */
    private static final int STARTING = 2185;

    private static final int CHECKPOINT_WRITTEN = 2196;

    private final SpecFiles files;
    private final CheckOptions options;

    /** A checker of the models of a spec. */
    public ModelChecker(SpecFiles files, CheckOptions options) {
        this.files = files;
        this.options = options;
    }

    /** Checks a model, without telling anyone how far it is. */
    public CheckResult check(Model model) throws IOException, InterruptedException {
        return check(model, progress -> {});
    }

    /** Checks a model; what its spec prints is dropped. */
    public CheckResult check(Model model, Consumer<Progress> progress) throws IOException, InterruptedException {
        return check(model, progress, line -> {});
    }

    /**
     * Checks a model. Where several temporal properties may be the violated one, which TLC does not say, they are then
     * checked one by one. Of a model that expects one to be violated, no other temporal property is checked.
     *
     * @param progress told about twice a second how far TLC is, by the calling thread
     * @param printed given the lines that the spec prints, by the calling thread
     * @return whatever TLC came to; a model with an error is a {@link Outcome.Failure}, no exception
     * @throws IOException if the model's files or TLC cannot be found, or the JVM cannot be started
     * @throws InterruptedException if the thread was interrupted; TLC has been ended then
     */
    public CheckResult check(Model model, Consumer<Progress> progress, Consumer<String> printed)
            throws IOException, InterruptedException {
        ModelConfig config = ModelConfig.read(files.find(model.config()));
        String expected = model.expect().property().orElse("");
        if (config.properties().contains(expected)) {
            return run(model, config.onlyProperty(expected), options, progress, printed);
        }
        CheckResult result = run(model, config, options, progress, printed);
        if (result.outcome() instanceof Outcome.Violation violation
                && violation.candidates().size() > 1) {
            for (String candidate : violation.candidates()) {
                CheckResult alone =
                        run(model, config.onlyProperty(candidate), options.fromTheStart(), progress, printed);
                if (alone.outcome() instanceof Outcome.Violation) {
                    return alone;
                }
            }
        }
        return result;
    }

    /**
     * Finds the violation of a model again with every step told, if the model can tell them and its configuration says
     * not to. One worker does it, so the counterexample is a shortest one.
     *
     * @param result what {@link #check} returned for the model
     * @return the same, with a better counterexample if one was found
     */
    public CheckResult narrate(Model model, CheckResult result, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        ModelConfig config = ModelConfig.read(files.find(model.config()));
        if (!(result.outcome() instanceof Outcome.Violation violation) || !config.canNarrate()) {
            return result;
        }
        ModelConfig told = config.narrated();
        if (violation.kind() == Outcome.Kind.TEMPORAL_PROPERTY) {
            told = told.onlyProperty(violation.property());
        }
        CheckResult again = run(model, told, options.fromTheStart().withWorkers(1), progress, line -> {});
        return again.outcome().equals(violation) ? result.with(again.counterexample()) : result;
    }

    private CheckResult run(
            Model model, ModelConfig config, CheckOptions how, Consumer<Progress> progress, Consumer<String> printed)
            throws IOException, InterruptedException {
        Path temporary = Cleanup.temporaryDirectory("tlc");
        try {
            Path configFile = temporary.resolve(config.name());
            Files.writeString(configFile, config.text());
            Path metadir = how.metadir();
            TlcProcess.Command command =
                    command(model, how, configFile, temporary, metadir == null ? temporary : metadir);
            ResultReader reader = new ResultReader(config, new Sources(files.folders()));
            CheckResult result = new TlcRun(command, reader, how.timeout(), progress)
                    .with(new Watcher(printed, how.endAtCheckpoint()))
                    .result();
            return metadir == null ? result.withoutCheckpoint() : result;
        } finally {
            Cleanup.delete(temporary);
        }
    }

    /** Passes on what the spec prints, and ends the run at a checkpoint if it is to. */
    private static final class Watcher implements TlcRun.Companion {
        private final Consumer<String> printed;
        private final boolean endAtCheckpoint;
        private boolean started;
        private boolean checkpointWritten;

        Watcher(Consumer<String> printed, boolean endAtCheckpoint) {
            this.printed = printed;
            this.endAtCheckpoint = endAtCheckpoint;
        }

        @Override
        public void said(ToolReader.Message message) {
            started |= message.code() == STARTING;
            checkpointWritten |= message.code() == CHECKPOINT_WRITTEN;
            // Before, the lines outside all messages are the parser's.
            if (started && message.code() == ToolReader.PLAIN) {
                printed.accept(message.text());
            }
        }

        @Override
        public @Nullable String reasonToStop() {
            return endAtCheckpoint && checkpointWritten ? "ended at a checkpoint" : null;
        }
    }

    /** What to start; all that TLC writes goes to {@code temporary} and {@code metadir}. */
    TlcProcess.Command command(Model model, CheckOptions how, Path config, Path temporary, Path metadir)
            throws IOException {
        Path module = files.find(model.module() + ".tla").toAbsolutePath();
        List<String> arguments = new ArrayList<>(how.tlcArguments(config, metadir));
        arguments.addAll(List.of("-workers", Integer.toString(how.workers())));
        if (model.mode() != Model.Mode.SIMULATE && !model.arguments().contains("-lncheck")) {
            // Temporal properties once, at the end, and not again and again on the way.
            arguments.addAll(List.of("-lncheck", "final"));
        }
        if (model.mode() == Model.Mode.SIMULATE && !model.arguments().contains("-simulate")) {
            arguments.add("-simulate");
        }
        arguments.addAll(model.arguments());
        arguments.add(model.module());
        Path directory = module.getParent();
        return new TlcProcess.Command(
                Tla2Tools.find(how.tla2tools()),
                TLC,
                directory == null ? files.root() : directory,
                files.folders(),
                temporary,
                how.jvmArguments(),
                arguments);
    }
}
