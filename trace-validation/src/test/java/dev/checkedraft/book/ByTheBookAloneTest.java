package dev.checkedraft.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.book.ByTheBook.Explained;
import dev.checkedraft.book.ByTheBook.NoStep;
import dev.checkedraft.replay.Corruptions;
import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.trace.TraceWriter;
import dev.checkedraft.validate.TraceValidator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code validate --by-the-book} comes to the replay engine's verdict, at the same line. */
class ByTheBookAloneTest {
    @TempDir
    private Path folder;

    @Test
    void aRunIsExplainedToItsEnd() throws Exception {
        Path trace = write(TestRuns.header(3), TestRuns.events(7, 3, 80));
        assertEquals(new Explained(80), ByTheBook.judge(trace));
    }

    @Test
    void aCorruptedRunEndsWhereTheEngineEndsIt() throws Exception {
        int diverged = 0;
        for (int seed = 1; seed <= 3; seed++) {
            Corruptions.Corrupted corrupted = new Corruptions(seed).corrupt(TestRuns.events(seed, 2, 60));
            Path trace = write(TestRuns.header(2), corrupted.events());
            ByTheBook.Judgement judgement = ByTheBook.judge(trace);
            if (engine(trace) instanceof Verdict.Diverged found) {
                NoStep missing = assertInstanceOf(NoStep.class, judgement, corrupted.what());
                assertEquals(found.divergence().where().toString(), trace + ":" + missing.line());
                assertEquals(found.evidence().events() + 1, missing.place());
                diverged++;
            } else {
                assertEquals(new Explained(60), judgement, corrupted.what());
            }
        }
        assertTrue(diverged >= 2, diverged + " of the traces diverged");
    }

    @Test
    void aTraceWithoutEventsIsExplained() throws Exception {
        assertEquals(new Explained(0), ByTheBook.judge(write(TestRuns.header(1), List.of())));
    }

    @Test
    void whatTlaPlusCannotWriteIsRefused() throws IOException {
        Path trace = folder.resolve("trace.ndjson");
        Files.writeString(trace, """
                {"format":"checked-raft-trace","version":1,"servers":["n1"],"observes":[]}
                {"event":"StartElection","node":"n1"}
                {"event":"Propose","node":"n1","value":"gr\\u00fcn"}
                """);
        String problem = assertThrows(IllegalArgumentException.class, () -> ByTheBook.judge(trace))
                .getMessage();
        assertTrue(problem.contains("printable ASCII") && problem.contains("gr\u00fcn"), problem);
    }

    @Test
    void aTraceThatTlcWouldNotParseInTimeIsRefused() throws IOException {
        Path trace = write(TestRuns.header(1), TestRuns.events(1, 1, ByTheBook.MOST_EVENTS + 1));
        String problem = assertThrows(IllegalArgumentException.class, () -> ByTheBook.judge(trace))
                .getMessage();
        assertTrue(problem.contains("expected at most 2000 events"), problem);
    }

    private Verdict engine(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return TraceValidator.validate(reader, ValidatorOptions.DEFAULT);
        }
    }

    private Path write(TraceHeader header, List<TraceEvent> events) throws IOException {
        Path trace = folder.resolve("trace.ndjson");
        try (OutputStream out = Files.newOutputStream(trace);
                TraceWriter writer = new TraceWriter(out, header)) {
            events.forEach(writer::accept);
        }
        return trace;
    }
}
