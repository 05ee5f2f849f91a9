package dev.checkedraft.spec.run;

import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.Models;
import dev.checkedraft.spec.manifest.SpecFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The small spec of the tests' resources, with models that fail in every way. */
public final class Tiny {
    private Tiny() {}

    public static SpecFiles files() {
        return SpecFiles.in(resource("tiny"));
    }

    static Path resource(String name) {
        return SpecFiles.path(Objects.requireNonNull(Tiny.class.getResource(name), name));
    }

    static Models models() {
        try {
            return files().models();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Model model(String name) {
        return models().find(name).orElseThrow();
    }

    /** A model of a module that a test has written, with everything to hold. */
    static Model modelOf(String module, String config) {
        return new Model(
                module,
                module,
                config,
                Model.Mode.CHECK,
                Model.Kind.SAFETY,
                "",
                true,
                Model.Expectation.ok(),
                List.of());
    }

    /** Writes Endless.tla and Endless.cfg: TLC never comes to their end. */
    static void writeEndless(Path directory) throws IOException {
        Files.writeString(directory.resolve("Endless.tla"), """
                ---- MODULE Endless ----
                EXTENDS Naturals
                VARIABLE x
                Spec == x = 0 /\\ [][x' = x + 1]_x
                ====
                """);
        Files.writeString(directory.resolve("Endless.cfg"), "SPECIFICATION Spec\n");
    }
}
