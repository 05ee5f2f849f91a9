package dev.checkedraft.spec;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;

/** The small spec of the tests' resources, with models that fail in every way. */
final class Tiny {
    private Tiny() {}

    static SpecFiles files() {
        return SpecFiles.in(resource("tiny"));
    }

    static Path resource(String name) {
        return SpecFiles.path(Objects.requireNonNull(Tiny.class.getResource(name), name));
    }

    static Models models() {
        try {
            return files().models();
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Model model(String name) {
        return models().find(name).orElseThrow();
    }
}
