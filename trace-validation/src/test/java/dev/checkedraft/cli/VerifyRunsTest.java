package dev.checkedraft.cli;

import static dev.checkedraft.cli.Run.raft;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.fuzz.CheckedRun;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.search.Part;
import dev.checkedraft.trace.TraceSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The parts of {@code raft verify}'s runs, as a user sees them. */
class VerifyRunsTest {
    @TempDir
    Path dir;

    /** Some runs of each part, other than those of every {@code raft verify}: replayed and safe, and not in vain. */
    @ParameterizedTest
    @EnumSource
    void aPartAlone(Part part) {
        int runs = Math.min(part.runs(), 12);
        Run run = raft("verify", "--part", part.name(), "--runs", "" + runs, "--seed", "5001");
        assertEquals(0, run.exit(), run.out() + run.err());
        assertTrue(run.out().contains("events replayed, 0 runs diverged or unsafe"), run.out());
        assertTrue(run.out().endsWith("all holds\n"), run.out());
    }

    /** A run that must settle, and cannot in the time it has, fails as a whole, and by its text again. */
    @Test
    void tooLittleTimeToRecoverIsAFailure() {
        Schedule schedule = Schedule.parse("nodes 3\nrecover 5\n");
        CheckedRun.Failure failure = CheckedRun.of(schedule, TraceSink.NONE).failure();
        assertNotNull(failure);
        assertEquals("Progress", failure.kind());
        assertTrue(CheckedRun.failsLike(failure, Schedule.parse(schedule.text())));
    }

    /** What is sent in a node's name is no input of that node, and so no crash comes in the middle of it. */
    @Test
    void aPortDoesNotCrashOfWhatIsSentInItsName() throws IOException {
        Path file = dir.resolve("some.schedule");
        Files.writeString(file, "nodes 3\nsend n1 n2 0 0 0 crash-after-sending 0\n");
        Run run = raft("conform", "--replay", file.toString(), "--", "true");
        assertEquals(2, run.exit(), run.out() + run.err());
        assertTrue(run.err().contains("what is sent in a node's name does not crash it"), run.err());
    }
}
