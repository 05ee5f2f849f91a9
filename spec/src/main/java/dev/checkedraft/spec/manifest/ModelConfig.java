package dev.checkedraft.spec.manifest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a run must know of a model's TLC configuration file.
 *
 * @param name the file's name
 * @param words the file's text without its comments
 */
public record ModelConfig(String name, List<String> words) {
    private static final Pattern COMMENT = Pattern.compile("\\(\\*.*?\\*\\)|\\\\\\*[^\\n]*", Pattern.DOTALL);
    private static final Set<String> KEYWORDS = Set.of(
            "ACTION_CONSTRAINT",
            "ACTION_CONSTRAINTS",
            "ALIAS",
            "CHECK_DEADLOCK",
            "CONSTANT",
            "CONSTANTS",
            "CONSTRAINT",
            "CONSTRAINTS",
            "INIT",
            "INVARIANT",
            "INVARIANTS",
            "NEXT",
            "POSTCONDITION",
            "PROPERTIES",
            "PROPERTY",
            "SPECIFICATION",
            "SYMMETRY",
            "TYPE",
            "TYPE_CONSTRAINT",
            "VIEW");
    private static final Set<String> PROPERTIES = Set.of("PROPERTY", "PROPERTIES");
    private static final Pattern SILENT = Pattern.compile("\\bNarrate\\s*=\\s*FALSE\\b");

    public ModelConfig {
        words = List.copyOf(words);
    }

    public static ModelConfig read(Path file) throws IOException {
        Path name = file.getFileName();
        return parse(name == null ? "" : name.toString(), Files.readString(file));
    }

    static ModelConfig parse(String name, String text) {
        String plain = COMMENT.matcher(text).replaceAll(" ").strip();
        return new ModelConfig(name, List.of(plain.split("\\s+", -1)));
    }

    /** The temporal formulas to check, in the file's order. */
    public List<String> properties() {
        return inSections(PROPERTIES);
    }

    /** All that is to hold, invariants first. */
    public List<String> allProperties() {
        List<String> all = new ArrayList<>(inSections(Set.of("INVARIANT", "INVARIANTS")));
        all.addAll(properties());
        return all;
    }

    /** Whether a state without successor is an error. */
    public boolean checksDeadlock() {
        return !inSections(Set.of("CHECK_DEADLOCK")).contains("FALSE");
    }

    /**
     * Whether the model could say what each step was, in the variable {@code event}, and is told not to. It can if a VIEW
     * hides that variable.
     */
    public boolean canNarrate() {
        return SILENT.matcher(text()).find() && words.contains("VIEW");
    }

    /** The same with {@code Narrate = TRUE}. */
    public ModelConfig narrated() {
        return parse(name, SILENT.matcher(text()).replaceAll("Narrate = TRUE"));
    }

    /** The same with no temporal formula but one. */
    public ModelConfig onlyProperty(String property) {
        List<String> kept = new ArrayList<>();
        String section = "";
        for (String word : words) {
            section = KEYWORDS.contains(word) ? word : section;
            if (!PROPERTIES.contains(section)) {
                kept.add(word);
            }
        }
        kept.add("PROPERTY");
        kept.add(property);
        return new ModelConfig(name, kept);
    }

    /** The configuration for TLC to read, a section a line. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (String word : words) {
            text.append(KEYWORDS.contains(word) ? "\n" : " ").append(word);
        }
        return text.append('\n').toString();
    }

    private List<String> inSections(Set<String> keywords) {
        List<String> found = new ArrayList<>();
        String section = "";
        for (String word : words) {
            if (KEYWORDS.contains(word)) {
                section = word;
            } else if (keywords.contains(section)) {
                found.add(word);
            }
        }
        return found;
    }
}
