package dev.checkedraft.spec.run;

import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.result.CheckResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The spec of this project, as its jar has it, and how the tests run TLC on it. */
final class Spec {
    /** Where tests write what people may want to read. */
    static final Path TARGET = Path.of("target");

    private static final SpecFiles FILES = extract();

    private Spec() {}

    static SpecFiles files() {
        return FILES;
    }

    /** One worker, and a time limit that no model of the build comes near. */
    static CheckOptions options() {
        return CheckOptions.defaults().withWorkers(1).withHeap("1g").withTimeout(Duration.ofMinutes(15));
    }

    /** The same for a model of a few thousand states at most. */
    static CheckOptions briefOptions() {
        return options().forBriefRun();
    }

    static CheckResult check(Model model) throws IOException, InterruptedException {
        boolean brief = model.build() && model.kind() != Model.Kind.SAFETY;
        CheckOptions options = brief ? briefOptions() : options();
        return new ModelChecker(FILES, model.build() ? options : options.withTimeout(Duration.ofHours(2))).check(model);
    }

    private static SpecFiles extract() {
        try {
            return SpecFiles.extract();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
