package dev.checkedraft.play;

import dev.checkedraft.schedule.Schedule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A schedule with words for a reader. Its file is a schedule that {@code raft simulate --schedule} takes: {@code #=} begins
 * the title, {@code #>} what is said before the decisions that follow, {@code #?} what to try next.
 */
record Lesson(String text, Schedule schedule) {
    private static final List<String> FILES =
            List.of("election.schedule", "split-vote.schedule", "conflict.schedule", "figure-8.schedule");

    static List<Lesson> all() {
        return FILES.stream()
                .map(file -> resource(file))
                .map(text -> new Lesson(text, Schedule.parse(text)))
                .toList();
    }

    /** A file of the jar, beside this class if its name does not begin at the root. */
    static String resource(String file) {
        try (InputStream in = Lesson.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
