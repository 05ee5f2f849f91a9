package dev.checkedraft.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.Merger;
import dev.checkedraft.validate.TraceValidator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** etcd's state traces, by examples/etcd/adapter.py, judged by AnyRaft.tla. */
class EtcdAdapterTest {
    private static final Path FOLDER = Path.of("examples/etcd");
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

    private String adapt(Path log, Path out, String... options) throws IOException, InterruptedException {
        List<String> args = new ArrayList<>(List.of(FOLDER.resolve("adapter.py").toString()));
        args.addAll(List.of(options));
        args.addAll(List.of(log.toString(), out.toString()));
        return python(args.toArray(String[]::new));
    }

    private static Verdict validate(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return TraceValidator.validate(reader, ANY);
        }
    }

    @Test
    void aLogIsAcceptedUpToItsFirstChangeOfVoters() throws IOException, InterruptedException {
        Path out = dir.resolve("trace");
        assertEquals(
                "33 events, up to line 85, where the voters change to [['1', '2'], []]\n",
                adapt(FOLDER.resolve("sample.ndjson"), out));
        Verdict verdict = validate(out);
        assertInstanceOf(Verdict.Accepted.class, verdict, verdict::toString);
        assertEquals(33, verdict.evidence().events());
        assertEquals(
                Set.of(
                        "HandleRequestVote: a vote is refused",
                        "HandleRequestVoteResponse: it is a Candidate then, not a Leader",
                        "a candidate leads by its own vote, counted last",
                        "HandleAppendEntriesResponse: less is committed",
                        "a leader commits in a step of its own",
                        "a heartbeat without a check of the log",
                        "HandleAppendEntries: more is acknowledged",
                        "a leader or candidate steps down in its term",
                        "a message is ignored",
                        "Restart: a commit index is remembered"),
                verdict.evidence().choices().keySet());
    }

    @Test
    void thePartsOfEachNodeAreOneRun() throws IOException, InterruptedException {
        adapt(FOLDER.resolve("sample.ndjson"), dir, "--per-node");
        List<TraceReader> readers = new ArrayList<>();
        for (String node : List.of("n1", "n2", "n3")) {
            readers.add(TraceReader.open(dir.resolve(node + ".ndjson")));
        }
        try {
            Verdict verdict = Merger.validate(readers, ANY);
            assertInstanceOf(Verdict.Accepted.class, verdict, verdict::toString);
            assertEquals(33, verdict.evidence().events());
        } finally {
            for (TraceReader reader : readers) {
                reader.close();
            }
        }
    }

    /** A line of the log with a lie in it, and the line of the input of which it tells. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    17 | "vote": "1" | "vote": "3" | 14
                    17 | "term": 2 | "term": 3 | 14
                    31 | "index": 4 | "index": 5 | 30
                    36 | "commit": 4 | "commit": 5 | 34
                    43 | "commit": 4, "vote" | "commit": 5, "vote" | 43
                    51 | "log": 6 | "log": 7 | 49
                    """)
    void aLieDiverges(int line, String truth, String lie, int where) throws IOException, InterruptedException {
        List<String> lines = Files.readAllLines(FOLDER.resolve("sample.ndjson"));
        assertTrue(lines.get(line - 1).contains(truth), lines.get(line - 1));
        lines.set(line - 1, lines.get(line - 1).replace(truth, lie));
        Path log = Files.write(dir.resolve("log"), lines);
        Path out = dir.resolve("trace");
        adapt(log, out, "--lines");
        Verdict.Diverged verdict = assertInstanceOf(Verdict.Diverged.class, validate(out));
        long diverged = verdict.divergence().where().line();
        assertTrue(
                Files.readAllLines(dir.resolve("trace.lines")).contains(diverged + " " + where),
                verdict.divergence().where() + " " + verdict.divergence().event());
    }

    @Test
    void whatIsNoLogIsRefused() throws IOException, InterruptedException {
        Path log = Files.writeString(dir.resolve("log"), "{}\nno\n");
        assertEquals(log + ":2: expected a JSON object, found something else\n", adapt(log, dir.resolve("trace")));
    }
}
