package dev.checkedraft.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Version 2 of the format, for other Rafts. */
class AnyRaftTraceTest {
    private static final String HEADER =
            "{\"format\":\"checked-raft-trace\",\"version\":2,\"servers\":[\"n1\",\"n2\"],\"observes\":[\"role\",\"log\"]}";

    private static List<TraceEvent> read(String text) throws IOException {
        List<TraceEvent> events = new ArrayList<>();
        try (TraceReader reader = open(text)) {
            for (TraceEvent event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
        }
        return events;
    }

    private static TraceReader open(String text) throws IOException {
        return TraceReader.open(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "t", TraceLimits.DEFAULT);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        TraceHeader header = new TraceHeader(
                TraceHeader.ANY_RAFT,
                List.of("n1", "n2", "n3", "n4"),
                Set.of("role", "log", "stored"),
                Map.of("seed", "1"),
                Set.of(),
                new Quorums(3, 2),
                Map.of(
                        "n2", Map.of("currentTerm", 4L, "commitIndex", 2L, "log", new LogSize(3, 4)),
                        "n3", Map.of("currentTerm", 1L, "log", new LogChange(1, List.of(new Entry(1, "x"))))));
        List<TraceEvent> events = List.of(
                new TraceEvent(TraceAction.STEP_DOWN, "n1", null, null, null, Map.of("role", "Follower")),
                new TraceEvent(
                        TraceAction.HANDLE_APPEND_ENTRIES,
                        "n1",
                        Map.of("entries", new LogSize(2, LogSize.UNKNOWN)),
                        Map.of("success", true),
                        null,
                        Map.of("log", new LogSize(5, 4), "stored", 3L),
                        Set.of("role")),
                new TraceEvent(TraceAction.PROPOSE, "n2", null, null, null, Map.of("log", new LogSize(0, 0))),
                new TraceEvent(
                        TraceAction.SEND_HEARTBEAT, "n2", Map.of("to", "n1", "leaderCommit", 1L), null, null, Map.of()),
                new TraceEvent(
                        TraceAction.IGNORE, "n2", Map.of("type", "RequestVote", "term", 1L), null, null, Map.of()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TraceWriter writer = new TraceWriter(out, header)) {
            events.forEach(writer::accept);
        }
        try (TraceReader reader = open(out.toString(StandardCharsets.UTF_8))) {
            assertEquals(header, reader.header());
            for (TraceEvent event : events) {
                assertEquals(event, reader.next());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"event":"Ignore","node":"n1","msg":{"term":1}}                            | expected a "type" in the message
            {"event":"Ignore","node":"n1","msg":{"type":"Heartbeat","success":true}}   | unknown key "success"
            {"event":"Ignore","node":"n1","msg":{"type":"PreVote"}}                    | expected one of [AppendEntries,
            {"event":"StepDown","node":"n1","msg":{}}                                  | expected no "msg" in StepDown
            {"event":"StepDown","node":"n1","unknown":["currentTerm"]}                 | expected one of those in "observes"
            {"event":"StepDown","node":"n1","unknown":["role","role"]}                 | "role" appears twice
            {"event":"StepDown","node":"n1","value":"x"}                               | expected no "value" in StepDown
            {"event":"StepDown","node":"n1","state":{"log":{"lastTerm":1}}}            | expected "length"
            {"event":"StepDown","node":"n1","state":{"log":{"length":1,"lastTerm":0}}} | expected a "lastTerm" of 0 with no
            {"event":"StepDown","node":"n1","state":{"log":{"length":0,"lastTerm":1}}} | expected a "lastTerm" of 0 with no
            {"event":"StepDown","node":"n1","state":{"log":{"length":1,"length":1}}}   | key "length" appears twice
            {"event":"StepDown","node":"n1","state":{"log":{"length":1,"from":1}}}     | unknown key "from"
            {"event":"StepDown","node":"n1","state":{"log":{"from":1,"length":1}}}     | unknown key "length"
            {"event":"StepDown","node":"n1","state":{"log":{"length":9999999}}}        | a log of more than 5000000
            {"event":"HandleHeartbeat","node":"n1","msg":{"type":"AppendEntries"}}     | expected "Heartbeat"
            {"event":"SendHeartbeat","node":"n1","msg":{},"sent":{}}                   | expected no "sent"
            """)
    void everythingElseIsAnErrorOfOneLineWithItsPlace(String line, String expected) {
        TraceFormatException error = assertThrows(TraceFormatException.class, () -> read(HEADER + "\n" + line));
        assertTrue(String.valueOf(error.getMessage()).startsWith("t:2:"), error::getMessage);
        assertTrue(String.valueOf(error.getMessage()).contains(expected.strip()), error::getMessage);
    }

    /** Version 1 has none of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"event":"StepDown","node":"n1"}                                  | expected one of [HandleAppendEntries,
            {"event":"Restart","node":"n1","unknown":["role"]}                | unknown key "unknown"
            {"event":"Restart","node":"n1","state":{"stored":1}}              | unknown key "stored"
            {"event":"Restart","node":"n1","state":{"log":{"length":1}}}      | unknown key "length"
            {"event":"HandleAppendEntries","node":"n1","msg":{"entries":{"length":1}}} | expected an array of entries
            {"event":"Propose","node":"n1"}                                   | expected a "value" in Propose
            """)
    void versionOneHasNoneOfIt(String line, String expected) {
        TraceFormatException error = assertThrows(
                TraceFormatException.class, () -> read(HEADER.replace("\"version\":2", "\"version\":1") + "\n" + line));
        assertTrue(String.valueOf(error.getMessage()).contains(expected.strip()), error::getMessage);
    }

    @Test
    void thereMayBeSixtyFourServers() throws IOException {
        List<String> names = new ArrayList<>();
        for (int k = 0; k < 64; k++) {
            names.add("\"s" + k + "\"");
        }
        String header = HEADER.replace("\"n1\",\"n2\"", String.join(",", names));
        assertEquals(
                1, read(header + "\n{\"event\":\"StepDown\",\"node\":\"s63\"}").size());
        String more = header.replace("\"s63\"", "\"s63\",\"s64\"");
        TraceFormatException error = assertThrows(TraceFormatException.class, () -> read(more));
        assertTrue(String.valueOf(error.getMessage()).contains("more than 64 servers"), error::getMessage);
    }
}
