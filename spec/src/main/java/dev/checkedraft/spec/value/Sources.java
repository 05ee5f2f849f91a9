package dev.checkedraft.spec.value;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The modules of one run, to look up what TLC refers to by line and column. */
public final class Sources {
    private static final Pattern PLACE = Pattern.compile(
            "[Ll]ine (\\d+), col(?:umn)? (\\d+) to line (\\d+), col(?:umn)? (\\d+) (?:of module|in) (\\w+)");
    /** The first line of a definition, of an operator or a function, at the left margin. */
    private static final Pattern DEFINITION =
            Pattern.compile("^(?:LOCAL )?(\\w+)\\s*(?:\\([^)]*\\)|\\[[^\\]]*\\])?\\s*==.*");

    private final List<Path> directories;

    public Sources(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /** A piece of a module, lines and columns from 1, both ends included. */
    public record Place(String module, int line, int column, int endLine, int endColumn) {

        /** The first place that {@code text} names, as "line 4, col 1 to line 4, col 9 of module Raft". */
        public static Optional<Place> in(String text) {
            Matcher matcher = PLACE.matcher(text);
            if (!matcher.find()) {
                return Optional.empty();
            }
            return Optional.of(new Place(
                    group(matcher, 5),
                    Integer.parseInt(group(matcher, 1)),
                    Integer.parseInt(group(matcher, 2)),
                    Integer.parseInt(group(matcher, 3)),
                    Integer.parseInt(group(matcher, 4))));
        }

        private static String group(Matcher matcher, int group) {
            String text = matcher.group(group);
            return text == null ? "" : text;
        }

        /** In the form that editors understand: "Raft.tla:4:1". */
        @Override
        public String toString() {
            return module + ".tla:" + line + ":" + column;
        }
    }

    /** The text at a place; empty if the module is not among the sources. */
    public String text(Place place) {
        List<String> lines = lines(place.module());
        if (place.line() < 1 || place.endLine() > lines.size() || place.line() > place.endLine()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (int number = place.line(); number <= place.endLine(); number++) {
            String line = lines.get(number - 1);
            int from = number == place.line() ? Math.min(place.column() - 1, line.length()) : 0;
            int to = number == place.endLine() ? Math.min(place.endColumn(), line.length()) : line.length();
            text.append(line, from, Math.max(from, to)).append('\n');
        }
        return text.toString();
    }

    /** The name of the definition that the place lies in. */
    public Optional<String> definitionAt(Place place) {
        List<String> lines = lines(place.module());
        for (int number = Math.min(place.line(), lines.size()); number >= 1; number--) {
            Matcher matcher = DEFINITION.matcher(lines.get(number - 1));
            if (matcher.matches()) {
                return Optional.ofNullable(matcher.group(1));
            }
        }
        return Optional.empty();
    }

    /** The text of a definition, from its name to the next definition or blank line; empty if it is not found. */
    public String definition(String name) {
        for (Path module : modules()) {
            List<String> lines = read(module);
            for (int i = 0; i < lines.size(); i++) {
                Matcher matcher = DEFINITION.matcher(lines.get(i));
                if (matcher.matches() && name.equals(matcher.group(1))) {
                    int end = i + 1;
                    while (end < lines.size()
                            && !lines.get(end).isBlank()
                            && !DEFINITION.matcher(lines.get(end)).matches()) {
                        end++;
                    }
                    return String.join("\n", lines.subList(i, end));
                }
            }
        }
        return "";
    }

    private List<String> lines(String module) {
        for (Path directory : directories) {
            Path file = directory.resolve(module + ".tla");
            if (Files.isRegularFile(file)) {
                return read(file);
            }
        }
        return List.of();
    }

    private List<Path> modules() {
        return directories.stream()
                .flatMap(directory -> {
                    try (var files = Files.list(directory)) {
                        return files.filter(file -> file.toString().endsWith(".tla")).sorted().toList().stream();
                    } catch (IOException e) {
                        return java.util.stream.Stream.empty();
                    }
                })
                .toList();
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
