package dev.checkedraft.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.TraceValidator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** State traces in the shape of hashicorp/raft's, by examples/hashicorp/adapter.py, judged by AnyRaft.tla. */
class HashicorpAdapterTest {
    private static final Path FOLDER = Path.of("examples/hashicorp");
    private static final ValidatorOptions ANY = ValidatorOptions.DEFAULT.anyRaft();

    @TempDir
    Path dir;

    @BeforeEach
    void needsPython() throws IOException, InterruptedException {
        assumeTrue(python("-c", "pass").isEmpty(), "no python3 here");
    }

    /** Runs python3; what it prints to standard error. */
    private static String python(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(args));
        Process process;
        try {
            process = new ProcessBuilder(command).start();
        } catch (IOException e) {
            return e.toString();
        }
        String text = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    private String adapt(Path log) throws IOException, InterruptedException {
        String adapter = FOLDER.resolve("adapter.py").toString();
        return python(adapter, "--lines", log.toString(), dir.resolve("trace").toString());
    }

    private Verdict validate() throws IOException {
        try (TraceReader reader = TraceReader.open(dir.resolve("trace"))) {
            return TraceValidator.validate(reader, ANY);
        }
    }

    @Test
    void aLogIsAccepted() throws IOException, InterruptedException {
        assertEquals("30 events\n", adapt(FOLDER.resolve("sample.ndjson")));
        Verdict verdict = validate();
        assertInstanceOf(Verdict.Accepted.class, verdict, verdict::toString);
        assertEquals(30, verdict.evidence().events());
        assertEquals(30, verdict.evidence().safe());
    }

    /** A line of the log with a lie in it, at which the trace diverges. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    4  | "votedFor": "s1" | "votedFor": "s3"
                    5  | "term": 2, "votedFor" | "term": 3, "votedFor"
                    11 | "commitIndex": 0 | "commitIndex": 2
                    13 | "matchIndex": 2 | "matchIndex": 3
                    14 | "commitIndex": 2 | "commitIndex": 3
                    20 | "voteGranted": false | "voteGranted": true
                    28 | "lastLogIndex": 5 | "lastLogIndex": 6
                    """)
    void aLieDiverges(int line, String truth, String lie) throws IOException, InterruptedException {
        List<String> lines = Files.readAllLines(FOLDER.resolve("sample.ndjson"));
        assertTrue(lines.get(line - 1).contains(truth), lines.get(line - 1));
        lines.set(line - 1, lines.get(line - 1).replace(truth, lie));
        adapt(Files.write(dir.resolve("log"), lines));
        Verdict.Diverged verdict = assertInstanceOf(Verdict.Diverged.class, validate());
        long diverged = verdict.divergence().where().line();
        assertTrue(
                Files.readAllLines(dir.resolve("trace.lines")).contains(diverged + " " + line),
                verdict.divergence().where() + " " + verdict.divergence().event());
    }

    @Test
    void whatIsNoLogIsRefused() throws IOException, InterruptedException {
        Path log = Files.writeString(dir.resolve("log"), "{}\nno\n");
        assertEquals(log + ":2: expected a JSON object, found something else\n", adapt(log));
    }
}
