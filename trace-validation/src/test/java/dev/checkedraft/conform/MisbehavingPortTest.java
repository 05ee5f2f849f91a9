package dev.checkedraft.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.checkedraft.port.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a port does to its pipes, the verdict is one line that names run and step. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MisbehavingPortTest {
    /** Wraps the Python port: what it does with its seventh answer, the program's caller says. */
    @SuppressWarnings("InlineFormatString") // a program, to be read on its own
    private static final String WRAPPER = """
            import json, os, sys, time
            sys.path.insert(0, %s)
            import raft
            node, count = None, 0
            for line in sys.stdin:
                count += 1
                [(kind, body)] = json.loads(line).items()
                if kind == "start":
                    node = raft.Node(body)
                    answer = node.answer("Restart", (node.raft.currentTerm, node.raft.votedFor))
                else:
                    try:
                        answer = node.handle(kind, body)
                    except raft.Refused as reason:
                        answer = {"error": str(reason)}
                text = json.dumps(answer)
                if count == 7:
                    %s
                sys.stdout.write(text + "\\n")
                sys.stdout.flush()
            """;

    @TempDir
    Path folder;

    @BeforeAll
    static void python() {
        assumeTrue(Kit.hasPython(), "no python3 here");
    }

    private ConformReport check(String seventhAnswer, double patience) throws IOException, InterruptedException {
        String path = Json.write(Kit.PYTHON_PORT.getParent().toString());
        Path program = Files.writeString(folder.resolve("port.py"), String.format(WRAPPER, path, seventhAnswer));
        return Conformance.check(
                new ConformOptions(
                        Kit.python(program),
                        3,
                        1,
                        2,
                        null,
                        Level.ALL,
                        50,
                        Duration.ofMillis((long) (patience * 1000)),
                        1,
                        Duration.ofSeconds(1)),
                totals -> {});
    }

    @Test
    void wrongJsonIsToldWithItsColumn() throws IOException, InterruptedException {
        assertOneLine(check("text = '{broken'", 20), "wrongly: not JSON at column 2");
    }

    @Test
    void wrongTypeIsToldWithItsField() throws IOException, InterruptedException {
        assertOneLine(
                check("answer['state']['currentTerm'] = '2'; text = json.dumps(answer)", 20),
                "wrongly: state.currentTerm must be a whole number from 0 to 1073741823, not \"2\"");
    }

    @Test
    void extraFieldIsToldWithItsName() throws IOException, InterruptedException {
        assertOneLine(
                check("answer['state']['leader'] = 'n1'; text = json.dumps(answer)", 20),
                "wrongly: unknown field state.leader");
    }

    @Test
    void bytesThatAreNoTextAreTold() throws IOException, InterruptedException {
        assertOneLine(check("sys.stdout.buffer.write(bytes([255, 254])); text = ''", 20), "not UTF-8");
    }

    @Test
    void noAnswerIsSaidWithinItsDeadline() throws IOException, InterruptedException {
        ConformReport report = check("time.sleep(600)", 0.3);
        assertOneLine(report, "gave no answer to {");
        assertTrue(report.text().contains("in 0.3 s"), report.text());
    }

    @Test
    void lateAnswerIsSaidToBeLate() throws IOException, InterruptedException {
        ConformReport report = check("time.sleep(0.7)", 0.5);
        assertOneLine(report, ", and has 0.5");
    }

    @Test
    void deathIsToldWithItsExitCodeAndLastWords() throws IOException, InterruptedException {
        ConformReport report = check("print('out of luck', file=sys.stderr); sys.exit(3)", 20);
        assertOneLine(report, "exited with code 3 instead of an answer to {");
        assertTrue(
                report.details().contains("stderr: out of luck"),
                report.details().toString());
    }

    @Test
    void deathBySignalIsTold() throws IOException, InterruptedException {
        assertOneLine(check("os.kill(os.getpid(), 9)", 20), "was ended by signal 9");
    }

    @Test
    void closedStdoutIsTold() throws IOException, InterruptedException {
        assertOneLine(check("os.close(1); time.sleep(600)", 20), "closed its stdout");
    }

    @Test
    void deathInTheMiddleOfALineIsTold() throws IOException, InterruptedException {
        assertOneLine(check("sys.stdout.write('{'); sys.stdout.flush(); os._exit(1)", 20), "in the middle of a line");
    }

    @Test
    void extraLineIsNotTakenForTheNextAnswer() throws IOException, InterruptedException {
        assertOneLine(check("text = text + chr(10) + text", 20), "wrote a line that nobody asked for");
    }

    @Test
    void endlessOutputFillsNoMemory() throws IOException, InterruptedException {
        long before = usedMemory();
        ConformReport report = check("[sys.stdout.write('[]' + chr(10)) for _ in range(10**9)]", 20);
        assertOneLine(report, "wrote a line that nobody asked for: []");
        assertTrue(usedMemory() - before < 200_000_000L, "memory grew");
    }

    @Test
    void lineWithoutEndFillsNoMemory() throws IOException, InterruptedException {
        assertOneLine(check("[sys.stdout.write('x' * 4096) for _ in range(10**9)]", 20), "a line of more than");
    }

    @Test
    void aMegabyteOfNoiseOnStderrHarmsNobody() throws IOException, InterruptedException {
        ConformReport report = check("sys.stderr.write(('noise' * 20 + chr(10)) * 10500); sys.stderr.flush()", 20);
        assertEquals(ConformReport.Verdict.CONFORMS, report.verdict(), report.text());
    }

    @Test
    void afterAMegabyteOfNoiseOnStderrTheLastLinesAreKept() throws IOException, InterruptedException {
        ConformReport report = check(
                "sys.stderr.write(('noise' * 20 + chr(10)) * 10500 + 'the end'); sys.stderr.flush(); text = 'garbage'",
                20);
        assertOneLine(report, "not JSON");
        assertTrue(
                report.details().contains("stderr: the end"), report.details().toString());
        assertTrue(report.details().size() <= 4, report.details().toString());
    }

    @Test
    void differentAnswersToTheSameInputsAreFound() throws IOException, InterruptedException {
        String flag = Json.write(folder.resolve("flag").toString());
        ConformReport report = check(
                "if not os.path.exists(" + flag + "):" + " open(" + flag
                        + ", 'w'); del answer['state']; text = json.dumps(answer)",
                20);
        assertOneLine(report, "the same inputs, from the same seed, gave two answers");
        assertTrue(
                report.details().get(0).startsWith("first:  action "),
                report.details().toString());
    }

    @Test
    void noSuchCommandIsNoVerdict() throws InterruptedException {
        ConformReport report =
                Conformance.check(Kit.options(List.of("/no/such/command"), 3, 1, Level.ALL), totals -> {});
        assertEquals(ConformReport.Verdict.NOT_STARTED, report.verdict());
        assertTrue(report.text().contains("n1 cannot be started"), report.text());
    }

    @Test
    void programThatEndsAtOnceIsNoVerdict() throws InterruptedException {
        ConformReport report =
                Conformance.check(Kit.options(List.of("python3", "/no/such/file.py"), 3, 1, Level.ALL), totals -> {});
        assertEquals(ConformReport.Verdict.NOT_STARTED, report.verdict());
        assertTrue(report.text().contains("exited with code 2"), report.text());
        assertTrue(
                report.details().get(0).contains("No such file"),
                report.details().toString());
    }

    private static void assertOneLine(ConformReport report, String says) {
        String text = report.text();
        assertTrue(text.contains(says), text);
        assertEquals(1, text.lines().count(), text);
        assertTrue(text.length() < 400, text);
        assertTrue(
                text.matches("(?s)does not conform: seed 1, run 1 of 3 nodes, (step \\d+|before the first step): .*"),
                text);
        assertFalse(text.contains("Exception"), text);
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
