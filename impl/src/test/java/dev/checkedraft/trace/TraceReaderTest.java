package dev.checkedraft.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the reader takes, and the one line it has for everything else. */
class TraceReaderTest {
    private static final String HEADER =
            "{\"format\":\"checked-raft-trace\",\"version\":1,\"servers\":[\"n1\",\"n2\"],\"observes\":[\"role\"]}";

    private static TraceReader open(String text) throws IOException {
        return open(text.getBytes(StandardCharsets.UTF_8));
    }

    private static TraceReader open(byte[] bytes) throws IOException {
        return TraceReader.open(new ByteArrayInputStream(bytes), "t", TraceLimits.DEFAULT);
    }

    private static List<TraceEvent> read(String text) throws IOException {
        try (TraceReader reader = open(text)) {
            List<TraceEvent> events = new ArrayList<>();
            TraceEvent event = reader.next();
            while (event != null) {
                events.add(event);
                event = reader.next();
            }
            return events;
        }
    }

    private static String error(String text) {
        return assertThrows(TraceFormatException.class, () -> read(text)).getMessage();
    }

    @Test
    void whatTheWriterWritesIsReadBack() throws IOException {
        TraceHeader header =
                new TraceHeader(List.of("n2", "n1"), new LinkedHashSet<>(TraceEvent.STATE_FIELDS), Map.of("seed", "7"));
        List<TraceEvent> events = List.of(
                new TraceEvent(
                        Action.HANDLE_APPEND_ENTRIES,
                        "n2",
                        Map.of("type", "AppendEntries", "term", 3L, "entries", List.of(new Entry(3, "x\u00e9\n"))),
                        Map.of("success", true, "matchIndex", 2L),
                        null,
                        Map.of(
                                "log", new LogChange(2, List.of(new Entry(3, "x\u00e9\n"))),
                                "votedFor", Optional.empty(),
                                "role", "Follower",
                                "votesGranted", List.of("n1", "n2"),
                                "matchIndex", Map.of("n1", 4L))),
                new TraceEvent(Action.PROPOSE, "n1", null, null, "y", Map.of()),
                new TraceEvent(Action.RESTART, "n1", null, null, null, Map.of("votedFor", Optional.of("n2"))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TraceWriter writer = new TraceWriter(out, header)) {
            events.forEach(writer::accept);
        }

        try (TraceReader reader = open(out.toByteArray())) {
            assertEquals(header, reader.header());
            for (TraceEvent event : events) {
                assertEquals(event, reader.next());
            }
            assertEquals(4, reader.line());
            assertNull(reader.next());
        }
    }

    @Test
    void crlfAndAByteOrderMarkAndAMissingLastLineEndAreRead() throws IOException {
        String event = "{\"event\":\"Restart\",\"node\":\"n1\"}";
        assertEquals(
                2, read("\uFEFF" + HEADER + "\r\n" + event + "\r\n" + event).size());
    }

    @Test
    void keysComeInAnyOrder() throws IOException {
        String line = "{\"msg\":{\"term\":1,\"lastLogIndex\":0},\"node\":\"n1\",\"event\":\"HandleRequestVote\"}";
        TraceEvent event = read(HEADER + "\n" + line).get(0);
        assertEquals(Map.of("term", 1L, "lastLogIndex", 0L), event.msg());
        assertEquals(
                "t:2:18: unknown key \"success\", expected one of from, lastLogIndex, lastLogTerm, term, to, type",
                error(HEADER + "\n" + line.replace("lastLogIndex\":0", "success\":true"))
                        .replaceFirst(":2:\\d+:", ":2:18:"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {                                               | the last line is cut short
            {"event":"Restart","node                        | the last line is cut short
            []                                              | expected an event, a JSON object, found something else
            {"event":"Restart","node":"n1"} x               | not JSON
            {"event":"Restart","node":"n1"}{}               | expected the end of the line, found an object
            {"event":"Restart"}                             | expected an event with "event" and "node"
            {"event":"Reboot","node":"n1"}                  | expected one of [HandleAppendEntries,
            {"event":"Restart","node":"n3"}                 | expected one of the servers n1, n2, found "n3"
            {"event":"Restart","node":7}                    | expected a server's name, found 7
            {"event":"Restart","node":"n1","node":"n1"}     | key "node" appears twice
            {"event":"Restart","node":"n1","time":5}        | unknown key "time", expected one of event, node, msg,
            {"event":"Restart","node":"n1","msg":{}}        | expected no "msg" in Restart
            {"event":"Restart","node":"n1","value":"x"}     | expected no "value" in Restart
            {"event":"Propose","node":"n1"}                 | expected a "value" in Propose
            {"event":"Restart","node":"n1","state":[]}      | expected a state, an object, found an array
            {"event":"Restart","node":"n1","state":{"currentTerm":NaN}}      | not JSON
            {"event":"Restart","node":"n1","state":{"currentTerm":1.5}}      | expected an integer from 0 to 1073741823
            {"event":"Restart","node":"n1","state":{"currentTerm":-1}}       | expected an integer from 0 to 1073741823
            {"event":"Restart","node":"n1","state":{"currentTerm":1073741824}} | expected an integer from 0 to 1073741823
            {"event":"Restart","node":"n1","state":{"currentTerm":1,"currentTerm":1}} | key "currentTerm" appears twice
            {"event":"Restart","node":"n1","state":{"role":"Boss"}}          | expected "Follower", "Candidate" or "Leader"
            {"event":"Restart","node":"n1","state":{"votedFor":"n9"}}        | expected one of the servers n1, n2
            {"event":"Restart","node":"n1","state":{"votesGranted":["n1","n1"]}} | server "n1" appears twice
            {"event":"Restart","node":"n1","state":{"matchIndex":{"n9":1}}}  | unknown key "n9"
            {"event":"Restart","node":"n1","state":{"log":{"from":0,"entries":[]}}} | expected an index of 1 or more
            {"event":"Restart","node":"n1","state":{"log":{"from":1}}}       | expected a log change with "from" and "entries"
            {"event":"Restart","node":"n1","state":{"log":{"from":1,"entries":[{"term":0,"value":"x"}]}}} | expected a term of 1
            {"event":"Restart","node":"n1","state":{"log":{"from":9999999,"entries":[]}}} | a log of more than 5000000
            {"event":"HandleRequestVote","node":"n1","msg":{"type":"AppendEntries"}} | expected "RequestVote"
            {"event":"HandleRequestVote","node":"n1","msg":[[[[[[[[]]]]]]]]} | expected a message, an object, found an array
            """)
    void everythingElseIsAnErrorOfOneLineWithItsPlace(String line, String expected) {
        String message = error(HEADER + "\n" + line);
        assertTrue(message.startsWith("t:2:"), message);
        assertTrue(message.contains(expected.strip()), message);
        assertTrue(!message.contains("\n"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                                                    | expected a header line, found an empty file
            {"event":"Restart","node":"n1"}                                       | unknown key "event", expected one of format
            {"format":"other","version":1,"servers":["a"]}                        | expected "checked-raft-trace", found "other"
            {"format":"checked-raft-trace","version":3,"servers":["a"]}           | expected version 1 or 2, found 3
            {"format":"checked-raft-trace","version":1}                           | expected a header with "servers"
            {"format":"checked-raft-trace","version":1,"servers":[]}              | expected 1 to 64 servers, found none
            {"format":"checked-raft-trace","version":1,"servers":["a","a"]}       | server "a" appears twice
            {"format":"checked-raft-trace","version":1,"servers":["a b"]}         | expected a server's name, 1 to 64 characters
            {"format":"checked-raft-trace","version":1,"servers":["1","2","3","4","5","6","7","8","9","0"]} | more than 9 servers
            {"format":"checked-raft-trace","version":1,"servers":["a"],"observes":["logs"]} | expected one of [currentTerm,
            {"format":"checked-raft-trace","version":1,"servers":["a"],"about":{"x":{}}} | expected a text, a number
            {"format":"checked-raft-trace","version":1,"servers":["a"],"quorums":{"election":1,"commit":1}} | expected "version":2 before "quorums"
            {"format":"checked-raft-trace","version":1,"servers":["a"],"observes":["stored"]} | expected one of [currentTerm,
            {"format":"checked-raft-trace","version":2,"servers":["a","b"],"quorums":{"election":1,"commit":2}} | two that elect need not meet
            {"format":"checked-raft-trace","version":2,"servers":["a","b","c"],"quorums":{"election":2,"commit":1}} | two that elect need not meet
            {"format":"checked-raft-trace","version":2,"servers":["a","b","c"],"quorums":{"election":4,"commit":1}} | two that elect need not meet
            {"format":"checked-raft-trace","version":2,"servers":["a"],"quorums":{"election":1}} | expected "election" and "commit"
            {"format":"checked-raft-trace","version":2,"initial":{"a":{}},"servers":["a"]} | the servers, which come first
            {"format":"checked-raft-trace","version":2,"servers":["a"],"initial":{"a":{"role":"Leader"}}} | unknown key "role"
            {"format":"checked-raft-trace","version":2,"servers":["a"],"initial":{"a":{"log":{"length":2}}}} | expected a "lastTerm" of the log at the start
            {"format":"checked-raft-trace","version":2,"servers":["a"],"initial":{"a":{"log":{"length":2,"lastTerm":1}}}} | whose last term is 0 or less
            {"format":"checked-raft-trace","version":2,"servers":["a"],"initial":{"a":{"currentTerm":1,"commitIndex":3,"log":{"length":2,"lastTerm":1}}}} | and 3 entries or more
            {"format":"checked-raft-trace","version":2,"servers":["a"],"initial":{"a":{"currentTerm":2,"log":{"from":1,"entries":[{"term":2,"value":"x"},{"term":1,"value":"y"}]}}}} | terms that do not fall
            """)
    void aBadHeaderIsAnErrorOfOneLine(String line, String expected) {
        String message = error(line == null ? "" : line);
        assertTrue(message.startsWith("t:1:"), message);
        assertTrue(message.contains(expected.strip()), message);
        assertTrue(!message.contains("\n"), message);
    }

    @Test
    void anErrorNamesTheColumn() {
        assertEquals(
                "t:2:27: expected a server's name, found 7", error(HEADER + "\n{\"event\":\"Restart\",\"node\":7}"));
    }

    @Test
    void aLineOfTenMegabytesIsRefusedWithoutBeingReadToItsEnd() {
        InputStream endless = new InputStream() {
            private long given;

            @Override
            public int read() {
                return given++ < 10_000_000 ? '{' : -1;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                Arrays.fill(buffer, offset, offset + length, (byte) '{');
                given += length;
                assertTrue(given < 5_000_000, "read on after the limit");
                return length;
            }
        };
        TraceFormatException e =
                assertThrows(TraceFormatException.class, () -> TraceReader.open(endless, "t", TraceLimits.DEFAULT));
        assertEquals("t:1:1048577: expected a line of at most 1048576 bytes, found a longer one", e.getMessage());
    }

    @Test
    void linesLongerThanTheBufferAndManyOfThemAreRead() throws IOException {
        String event = "{\"event\":\"Propose\",\"node\":\"n1\",\"value\":\"" + "v".repeat(200_000) + "\"}";
        List<TraceEvent> events = read(HEADER + "\n" + (event + "\n").repeat(20));
        assertEquals(20, events.size());
        assertEquals("v".repeat(200_000), events.get(19).value());
    }

    @Test
    void invalidUtf8IsAnError() {
        byte[] bytes =
                (HEADER + "\n{\"event\":\"Propose\",\"node\":\"n1\",\"value\":\"?\"}").getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 3] = (byte) 0xFF;
        TraceFormatException e = assertThrows(TraceFormatException.class, () -> {
            try (TraceReader reader = open(bytes)) {
                reader.next();
            }
        });
        assertTrue(e.getMessage().startsWith("t:2:"), e.getMessage());
        assertTrue(e.getMessage().contains("UTF-8"), e.getMessage());
    }
}
