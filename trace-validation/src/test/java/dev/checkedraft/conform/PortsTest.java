package dev.checkedraft.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.drive.Level;
import dev.checkedraft.drive.RunResult;
import dev.checkedraft.drive.Step;
import dev.checkedraft.hunt.Sections;
import dev.checkedraft.port.JavaPort;
import dev.checkedraft.port.Pipe;
import dev.checkedraft.port.ProtocolException;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Right ports conform, broken ones do not, and the schedule that shows it is short and can be replayed. */
class PortsTest {
    private static final int LONGEST_SCHEDULE = 25;
    private static final Path BROKEN_PAGE = Kit.MODULE.resolve("ports/python/BROKEN.md");

    @TempDir
    Path folder;

    @Test
    void javaScriptPortConforms() throws InterruptedException {
        Kit.Language javaScript = Kit.Language.JAVASCRIPT;
        assumeTrue(javaScript.isHere(), "no node here");
        ConformReport report = Kit.check(javaScript.command(javaScript.port), Kit.options(0, 30, Level.ALL));
        report.mustConform();
        System.out.println(
                "javascript port: " + report.text() + "; " + report.details().get(0));
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void pythonPortConforms(Level level) throws InterruptedException {
        assumeTrue(Kit.hasPython(), "no python3 here");
        ConformReport report = Kit.check(Kit.python(Kit.PYTHON_PORT), Kit.options(0, 30, level));
        assertEquals(ConformReport.Verdict.CONFORMS, report.verdict(), report.toString());
        assertEquals(level == Level.ALL, report.totals().kills() > 0, report.toString());
        assertEquals(
                level == Level.ELECTION,
                !report.totals().events().containsKey(Action.PROPOSE)
                        || report.totals().events().get(Action.PROPOSE) == 0);
        System.out.println(
                "python port: " + report.text() + "; " + report.details().get(0));
    }

    /** The kit on the implementation that the simulator and the fuzzer check in process. */
    @Test
    void javaCoreConformsThroughTheProtocol() throws InterruptedException {
        ConformReport report = Kit.check(Kit.java(), Kit.options(3, 5, Level.ALL));
        assertEquals(ConformReport.Verdict.CONFORMS, report.verdict(), report.toString());
        assertTrue(report.details().contains("never checked, since the port does not give it: nothing"));
    }

    @Test
    void sameSeedTriesTheSame() throws InterruptedException {
        List<List<Step>> runs = Stream.of(1, 2)
                .map(k -> {
                    Setup setup = RandomSteps.setup(0, 42, 5);
                    try (PortCluster cluster = new PortCluster(Kit.inProcess(), Kit.PATIENCE, Level.ALL)) {
                        RunResult result = cluster.execute(
                                setup, new RandomSteps(42, setup, Level.ALL, 200), () -> false, false, false);
                        assertNull(result.failure());
                        return result.steps();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
        assertEquals(runs.get(0), runs.get(1));
    }

    /** Every action and crash happens within few runs: nothing is checked by checking nothing. */
    @Test
    void runsAreNotVacuous() throws InterruptedException {
        RunTotals tally = new RunTotals(Kit.options(0, 60, Level.ALL));
        for (int run = 1; run <= 60; run++) {
            Setup setup = RandomSteps.setup(0, run, run);
            try (PortCluster cluster = new PortCluster(Kit.inProcess(), Kit.PATIENCE, Level.ALL)) {
                RunResult result =
                        cluster.execute(setup, new RandomSteps(run, setup, Level.ALL, 200), () -> false, false, true);
                assertNull(result.failure(), () -> String.valueOf(result.failure()));
                tally.count(result, false);
            }
        }
        ConformReport.Totals totals = tally.totals();
        for (Action action : Action.values()) {
            assertTrue(totals.events().getOrDefault(action, 0L) > 50, action + ": " + totals);
        }
        assertTrue(totals.crashes() > 50 && totals.applied() > 200, totals.toString());
    }

    private static String told(ConformReport report) {
        return Stream.of(
                        Stream.of("```", report.text()),
                        report.details().stream().map(line -> "  " + line),
                        Stream.of("", "The schedule:"),
                        IntStream.range(0, report.schedule().size())
                                .mapToObj(
                                        k -> (k + 1) + ". " + report.schedule().get(k)),
                        Stream.of("```"))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    static Stream<Kit.Bug> examples() throws IOException, ProtocolException {
        return Kit.bugs(Kit.Language.PYTHON).stream().filter(Kit.Bug::example);
    }

    @Test
    void thereAreFiveExamples() throws IOException, ProtocolException {
        assertEquals(5, examples().count());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void brokenPortIsCaughtByAShortSchedule(Kit.Bug bug) throws IOException, InterruptedException {
        assumeTrue(Kit.hasPython(), "no python3 here");
        ConformOptions options = Kit.options(0, 500, Level.ALL);
        List<String> command = Kit.python(Kit.broken(Kit.Language.PYTHON, bug, folder));
        ConformReport report = Kit.check(command, options);
        assertEquals(ConformReport.Verdict.DOES_NOT_CONFORM, report.verdict(), report.toString());
        assertTrue(
                report.schedule().size() <= LONGEST_SCHEDULE, report.schedule().toString());
        System.out.printf(
                "%s: caught in run %d after %.1f s, %d steps%n",
                bug, report.run(), report.totals().seconds(), report.schedule().size());

        // What the documentation shows is what is told: -Draft.rewrite=true writes it anew.
        String told = told(report);
        if (Boolean.getBoolean("raft.rewrite")) {
            Sections.write(BROKEN_PAGE, bug.toString(), told);
        }
        assertEquals(told, Sections.read(BROKEN_PAGE, bug.toString()), BROKEN_PAGE + ", " + bug);

        Path file = folder.resolve(bug + ".schedule");
        Schedule schedule = report.replayable();
        assertTrue(schedule != null);
        schedule.save(file, report.text());
        ConformReport replayed = Kit.replay(command, options, Schedule.load(file));
        assertEquals(ConformReport.Verdict.DOES_NOT_CONFORM, replayed.verdict(), replayed.toString());
        assertEquals(report.schedule(), replayed.schedule());
        assertEquals(report.text().replaceFirst("seed .*? nodes?, ", ""), replayed.text());

        ConformReport right = Kit.replay(Kit.python(Kit.PYTHON_PORT), options, Schedule.load(file));
        assertEquals(ConformReport.Verdict.CONFORMS, right.verdict(), right.toString());
    }

    /** A schedule is honoured as it is: also where it begins, what is sent in a node's name, and the end of all faults. */
    @Test
    void scheduleMayBeginInALaterTermWithALog() {
        Schedule schedule = Schedule.parse("""
                nodes 3
                base-term 5000000000
                base-log 7
                timeout n1
                deliver n1 n2
                deliver n2 n1
                propose n1 x
                send n1 n3 7 1 0
                deliver n1 n3 AppendEntries -1
                send n1 n2 3 5 0
                deliver n1 n2 AppendEntries -1
                recover 300
                """);
        ConformReport report = Conformance.replay(JavaPort::new, Kit.options(0, 1, Level.ALL), schedule);
        report.mustConform();
        List<String> told = report.schedule();
        assertEquals(schedule.size(), told.size());
        assertTrue(told.get(0).contains("persists currentTerm 5000000001, votedFor n1"), told.get(0));
        assertTrue(told.get(4).contains("prevLogIndex 7, prevLogTerm 1, entries [no-op@5000000001]"), told.get(4));
        assertTrue(told.get(6).contains("prevLogIndex 3, prevLogTerm 1, entries [no-op@1 "), told.get(6));
    }

    /** What the node itself is given, and says, has its names; what a reader is told has n1, n2 and n3. */
    @Test
    void nodesMayHaveAnyNames() throws InterruptedException {
        Schedule schedule = Schedule.parse("""
                nodes 3
                names __proto__ n1 db-1:2380
                timeout n1
                deliver n1 n2
                deliver n2 n1
                propose n1 n1
                recover 300
                """);
        List<RecordingPipe> pipes = new ArrayList<>();
        Pipe.Launcher recording = () -> {
            RecordingPipe pipe = new RecordingPipe();
            pipes.add(pipe);
            return pipe;
        };
        ConformReport report = new Conformance(recording, Kit.options(0, 1, Level.ALL)).replay(schedule);
        report.mustConform();
        List<String> starts = pipes.stream()
                .map(pipe -> pipe.transcript.get(0).input())
                .limit(3)
                .toList();
        for (int node = 0; node < 3; node++) {
            String begin = "{\"start\":{\"id\":\"" + schedule.setup().names().get(node)
                    + "\",\"servers\":[\"__proto__\",\"n1\",\"db-1:2380\"],";
            assertTrue(starts.get(node).startsWith(begin), starts.get(node));
        }
        String told = report.schedule().get(3);
        assertTrue(told.startsWith("a client proposes n1 to n1"), told);
        assertTrue(told.contains("to n2, n3"), told);
    }
}
