package dev.checkedraft.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.checkedraft.port.Answer;
import dev.checkedraft.port.JavaPort;
import dev.checkedraft.port.Json;
import dev.checkedraft.port.PortException;
import dev.checkedraft.port.PortLines;
import dev.checkedraft.port.PortProcess;
import dev.checkedraft.port.ProtocolException;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.TraceValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What PORTING.md says is so. */
class PortingTest {
    @TempDir
    Path folder;

    @Test
    void transcriptIsReal() throws IOException, InterruptedException, PortException, ProtocolException {
        assumeTrue(Kit.hasPython(), "no python3 here");
        int inputs = 0;
        try (PortProcess port = PortProcess.start(Kit.python(Kit.PYTHON_PORT))) {
            String answer = "";
            for (String line : Files.readAllLines(Kit.PORTING)) {
                if (line.startsWith("> {")) {
                    answer = port.ask(line.substring(2), Duration.ofSeconds(30));
                    inputs++;
                } else if (line.startsWith("< {")) {
                    assertEquals(Json.read(line.substring(2)), Json.read(answer), line);
                }
            }
        }
        assertTrue(inputs >= 8, "the transcript has " + inputs + " inputs");
    }

    @Test
    void theSameTranscriptIsTheJavaCores() throws IOException, ProtocolException {
        PortLines port = new PortLines(JavaPort::new);
        Answer answer = null;
        List<String> servers = List.of("n1", "n2", "n3");
        for (String line : Files.readAllLines(Kit.PORTING)) {
            if (line.startsWith("> {")) {
                answer = Answer.read(port.answer(line.substring(2)), servers);
            } else if (line.startsWith("< {") && answer != null) {
                Answer python = Answer.read(line.substring(2), servers);
                assertEquals(python.state(), answer.state(), line);
                assertEquals(python.persist(), answer.persist(), line);
                assertEquals(python.error() == null, answer.error() == null, line);
            }
        }
    }

    @Test
    void adapterMakesTracesThatTheSpecAccepts() throws IOException, InterruptedException {
        assumeTrue(Kit.hasPython(), "no python3 here");
        assertTrue(validate(adapted("")) instanceof Verdict.Accepted);
    }

    @Test
    void adapterMakesTracesThatTheSpecRejects() throws IOException, InterruptedException {
        assumeTrue(Kit.hasPython(), "no python3 here");
        assertTrue(validate(adapted("/reply=0/reply=1/")) instanceof Verdict.Diverged, "an answer turned round");
        assertTrue(validate(adapted("/commit=2/commit=3/")) instanceof Verdict.Diverged, "a commit index too high");
        assertTrue(validate(adapted("/wal=1:1/wal=1:2/")) instanceof Verdict.Diverged, "an entry of another term");
    }

    /** The traces that the adapter makes of the example logs, in each of which an edit /find/replace/ is made once. */
    private List<Path> adapted(String edit) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Kit.python(Kit.ADAPTER, folder.toString()));
        for (String node : List.of("a", "b", "c")) {
            String log = Files.readString(Kit.ADAPTER.resolveSibling("other-logs/" + node + ".log"));
            String[] parts = edit.split("/", -1);
            Path copy = folder.resolve(node + ".log");
            Files.writeString(copy, edit.isEmpty() ? log : log.replaceFirst(parts[1], parts[2]));
            command.add(copy.toString());
        }
        Kit.Output output = Kit.run(command);
        assertEquals(0, output.code(), output.lines().toString());
        return List.of(folder.resolve("a.ndjson"), folder.resolve("b.ndjson"), folder.resolve("c.ndjson"));
    }

    /** In the order of the logs' clocks, which are one clock in the example. */
    private static Verdict validate(List<Path> traces) throws IOException {
        record Timed(int clock, int file, int line, TraceEvent event) {}
        List<Timed> events = new ArrayList<>();
        TraceValidator validator = null;
        for (int file = 0; file < traces.size(); file++) {
            Path trace = traces.get(file);
            List<String> log = Files.readAllLines(Path.of(trace.toString().replace(".ndjson", ".log")));
            try (TraceReader reader = TraceReader.open(trace)) {
                validator = validator == null ? TraceValidator.open(reader.header()) : validator;
                for (int line = 0; line < log.size(); line++) {
                    TraceEvent event = reader.next();
                    int clock = Integer.parseInt(log.get(line).strip().split(" ", 2)[0]);
                    events.add(new Timed(clock, file, line, event));
                }
            }
        }
        events.sort(Comparator.comparingInt(Timed::clock)
                .thenComparingInt(Timed::file)
                .thenComparingInt(Timed::line));
        for (Timed timed : events) {
            if (!validator.feed(timed.event())) {
                break;
            }
        }
        return validator.verdict();
    }
}
