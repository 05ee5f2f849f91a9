package dev.checkedraft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verdict that no trace against the spec as it is can have: a safety property does not hold. */
class TraceReportTest {
    private final Verdict unsafe = new Verdict.Unsafe(
            new TraceLocation("t.ndjson", 7),
            new TraceEvent(Action.RESTART, "n2", null, null, null, Map.of()),
            "ElectionSafety",
            "n2 leads term 1, which n1 led",
            new Evidence(6, 5, Map.of(), Map.of(), Map.of()));
    private final TraceReport report = TraceReport.of("t.ndjson", unsafe, 0.5);

    @Test
    void itIsAFailureInALine() {
        assertEquals(ExitCode.FAILED, report.exit());
        assertEquals(
                "t.ndjson:7: n2 Restart: a step of Raft.tla after which ElectionSafety does not hold: n2 leads term 1, which"
                        + " n1 led",
                report.line());
        assertEquals(report.line(), report.explained(true));
    }

    @Test
    void inJsonItNamesThePropertyAndThePlace() {
        String json = report.json();
        assertTrue(
                json.startsWith(
                        "{\"verdict\":\"unsafe\",\"file\":\"t.ndjson\",\"line\":7,\"event\":\"Restart\",\"node\":\"n2\","
                                + "\"property\":\"ElectionSafety\",\"what\":\"n2 leads term 1, which n1 led\","),
                json);
        assertTrue(json.contains("\"events\":6,\"safe\":5"), json);
    }

    @Test
    void forCiItIsAFailureAndNoError(@TempDir Path folder) throws IOException {
        JUnitXml.write(folder.resolve("report.xml"), List.of(report));
        String xml = Files.readString(folder.resolve("report.xml"));
        assertTrue(xml.contains("failures=\"1\"") && xml.contains("errors=\"0\""), xml);
        assertTrue(xml.contains("ElectionSafety does not hold"), xml);
    }
}
