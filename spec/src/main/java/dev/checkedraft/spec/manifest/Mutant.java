package dev.checkedraft.spec.manifest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The spec with one thing wrong.
 *
 * @param id what it is called
 * @param title what is wrong, in a line
 * @param edits what makes it wrong
 * @param property the property that must fail; for a control, what must not
 * @param module the model's module, without suffix
 * @param config the model's configuration file
 * @param control whether the change must break nothing that the model checks
 */
public record Mutant(
        String id, String title, List<Edit> edits, String property, String module, String config, boolean control) {
    public Mutant {
        edits = List.copyOf(edits);
    }

    /** In a file, named by its path from the top of the spec, one text in place of another that occurs exactly once. */
    public record Edit(String file, String find, String replace) {}

    static Mutant of(Json json) throws IOException {
        List<Edit> edits = new ArrayList<>();
        for (Json edit : json.objects("edits")) {
            edits.add(new Edit(edit.string("file"), edit.string("find"), edit.string("replace")));
        }
        if (edits.isEmpty()) {
            throw new IOException(json.where() + ": a mutant has at least one edit");
        }
        return new Mutant(
                json.string("id"),
                json.string("title"),
                edits,
                json.string("property"),
                json.string("module"),
                json.string("config"),
                json.bool("control", false));
    }

    /**
     * Copies the spec and makes it wrong.
     *
     * @param files the spec as it should be, which stays so
     * @param directory where the copy goes; created if it does not exist
     * @return the copy
     * @throws IOException if a file cannot be read or written, or a text does not occur exactly once
     */
    public SpecFiles apply(SpecFiles files, Path directory) throws IOException {
        SpecFiles copy = files.copyTo(directory);
        for (Edit edit : edits) {
            Path file = copy.root().resolve(edit.file());
            if (!Files.isRegularFile(file)) {
                throw new IOException("mutant " + id + ": there is no " + edit.file());
            }
            String text = Files.readString(file);
            int first = text.indexOf(edit.find());
            if (edit.find().isEmpty() || first < 0) {
                throw new IOException("mutant " + id + ": " + edit.file() + " does not have the text to replace: "
                        + firstLine(edit.find()));
            }
            if (text.indexOf(edit.find(), first + 1) >= 0) {
                throw new IOException("mutant " + id + ": " + edit.file() + " has the text to replace more than once: "
                        + firstLine(edit.find()));
            }
            Files.writeString(
                    file,
                    text.substring(0, first)
                            + edit.replace()
                            + text.substring(first + edit.find().length()));
        }
        return copy;
    }

    /** The model to check the mutant with. */
    public Model model() {
        return model(
                control
                        ? Model.Expectation.ok()
                        : new Model.Expectation(
                                true, Optional.of(property), OptionalLong.empty(), OptionalLong.empty()));
    }

    /** The same model for the spec as it should be: nothing may fail. */
    public Model unchanged() {
        return model(Model.Expectation.ok());
    }

    private Model model(Model.Expectation expect) {
        return new Model(id, module, config, Model.Mode.CHECK, Model.Kind.SAFETY, title, true, expect, List.of());
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("(nothing)");
    }
}
