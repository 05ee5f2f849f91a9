package dev.checkedraft.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.checkedraft.drive.Level;
import dev.checkedraft.hunt.Sections;
import dev.checkedraft.port.ProtocolException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every mistake that is planted in the Python port is found by what conform tries if nothing else is asked for. */
class BrokenPortsTest {
    private static final Path PAGE = Kit.MODULE.resolve("ports/python/BROKEN.md");
    private static final int RUNS = 500;

    /** Most schedules are at most so long, and none is longer than the other: some mistakes take many ticks, or a long log. */
    private static final int LONG_SCHEDULE = 25;

    private static final int LONGEST_SCHEDULE = 70;

    @TempDir
    Path folder;

    private ConformReport check(Kit.Bug bug, Duration shrinking) throws IOException, InterruptedException {
        return Kit.check(
                Kit.python(Kit.broken(bug, folder)),
                Kit.options(0, RUNS, Level.ALL).withPatience(Kit.PATIENCE, shrinking));
    }

    @Test
    void everyPlantedMistakeIsFound() throws IOException, InterruptedException, ProtocolException {
        assumeTrue(Kit.hasPython(), "no python3 here");
        List<String> passed = new ArrayList<>();
        List<Kit.Bug> bugs = Kit.bugs();
        for (Kit.Bug bug : bugs) {
            ConformReport report = check(bug, Duration.ZERO);
            if (report.verdict() != ConformReport.Verdict.DOES_NOT_CONFORM) {
                passed.add(bug + ": " + report.text());
            }
        }
        assertEquals(List.of(), passed);
        assertTrue(bugs.size() >= 50, "there are only " + bugs.size());
    }

    /** {@code -Draft.rewrite=true} writes the table of all of them anew; it takes some minutes. */
    @Test
    void theTableNamesThemAll() throws IOException, InterruptedException, ProtocolException {
        assumeTrue(Kit.hasPython(), "no python3 here");
        if (Boolean.getBoolean("raft.rewrite")) {
            StringBuilder table = new StringBuilder(
                    "| mistake | | run | steps | the reader is told |\n| --- | --- | --- | --- | --- |\n");
            for (Kit.Bug bug : Kit.bugs()) {
                ConformReport report = check(bug, ConformOptions.DEFAULT.shrinking());
                String told = report.text().replaceFirst("does not conform: (seed .* nodes?, )?", "");
                table.append(String.format(
                        "| %s | %s | %s | %s | %s |%n",
                        bug,
                        bug.about(),
                        report.run() == 0 ? "all" : report.run(),
                        report.run() == 0 ? "" : report.schedule().size(),
                        told.replace("|", "\\|")));
                System.out.printf(
                        "%s: run %d, %.1f s, %d steps%n",
                        bug,
                        report.run(),
                        report.totals().seconds(),
                        report.schedule().size());
            }
            Sections.write(PAGE, "all", table.toString().strip());
        }
        List<String> rows = Sections.read(PAGE, "all").lines().skip(2).toList();
        List<Kit.Bug> bugs = Kit.bugs();
        assertEquals(bugs.size(), rows.size());
        int isLong = 0;
        for (int k = 0; k < rows.size(); k++) {
            String[] cells = rows.get(k).split(" \\| ", -1);
            assertEquals("| " + bugs.get(k), cells[0]);
            assertEquals(bugs.get(k).about(), cells[1]);
            int steps = cells[3].isBlank() ? 0 : Integer.parseInt(cells[3].strip());
            assertTrue(steps <= LONGEST_SCHEDULE, rows.get(k));
            isLong += steps > LONG_SCHEDULE ? 1 : 0;
        }
        assertTrue(isLong <= rows.size() / 8, isLong + " schedules are long");
    }
}
