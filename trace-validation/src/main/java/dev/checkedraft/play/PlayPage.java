package dev.checkedraft.play;

import dev.checkedraft.play.StepTable.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page: one HTML file that asks for nothing else. */
public final class PlayPage {
    /** Enough for the lessons, what is around them, and most random runs. */
    private static final int STEPS_OF_THREE = 9_000;

    private static final int STEPS_OF_FIVE = 5_000;

    private final List<World> worlds;
    private final String html;

    private PlayPage(List<World> worlds, String html) {
        this.worlds = worlds;
        this.html = html;
    }

    /**
     * Takes the steps and writes the page.
     *
     * @throws IllegalStateException if a step of the core is none of the spec's
     */
    public static PlayPage of() {
        List<Lesson> lessons = Lesson.all();
        List<World> worlds = List.of(
                new World(3, 16, lessons, STEPS_OF_THREE, 2, 3, 4), new World(5, 1, lessons, STEPS_OF_FIVE, 1, 4, 4));
        String json = data(
                worlds,
                lessons,
                SpecText.actions(Lesson.resource("/dev/checkedraft/spec/tla/Raft.tla")
                        .lines()
                        .toList()));
        return new PlayPage(
                worlds,
                Lesson.resource("play.html")
                        .replace("/*STYLE*/", Lesson.resource("play.css"))
                        .replace("/*MODEL*/", Lesson.resource("model.js"))
                        .replace("/*VIEW*/", Lesson.resource("view.js"))
                        // Data is last, for nothing in it is to be replaced.
                        .replace("\"DATA\"", json));
    }

    public String html() {
        return html;
    }

    /** What the page holds, in a line. */
    public String summary() {
        return worlds.stream()
                .map(world -> world.nodes() + " servers: " + world.table().size() + " steps of a server")
                .collect(Collectors.joining("; "));
    }

    // ---------------------------------------------------------------------------------------------------------------

    private static String data(List<World> worlds, List<Lesson> lessons, List<SpecText.Definition> spec) {
        return "{\"worlds\":[" + worlds.stream().map(PlayPage::world).collect(Collectors.joining(","))
                + "],\n\"lessons\":["
                + lessons.stream().map(lesson -> text(lesson.text())).collect(Collectors.joining(","))
                + "],\n\"spec\":{"
                + spec.stream()
                        .map(each -> text(each.name()) + ":{\"line\":" + each.line() + ",\"text\":" + text(each.text())
                                + "}")
                        .collect(Collectors.joining(","))
                + "}}";
    }

    /** The words once each; a step is the numbers of its input, its next state, and the messages sent. */
    private static String world(World world) {
        Numbers words = new Numbers();
        List<String> states = new ArrayList<>();
        for (Map.Entry<String, Map<String, Row>> state : world.table().steps().entrySet()) {
            int number = words.of(state.getKey());
            List<String> steps = new ArrayList<>();
            for (Map.Entry<String, Row> step : state.getValue().entrySet()) {
                StringBuilder row = new StringBuilder();
                row.append(words.of(step.getKey())).append(',');
                row.append(words.of(step.getValue().next()));
                for (String sent : step.getValue().sent()) {
                    row.append(',').append(words.of(sent));
                }
                steps.add("[" + row + "]");
            }
            states.add(
                    "[" + number + "," + world.table().allowed(state.getKey()) + "," + String.join(",", steps) + "]");
        }
        return "{\"nodes\":" + world.nodes() + ",\"maxEntries\":" + world.maxEntries() + ",\n\"words\":["
                + words.all().stream().map(PlayPage::text).collect(Collectors.joining(","))
                + "],\n\"steps\":[" + String.join(",\n", states) + "]}";
    }

    /** A string of JSON that may stand in a script element. */
    static String text(String value) {
        StringBuilder out = new StringBuilder("\"");
        for (int k = 0; k < value.length(); k++) {
            char c = value.charAt(k);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == '<' || c > '~') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    /** Numbers for words, from 0 on. */
    private static final class Numbers {
        private final Map<String, Integer> known = new LinkedHashMap<>();

        int of(String word) {
            Integer number = known.get(word);
            if (number == null) {
                number = known.size();
                known.put(word, number);
            }
            return number;
        }

        List<String> all() {
            return List.copyOf(known.keySet());
        }
    }
}
