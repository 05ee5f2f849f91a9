package dev.checkedraft.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.checkedraft.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Scenarios for people to read: {@code src/test/resources/scenarios}. Each file is a comment on what there is to see, a
 * schedule, a line of dashes, and the transcript that the schedule must give. After a change that is meant to show,
 * {@code mvn test -Dtest=ScenariosTest -Draft.rewrite=true} writes the transcripts anew; read the difference.
 */
class ScenariosTest {
    private static final String DASHES = "-".repeat(80) + "\n";

    @TestFactory
    List<DynamicTest> scenarios() throws IOException {
        return TestFiles.in("scenarios").stream()
                .map(file -> DynamicTest.dynamicTest(TestFiles.name(file), () -> compare(file)))
                .toList();
    }

    private static void compare(Path file) throws IOException {
        String text = Files.readString(file);
        int dashes = text.indexOf(DASHES);
        String schedule = dashes < 0 ? text : text.substring(0, dashes);
        String transcript = Transcript.of(Schedule.parse(schedule));
        if (Boolean.getBoolean("raft.rewrite")) {
            Files.writeString(file, schedule + DASHES + transcript);
        } else {
            assertEquals(text, schedule + DASHES + transcript, file + " (see ScenariosTest)");
        }
    }

    /** The files of a folder of {@code src/test/resources}. */
    static final class TestFiles {
        private TestFiles() {}

        static Path folder(String name) {
            return Path.of("src", "test", "resources", name);
        }

        static List<Path> in(String name) throws IOException {
            try (Stream<Path> files = Files.list(folder(name))) {
                return files.sorted().toList();
            }
        }

        static String name(Path file) {
            return String.valueOf(file.getFileName());
        }
    }
}
