package dev.checkedraft.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;

/** A trace, line by line. */
class TraceWriterTest {
    private static final List<String> SERVERS = List.of("a", "b");
    private static final TraceHeader HEADER =
            new TraceHeader(SERVERS, Set.copyOf(TraceEvent.STATE_FIELDS), Map.of("seed", "1"));

    /** Two servers, by hand: a is elected, commits a value that b holds, b learns of it and restarts. */
    private static void run(TraceSink sink) {
        Traced a = new Traced("a", sink);
        Traced b = new Traced("b", sink);
        Message requestVote =
                a.does(RaftNode::startElection, null, null).messages().get(0);
        Message append = a.receives(b.receives(requestVote));
        a.receives(b.receives(append));
        Message proposed = a.does(node -> node.propose("x\n\u00e9\ud83d\ude00"), null, "x\n\u00e9\ud83d\ude00")
                .messages()
                .get(0);
        a.receives(b.receives(proposed));
        Message heartbeat =
                a.does(RaftNode::sendHeartbeats, null, null).messages().get(0);
        b.receives(heartbeat);
        b.restarts();
        b.does(RaftNode::startElection, null, null);
    }

    private static final String EXPECTED = """
            {"format":"checked-raft-trace","version":1,"servers":["a","b"],"observes":["currentTerm","votedFor","role","commitIndex","votesGranted","votesRefused","matchIndex","log"],"about":{"seed":"1"}}
            {"event":"StartElection","node":"a","sent":{"term":1,"lastLogIndex":0,"lastLogTerm":0},"state":{"currentTerm":1,"votedFor":"a","role":"Candidate","votesGranted":["a"]}}
            {"event":"HandleRequestVote","node":"b","msg":{"type":"RequestVote","term":1,"from":"a","to":"b","lastLogIndex":0,"lastLogTerm":0},"sent":{"term":1,"voteGranted":true},"state":{"currentTerm":1,"votedFor":"a"}}
            {"event":"HandleRequestVoteResponse","node":"a","msg":{"type":"RequestVoteResponse","term":1,"from":"b","to":"a","voteGranted":true},"state":{"role":"Leader","votesGranted":[],"log":{"from":1,"entries":[{"term":1,"value":""}]}}}
            {"event":"SendAppendEntries","node":"a","msg":{"type":"AppendEntries","term":1,"from":"a","to":"b","prevLogIndex":0,"prevLogTerm":0,"entries":[{"term":1,"value":""}],"leaderCommit":0}}
            {"event":"HandleAppendEntries","node":"b","msg":{"type":"AppendEntries","term":1,"from":"a","to":"b","prevLogIndex":0,"prevLogTerm":0,"entries":[{"term":1,"value":""}],"leaderCommit":0},"sent":{"term":1,"success":true,"matchIndex":1},"state":{"log":{"from":1,"entries":[{"term":1,"value":""}]}}}
            {"event":"HandleAppendEntriesResponse","node":"a","msg":{"type":"AppendEntriesResponse","term":1,"from":"b","to":"a","success":true,"matchIndex":1},"state":{"commitIndex":1,"matchIndex":{"b":1}}}
            {"event":"Propose","node":"a","value":"x\\né\\uD83D\\uDE00","state":{"log":{"from":2,"entries":[{"term":1,"value":"x\\né\\uD83D\\uDE00"}]}}}
            {"event":"SendAppendEntries","node":"a","msg":{"type":"AppendEntries","term":1,"from":"a","to":"b","prevLogIndex":1,"prevLogTerm":1,"entries":[{"term":1,"value":"x\\né\\uD83D\\uDE00"}],"leaderCommit":1}}
            {"event":"HandleAppendEntries","node":"b","msg":{"type":"AppendEntries","term":1,"from":"a","to":"b","prevLogIndex":1,"prevLogTerm":1,"entries":[{"term":1,"value":"x\\né\\uD83D\\uDE00"}],"leaderCommit":1},"sent":{"term":1,"success":true,"matchIndex":2},"state":{"commitIndex":1,"log":{"from":2,"entries":[{"term":1,"value":"x\\né\\uD83D\\uDE00"}]}}}
            {"event":"HandleAppendEntriesResponse","node":"a","msg":{"type":"AppendEntriesResponse","term":1,"from":"b","to":"a","success":true,"matchIndex":2},"state":{"commitIndex":2,"matchIndex":{"b":2}}}
            {"event":"SendAppendEntries","node":"a","msg":{"type":"AppendEntries","term":1,"from":"a","to":"b","prevLogIndex":2,"prevLogTerm":1,"entries":[],"leaderCommit":2}}
            {"event":"HandleAppendEntries","node":"b","msg":{"type":"AppendEntries","term":1,"from":"a","to":"b","prevLogIndex":2,"prevLogTerm":1,"entries":[],"leaderCommit":2},"sent":{"term":1,"success":true,"matchIndex":2},"state":{"commitIndex":2}}
            {"event":"Restart","node":"b","state":{"commitIndex":0}}
            {"event":"StartElection","node":"b","sent":{"term":2,"lastLogIndex":2,"lastLogTerm":1},"state":{"currentTerm":2,"votedFor":"b","role":"Candidate","votesGranted":["b"]}}
            """;

