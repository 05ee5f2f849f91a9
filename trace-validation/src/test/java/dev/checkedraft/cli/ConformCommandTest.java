package dev.checkedraft.cli;

import static dev.checkedraft.cli.Run.raft;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.checkedraft.report.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code raft conform} prints and writes. */
class ConformCommandTest {
    @TempDir
    Path dir;

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", "").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** A port that takes no candidate's word and votes for everyone. */
    private Path broken() throws Exception {
        assumeTrue(hasPython(), "no python3 here");
        String text = Files.readString(Path.of("ports/python/raft.py"));
        String checked = "self.votedFor in (None, m[\"from\"]) and up_to_date";
        assertTrue(text.contains(checked));
        return Files.writeString(dir.resolve("raft.py"), text.replace(checked, "up_to_date"));
    }

    @Test
    void verdictIsAlsoJsonAndAJUnitReport() throws Exception {
        Path xml = dir.resolve("report.xml");
        Path schedule = dir.resolve("failing.schedule");
        Run run = raft(
                "conform",
                "--format",
                "json",
                "--junit-xml",
                xml.toString(),
                "--save",
                schedule.toString(),
                "--",
                "python3",
                broken().toString());
        assertEquals(ExitCode.FAILED, run.exit());
        assertEquals(1, run.out().lines().count(), run.out());
        assertTrue(
                run.out().startsWith("{\"verdict\":\"does not conform\",\"text\":\"does not conform: seed 1"),
                run.out());
        String report = Files.readString(xml);
        assertTrue(report.contains("<testsuite name=\"raft conform\" tests=\"1\" failures=\"1\" errors=\"0\""), report);
        assertTrue(Files.exists(schedule));
    }

    /** What is no folder, or a full disk, is no reason to lose the verdict. */
    @Test
    void scheduleThatCannotBeSavedChangesNoVerdict() throws Exception {
        Run run = raft(
                "conform",
                "--save",
                dir.resolve("raft.py/x.schedule").toString(),
                "--",
                "python3",
                broken().toString());
        assertEquals(ExitCode.FAILED, run.exit());
        assertTrue(run.err().contains("the schedule could not be saved: "), run.err());
    }
}
