package dev.checkedraft.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.checkedraft.hunt.Sections;
import dev.checkedraft.port.PortProcess;
import dev.checkedraft.port.ProtocolException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every mistake that is planted in a port is found by what conform tries if nothing else is asked for. */
class BrokenPortsTest {
    /** Most schedules are at most so long, and none is longer than the other: some mistakes take many ticks, or a long log. */
    private static final int LONG_SCHEDULE = 25;

    private static final int LONGEST_SCHEDULE = 75;

    @TempDir
    Path folder;

    /** A row of a page's table. */
    private record Row(String bug, String about, String run, String steps, String told) {
        static Row of(String line) {
            String[] cells = line.substring(2).split(" \\| ", -1);
            return new Row(cells[0], cells[1], cells[2], cells[3].strip(), cells[4]);
        }

        /** The first run that fails; 0 if it takes many runs together to see the mistake. */
        int number() {
            return run.equals("all") ? 0 : Integer.parseInt(run);
        }
    }

    private static List<Row> table(Kit.Language language) throws IOException {
        return Sections.read(language.page(), "all")
                .lines()
                .skip(2)
                .map(Row::of)
                .toList();
    }

    private Conformance conformance(Kit.Language language, Kit.Bug bug, Duration shrinking) throws IOException {
        List<String> command = language.command(Kit.broken(language, bug, folder));
        return new Conformance(
                () -> PortProcess.start(command), ConformOptions.DEFAULT.withPatience(Kit.PATIENCE, shrinking));
    }

    /** The runs before the one that the table names are left out: a run does not depend on them. */
    @ParameterizedTest
    @EnumSource
    void everyPlantedMistakeIsFound(Kit.Language language) throws IOException, InterruptedException, ProtocolException {
        assumeTrue(language.isHere(), "no interpreter here");
        List<String> passed = new ArrayList<>();
        List<Kit.Bug> bugs = Kit.bugs(language);
        List<Row> rows = table(language);
        for (int k = 0; k < bugs.size(); k++) {
            Conformance conformance = conformance(language, bugs.get(k), Duration.ZERO);
            int run = rows.get(k).number();
            assertTrue(run <= ConformOptions.DEFAULT.runs(), rows.get(k).toString());
            ConformReport report = run == 0 ? conformance.check(totals -> {}) : conformance.checkRun(run);
            if (run > 0 && report.verdict() != ConformReport.Verdict.DOES_NOT_CONFORM) {
                // A mistake that is itself random shows in one of many runs.
                report = conformance(language, bugs.get(k), Duration.ZERO).check(totals -> {});
            }
            if (report.verdict() != ConformReport.Verdict.DOES_NOT_CONFORM) {
                passed.add(bugs.get(k) + ": " + report.text());
            }
        }
        assertEquals(List.of(), passed);
        assertTrue(bugs.size() >= 50, "there are only " + bugs.size());
    }

    /** {@code -Draft.rewrite=true} writes the tables anew; it takes some minutes. */
    @ParameterizedTest
    @EnumSource
    void theTableNamesThemAll(Kit.Language language) throws IOException, InterruptedException, ProtocolException {
        if (Boolean.getBoolean("raft.rewrite")) {
            assumeTrue(language.isHere(), "no interpreter here");
            rewrite(language);
        }
        List<Row> rows = table(language);
        List<Kit.Bug> bugs = Kit.bugs(language);
        assertEquals(bugs.size(), rows.size());
        int isLong = 0;
        for (int k = 0; k < rows.size(); k++) {
            Row row = rows.get(k);
            assertEquals(bugs.get(k).id(), row.bug());
            assertEquals(bugs.get(k).about(), row.about());
            int steps = row.steps().isEmpty() ? 0 : Integer.parseInt(row.steps());
            assertTrue(steps <= LONGEST_SCHEDULE, row.toString());
            isLong += steps > LONG_SCHEDULE ? 1 : 0;
        }
        assertTrue(isLong <= rows.size() / 8, isLong + " schedules are long");
    }

    private void rewrite(Kit.Language language) throws IOException, InterruptedException, ProtocolException {
        StringBuilder table = new StringBuilder(
                "| mistake | | run | steps | the reader is told |\n| --- | --- | --- | --- | --- |\n");
        for (Kit.Bug bug : Kit.bugs(language)) {
            ConformReport report = conformance(language, bug, ConformOptions.DEFAULT.shrinking())
                    .check(totals -> {});
            String told = report.text().replaceFirst("does not conform: (seed .* nodes?, )?", "");
            boolean isOneRun = report.run() > 0;
            table.append(String.format(
                    "| %s | %s | %s | %s | %s |%n",
                    bug,
                    bug.about(),
                    isOneRun ? report.run() : "all",
                    isOneRun ? report.schedule().size() : "",
                    told.replace("|", "\\|")));
            System.out.printf(
                    "%s: run %d, %.1f s, %d steps%n",
                    bug,
                    report.run(),
                    report.totals().seconds(),
                    report.schedule().size());
        }
        Sections.write(language.page(), "all", table.toString().strip());
    }
}