    private static final class Traced {
        private RaftNode node;
        private final Tracer tracer;

        Traced(String id, TraceSink sink) {
            node = RaftNode.restart(Config.of(id, SERVERS, 1), DurableState.INITIAL);
            tracer = new Tracer(id, node.config().peers(), sink);
        }

        Ready does(Function<RaftNode, Ready> input, @Nullable Message message, @Nullable String value) {
            Ready ready = input.apply(node);
            tracer.handled(node, message, value, ready);
            return ready;
        }

        /** Returns the message sent first, if any. */
        @Nullable
        Message receives(@Nullable Message message) {
            List<Message> sent = does(raft -> raft.step(message), message, null).messages();
            return sent.isEmpty() ? null : sent.get(0);
        }

        void restarts() {
            node = RaftNode.restart(node.config(), node.durableState());
            tracer.restarted(node);
        }
    }

    private static byte[] written(TraceHeader header) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TraceWriter writer = new TraceWriter(out, header)) {
            run(writer);
        }
        return out.toByteArray();
    }

    @Test
    void aRunAsItIsWritten() {
        assertEquals(EXPECTED, new String(written(HEADER), StandardCharsets.UTF_8));
    }

    @Test
    void theSameEventsGiveTheSameBytes() {
        assertArrayEquals(written(HEADER), written(HEADER));
    }

    /** Whatever order the header's sets and maps are in. */
    @Test
    void theHeaderIsWrittenInOneOrder() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TraceWriter(
                        out,
                        new TraceHeader(
                                SERVERS,
                                Set.of("log", "currentTerm", "role"),
                                Map.of("seed", "1", "made-by", "hand", "nodes", "2", "z", "")))
                .close();

        assertEquals("""
                {"format":"checked-raft-trace","version":1,"servers":["a","b"],"observes":["currentTerm","role","log"],"about":{"made-by":"hand","nodes":"2","seed":"1","z":""}}
                """, out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aTraceIsOneLineAnEventAndEndsWithALineEnd() {
        String trace = new String(written(HEADER), StandardCharsets.UTF_8);

        assertTrue(trace.endsWith("}\n"));
        assertTrue(trace.lines().allMatch(line -> line.startsWith("{\"") && line.endsWith("}")));
    }

    /** In a map there is no telling what one will find; a writer that guessed would write what no reader understands. */
    @Test
    void aValueOfNoKnownFormIsAnError() {
        TraceEvent event = new TraceEvent(Action.RESTART, "a", null, null, null, Map.of("currentTerm", 1.5));
        TraceWriter writer = new TraceWriter(OutputStream.nullOutputStream(), HEADER);

        assertEquals(
                "a trace has no form for class java.lang.Double",
                assertThrows(IllegalArgumentException.class, () -> writer.accept(event))
                        .getMessage());
    }

    @Test
    void aFailureToWriteIsNotKeptSilent() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left on device");
            }
        };
        TraceWriter writer = new TraceWriter(full, HEADER);

        assertThrows(UncheckedIOException.class, writer::close);
    }

    @Test
    void aTraceOfNothingIsItsHeader() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TraceWriter(out, HEADER).close();

        assertEquals(1, out.toString(StandardCharsets.UTF_8).lines().count());
        TraceSink.NONE.accept(new TraceEvent(Action.RESTART, "a", null, null, null, Map.of()));
    }
}
