package dev.checkedraft.spec.run;

import dev.checkedraft.spec.value.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the first error in what TLC's parser prints, which it does without markers, and says it in one line. */
final class SyntaxErrorReader {
    private static final int MAX_LINES = 10_000;
    private static final Pattern PARSING = Pattern.compile("^Parsing file (\\S+)");
    private static final Pattern AT = Pattern.compile(" at line (\\d+), col(?:umn)? (\\d+)\\.?");

    private final List<String> lines = new ArrayList<>();

    void line(String line) {
        if (lines.size() < MAX_LINES) {
            lines.add(line);
        }
    }

    /** The first error; none if the parser reported none. */
    Optional<String> error() {
        String file = "";
        boolean warnings = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher parsing = PARSING.matcher(line);
            if (parsing.find()) {
                file = fileName(group(parsing, 1));
            } else if (line.startsWith("*** ")) {
                warnings = line.startsWith("*** Warnings");
            } else if (line.startsWith("***Parse Error***")) {
                return Optional.of(syntaxError(file, paragraph(i + 1)));
            } else if (line.startsWith("Lexical error")) {
                return Optional.of(syntaxError(file, line));
            } else if (line.startsWith("Cannot find source file for module")) {
                return Optional.of(line.strip());
            } else {
                Optional<Sources.Place> place = Sources.Place.in(line);
                if (place.isPresent() && !warnings && line.startsWith("line ")) {
                    return Optional.of(place.get() + ": " + paragraph(i + 1));
                }
            }
        }
        return lines.stream().filter(line -> line.startsWith("Could not")).findFirst();
    }

    /** With the place, which stands somewhere in the text, in front. */
    private static String syntaxError(String file, String text) {
        Matcher at = AT.matcher(text);
        if (!at.find()) {
            return file + ": " + text;
        }
        String place = file + ":" + group(at, 1) + ":" + group(at, 2);
        return place + ": " + at.replaceFirst("").strip();
    }

    /** The lines from the given one up to the next blank one, blank ones at the start left out, as one line. */
    private String paragraph(int from) {
        StringBuilder paragraph = new StringBuilder();
        for (String line : lines.subList(from, lines.size())) {
            if (!line.isBlank()) {
                paragraph.append(paragraph.isEmpty() ? "" : " ").append(line.strip());
            } else if (!paragraph.isEmpty()) {
                break;
            }
        }
        return paragraph.toString();
    }

    private static String fileName(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    private static String group(Matcher matcher, int group) {
        String text = matcher.group(group);
        return text == null ? "" : text;
    }
}
