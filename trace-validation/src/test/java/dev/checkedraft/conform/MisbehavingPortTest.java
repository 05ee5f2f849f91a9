package dev.checkedraft.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.checkedraft.drive.Level;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a port does to its pipes, the verdict is one line that names run and step. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MisbehavingPortTest {
    /** Wraps the Python port: whether it repeats numbers, and what it does with some answers, the program's caller says. */
    @SuppressWarnings("InlineFormatString") // a program, to be read on its own
    private static final String WRAPPER = """
            import json, os, sys, time
            sys.path.insert(0, %s)
            import raft
            node, count = None, 0
            for line in sys.stdin:
                count += 1
                asked = json.loads(line)
                number = asked.pop("number", None)
                [(kind, body)] = asked.items()
                if kind == "start":
                    node = raft.Node(body)
                    answer = node.answer("Restart", (node.raft.currentTerm, node.raft.votedFor))
                    answer["numbered"] = %s
                else:
                    try:
                        answer = node.handle(kind, body)
                    except raft.Refused as reason:
                        answer = {"error": str(reason)}
                if number is not None:
                    answer["number"] = number
                text = json.dumps(answer)
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

    private ConformReport check(String seventhAnswer) throws IOException, InterruptedException {
        return check(false, "if count == 7: " + seventhAnswer);
    }

    private ConformReport check(boolean numbered, String answers) throws IOException, InterruptedException {
        String path = Json.write(Kit.PYTHON_PORT.getParent().toString());
        String port = String.format(WRAPPER, path, numbered ? "True" : "False", answers);
        return Kit.check(
                Kit.python(Files.writeString(folder.resolve("port.py"), port)),
                Kit.options(3, 2, Level.ALL)
                        .withRuns(2, 50)
                        .withWorkers(1)
                        .withPatience(Kit.PATIENCE, Duration.ofSeconds(1)));
    }

    @Test
    void wrongJsonIsToldWithItsColumn() throws IOException, InterruptedException {
        assertOneLine(check("text = '{broken'"), "wrongly: not JSON at column 2");
    }

    @Test
    void wrongTypeIsToldWithItsField() throws IOException, InterruptedException {
        assertOneLine(
                check("answer['state']['currentTerm'] = '2'; text = json.dumps(answer)"),
                "wrongly: state.currentTerm must be a whole number from 0 to 9007199254740991, not \"2\"");
    }

    @Test
    void extraFieldIsToldWithItsName() throws IOException, InterruptedException {
        assertOneLine(
                check("answer['state']['leader'] = 'n1'; text = json.dumps(answer)"),
                "wrongly: unknown field state.leader");
    }

    @Test
    void bytesThatAreNoTextAreTold() throws IOException, InterruptedException {
        assertOneLine(check("sys.stdout.buffer.write(bytes([255, 254])); text = ''"), "not UTF-8");
    }

    @Test
    void deathIsToldWithItsExitCodeAndLastWords() throws IOException, InterruptedException {
        ConformReport report = check("print('out of luck', file=sys.stderr); sys.exit(3)");
        assertOneLine(report, "exited with code 3 instead of an answer to {");
        assertTrue(
                report.details().contains("stderr: out of luck"),
                report.details().toString());
    }

    @Test
    void deathBySignalIsTold() throws IOException, InterruptedException {
        assertOneLine(check("os.kill(os.getpid(), 9)"), "was ended by signal 9");
    }

    @Test
    void deathInTheMiddleOfALineIsTold() throws IOException, InterruptedException {
        assertOneLine(check("sys.stdout.write('{'); sys.stdout.flush(); os._exit(1)"), "in the middle of a line");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void extraLineIsNotTakenForTheNextAnswer(boolean numbered) throws IOException, InterruptedException {
        assertOneLine(
                check(numbered, "if count == 7: text = text + chr(10) + text"), "wrote a line that nobody asked for");
    }

    /** However late it comes: here the next input is there already. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lateExtraLineIsNotTakenForAnAnswer(boolean numbered) throws IOException, InterruptedException {
        ConformReport report = check(
                numbered,
                "extra = text if count == 7 else extra + chr(10) + text if count == 8 else 0;"
                        + " text = extra if count == 8 else text");
        assertOneLine(report, "wrote a line that nobody asked for");
        assertEquals(numbered, report.text().contains("asked for: {\"action\""), report.text());
    }

    /** It is told by the line itself, also when that is no answer at all. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lineForDebuggingIsShown(boolean numbered) throws IOException, InterruptedException {
        assertOneLine(
                check(numbered, "if count > 6: print('term is now', node.raft.currentTerm)"),
                "wrote a line that nobody asked for: term is now ");
    }

    /** With as many lines as inputs nobody is accused of one too many. */
    @Test
    void answerWithAnotherNumberIsTold() throws IOException, InterruptedException {
        assertOneLine(
                check(true, "if count == 7: answer['number'] = 3; text = json.dumps(answer)"),
                "wrongly: number must be 7, not 3");
    }

    @Test
    void messageThatWentToTheWrongServerIsTold() throws IOException, InterruptedException {
        String twice = "if answer.get('action') == 'StartElection':"
                + " answer['send'][1] = answer['send'][0]; text = json.dumps(answer)";
        assertOneLine(check(false, twice), "did StartElection and sent a RequestVote twice to n1 and none to n");
    }

    /** Every field may be missing, and {@code state} as a whole. */
    @Test
    void portThatTellsNothingOfItsStateConforms() throws IOException, InterruptedException {
        ConformReport report = check(
                false,
                "answer.pop('state', 0); answer.pop('action', 0); answer.pop('apply', 0);"
                        + " text = json.dumps(answer)");
        assertEquals(ConformReport.Verdict.CONFORMS, report.verdict(), report.toString());
    }

    /** The last answer of all has none after it to be taken for. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void extraLineAtTheEndIsFound(boolean numbered) throws IOException, InterruptedException {
        String atTheEnd = "import atexit; atexit.register(print, 'good-bye') if count == 7 else None";
        assertOneLine(check(numbered, atTheEnd), "wrote a line that nobody asked for: good-bye");
    }

    @Test
    void endlessOutputFillsNoMemory() throws IOException, InterruptedException {
        long before = usedMemory();
        ConformReport report = check("[sys.stdout.write('[]' + chr(10)) for _ in range(10**9)]");
        assertOneLine(report, "wrote a line that nobody asked for: []");
        assertTrue(usedMemory() - before < 200_000_000L, "memory grew");
    }

    @Test
    void lineWithoutEndFillsNoMemory() throws IOException, InterruptedException {
        assertOneLine(check("[sys.stdout.write('x' * 4096) for _ in range(10**9)]"), "a line of more than");
    }

    @Test
    void aMegabyteOfNoiseOnStderrHarmsNobody() throws IOException, InterruptedException {
        ConformReport report = check("sys.stderr.write(('noise' * 20 + chr(10)) * 10500); sys.stderr.flush()");
        assertEquals(ConformReport.Verdict.CONFORMS, report.verdict(), report.text());
    }

    @Test
    void afterAMegabyteOfNoiseOnStderrTheLastLinesAreKept() throws IOException, InterruptedException {
        ConformReport report = check(
                "sys.stderr.write(('noise' * 20 + chr(10)) * 10500 + 'the end'); sys.stderr.flush(); text = 'garbage'");
        assertOneLine(report, "not JSON");
        assertTrue(
                report.details().contains("stderr: the end"), report.details().toString());
        assertTrue(report.details().size() <= 8, report.details().toString());
    }

    @Test
    void differentAnswersToTheSameInputsAreFound() throws IOException, InterruptedException {
        String flag = Json.write(folder.resolve("flag").toString());
        ConformReport report = check(
                false,
                "if count == 7 and not os.path.exists(" + flag + "):" + " open(" + flag
                        + ", 'w'); del answer['state']; text = json.dumps(answer)");
        assertOneLine(report, "the same inputs, from the same seed, gave two answers");
        assertTrue(
                report.details().get(0).startsWith("first:  action "),
                report.details().toString());
    }

    @Test
    void noSuchCommandIsNoVerdict() throws InterruptedException {
        ConformReport report = Kit.check(List.of("/no/such/command"), Kit.options(3, 1, Level.ALL));
        assertEquals(ConformReport.Verdict.NOT_STARTED, report.verdict());
        assertTrue(report.text().contains("n1 cannot be started"), report.text());
    }

    @Test
    void programThatEndsAtOnceIsNoVerdict() throws InterruptedException {
        ConformReport report = Kit.check(List.of("python3", "/no/such/file.py"), Kit.options(3, 1, Level.ALL));
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
