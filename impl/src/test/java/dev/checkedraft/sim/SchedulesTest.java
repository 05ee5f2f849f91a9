package dev.checkedraft.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.sim.ScenariosTest.TestFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Schedules that failed once, of this core or of one with a bug planted in it, and must never fail again: {@code
 * src/test/resources/schedules}. Of each the text form is the canonical one, too.
 */
class SchedulesTest {
    @TestFactory
    List<DynamicTest> schedules() throws IOException {
        List<Path> files = TestFiles.in("schedules");
        assertFalse(files.isEmpty());
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(TestFiles.name(file), () -> survives(file)))
                .toList();
    }

    private static void survives(Path file) throws IOException {
        Schedule schedule = Schedule.load(file);
        assertEquals(schedule, Schedule.parse(schedule.text()));
        Outcome outcome = Outcome.of(schedule);
        if (outcome.failure() != null) {
            fail(file + ":\n" + Transcript.of(schedule), outcome.failure());
        }
    }
}
