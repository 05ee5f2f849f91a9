package dev.checkedraft.cli;

import static dev.checkedraft.cli.Run.raft;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands as a user sees them: exit codes, what goes to which stream, and no stack trace ever. */
class CommandsTest {
    private static final String HEADER =
            "{\"format\":\"checked-raft-trace\",\"version\":1,\"servers\":[\"a\",\"b\",\"c\"],\"observes\":[]}\n";
    private static final String ELECTION =
            "{\"event\":\"StartElection\",\"node\":\"a\",\"state\":{\"currentTerm\":1,\"role\":\"Candidate\"}}\n";

    @TempDir
    Path dir;

    private String file(String content) throws IOException {
        Path file = Files.createTempFile(dir, "t", ".ndjson");
        Files.writeString(file, content);
        return file.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7})
    void aSimulatedTraceIsAcceptedAndTheSameArgumentsGiveTheSameBytes(int nodes) throws IOException {
        Path first = dir.resolve("first.ndjson");
        Path second = dir.resolve("second.ndjson");
        for (Path file : List.of(first, second)) {
            Run run = raft(
                    "simulate",
                    "--nodes=" + nodes,
                    "--seed=7",
                    "--steps=20000",
                    "--drop=0.05",
                    "--duplicate=0.02",
                    "--crash=0.001",
                    "-o",
                    file.toString());
            assertEquals(0, run.exit(), run.err());
        }
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        Run verdict = raft("validate", first.toString());
        assertEquals(0, verdict.exit(), verdict.out() + verdict.err());
        assertTrue(verdict.out().contains("accepted"), verdict.out());
    }

    @Test
    void aSimulatedTraceCanGoToStandardOutput() {
        Run run = raft("simulate", "--steps", "50", "-o", "-");
        assertEquals(0, run.exit());
        assertTrue(run.out().startsWith("{\"format\":\"checked-raft-trace\""), run.out());
    }

    /** A run that TLC found is a trace like any other. */
    @Test
    void aWitnessIsWrittenAsATraceThatIsAccepted() {
        String file = dir.resolve("witness.ndjson").toString();
        Run found = raft("check", "witness-older-term", "--workers=1", "--trace=" + file);
        assertEquals(0, found.exit(), found.out() + found.err());
        assertTrue(found.out().contains("NeverCommitsOlderTerm is violated, as it should be"), found.out());
        Run verdict = raft("validate", file);
        assertEquals(0, verdict.exit(), verdict.out() + verdict.err());
    }

    @Test
    void aSavedScheduleRunsAgain() {
        String schedule = Path.of("..", "impl", "src", "test", "resources", "schedules", "figure-8.schedule")
                .toString();
        Run run = raft(
                "simulate",
                "--schedule=" + schedule,
                "-o",
                dir.resolve("t.ndjson").toString());
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.err().contains("n1 handles AppendEntriesResponse{term 3 from n2, matches up to 1}"), run.err());
        assertEquals(0, raft("validate", dir.resolve("t.ndjson").toString()).exit());
    }

    @Test
    void distributedModeFindsTheSameStates() {
        Run run = raft("check", "smoke", "--distributed");
        assertEquals(0, run.exit(), run.out() + run.err());
        assertTrue(run.out().contains(" 3,097 distinct"), run.out());
    }

    @Test
    void aDivergentTraceIsRejectedWithItsPlaceAndExitCode1() throws IOException {
        String file = file(HEADER + ELECTION.replace("\"currentTerm\":1", "\"currentTerm\":2"));
        Run run = raft("validate", file);
        assertEquals(1, run.exit(), run.err());
        assertTrue(run.out().contains(file + ":2"), run.out());
        assertTrue(run.out().contains("currentTerm"), run.out());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not JSON                | hello",
                "unknown event           | {\"event\":\"Explode\",\"node\":\"a\"}",
                "unknown node            | {\"event\":\"Restart\",\"node\":\"z\"}",
                "unknown field           | {\"event\":\"Restart\",\"node\":\"a\",\"mood\":1}",
                "wrong type              | {\"event\":\"Restart\",\"node\":\"a\",\"state\":{\"currentTerm\":\"1\"}}",
                "NaN                     | {\"event\":\"Restart\",\"node\":\"a\",\"state\":{\"currentTerm\":NaN}}",
                "a fraction              | {\"event\":\"Restart\",\"node\":\"a\",\"state\":{\"currentTerm\":1.5}}",
                "a number too large      | {\"event\":\"Restart\",\"node\":\"a\",\"state\":{\"currentTerm\":3000000000}}",
                "truncated line          | {\"event\":\"Restart\",\"no",
            })
    void malformedInputIsOneLineWithPlaceAndExitCode2(String what, String line) throws IOException {
        String file = file(HEADER + ELECTION + line);
        assertOneLineError(raft("validate", file), file + ":3:");
    }

    @Test
    void wrongUsageIsOneLineThatSaysWhereTheOptionsAre() {
        assertOneLineError(raft("simulate", "--steps", "many", "-o", "-"), "'--steps'");
        assertOneLineError(raft("simulate"), "Missing required option: '--output=FILE' (raft simulate --help");
        assertOneLineError(raft("validate", "--no-such-option", "f"), "Unknown option: '--no-such-option'");
        assertOneLineError(raft("nonsense"), "'nonsense'");
    }

    @Test
    void anEmptyFileAMissingHeaderAMissingFileAndALongLineAreErrors() throws IOException {
        String empty = file("");
        assertOneLineError(raft("validate", empty), empty + ":1");
        String headless = file(ELECTION);
        assertOneLineError(raft("validate", headless), headless + ":1");
        String missing = dir.resolve("missing.ndjson").toString();
        assertOneLineError(raft("validate", missing), missing);
        String longLine = file(HEADER + "{\"event\":\"" + "x".repeat(10_000_000) + "\"}");
        assertOneLineError(raft("validate", longLine), longLine + ":2");
        String deep = file(HEADER + "{\"event\":".repeat(100_000));
        assertOneLineError(raft("validate", deep), deep + ":2");
    }

    @Test
    void windowsLineEndsAndAByteOrderMarkAreRead() throws IOException {
        Run run = raft("validate", file('\uFEFF' + (HEADER + ELECTION).replace("\n", "\r\n")));
        assertEquals(0, run.exit(), run.err());
    }

    @Test
    void theWorstOfSeveralVerdictsIsTheExitCode() throws IOException {
        String good = file(HEADER + ELECTION);
        String bad = file(HEADER + ELECTION.replace("Candidate", "Leader"));
        assertEquals(1, raft("validate", good, bad).exit());
        assertEquals(2, raft("validate", bad, dir.resolve("missing").toString()).exit());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frobnicate",
                "simulate --nodes 0 -o -",
                "simulate --nodes 10 -o -",
                "simulate --drop 2 -o -",
                "simulate --steps -1 -o -",
                "simulate",
                "validate",
                "check no-such-model",
                "check --workers 0",
                "explore --nodes 9",
                "verify --runs -1",
                "verify --runs x",
                "verify --part nothing"
            })
    void wrongUsageIsExitCode2AndNoStackTrace(String line) {
        Run run = raft(line.isEmpty() ? new String[0] : line.split(" "));
        assertEquals(2, run.exit(), run.out() + run.err());
        assertFalse(run.err().contains("\tat "), run.err());
        assertFalse(run.err().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "check", "simulate", "validate", "render", "explore", "conform", "port", "fuzz"})
    void everyCommandHasHelp(String command) {
        Run run = raft(command, "--help");
        assertEquals(0, run.exit());
        assertTrue(run.out().startsWith("Usage: raft " + command), run.out());
    }

    @Test
    void theModelsAreListed() {
        Run run = raft("check", "--list");
        assertEquals(0, run.exit());
        assertTrue(run.out().contains("small"), run.out());
    }

    private static void assertOneLineError(Run run, String place) {
        assertEquals(2, run.exit(), run.out() + run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(place), run.err());
    }
}
