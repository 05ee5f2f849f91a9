package dev.checkedraft.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Runs in a file a server that are easily merged wrong. */
class MergedFilesTest {
    private static final String OPEN = """
            {"format":"checked-raft-trace","version":1,"servers":["n1","n2","n3"],"observes":[]}
            """;

    private static final String OBSERVED = """
            {"format":"checked-raft-trace","version":1,"servers":["n1","n2","n3"],\
            "observes":["currentTerm","role","votedFor","log","commitIndex"]}
            """;

    private static Verdict merge(ValidatorOptions options, String... files) throws IOException {
        List<TraceReader> readers = new ArrayList<>();
        for (int k = 0; k < files.length; k++) {
            byte[] bytes = files[k].getBytes(StandardCharsets.UTF_8);
            readers.add(TraceReader.open(
                    new ByteArrayInputStream(bytes), (char) ('a' + k) + ".ndjson", TraceLimits.DEFAULT));
        }
        return Merger.validate(readers, options);
    }

    private static Verdict merge(String... files) throws IOException {
        return merge(ValidatorOptions.DEFAULT, files);
    }

    // --------------------------------------------------------------------- a send told in part, and what may answer it

    private static final String HEARTBEAT = "\"type\":\"AppendEntries\",\"term\":1,\"from\":\"n1\",\"to\":\"n2\","
            + "\"prevLogIndex\":1,\"prevLogTerm\":1,\"entries\":[],\"leaderCommit\":0";

    /** Sends a heartbeat to n2, which its file does not tell, and then the entry, which it does. */
    private static final String SENDER = OBSERVED + """
            {"event":"StartElection","node":"n1","state":{"currentTerm":1,"role":"Candidate","votedFor":"n1"}}
            {"event":"HandleRequestVoteResponse","node":"n1","msg":{"type":"RequestVoteResponse","term":1,"from":"n3","to":"n1",\
            "voteGranted":true},"state":{"role":"Leader","log":{"from":1,"entries":[{"term":1,"value":""}]}}}
            {"event":"SendAppendEntries","node":"n1","msg":{"type":"AppendEntries","term":1,"from":"n1","to":"n3",\
            "prevLogIndex":0,"prevLogTerm":0,"entries":[{"term":1,"value":""}],"leaderCommit":0}}
            {"event":"SendAppendEntries","node":"n1","msg":{"to":"n2"}}
            {"event":"HandleAppendEntriesResponse","node":"n1","msg":{"type":"AppendEntriesResponse","term":1,"from":"n3",\
            "to":"n1","success":true,"matchIndex":1},"state":{"commitIndex":1}}
            {"event":"SendAppendEntries","node":"n1","msg":{"type":"AppendEntries","term":1,"from":"n1","to":"n2",\
            "prevLogIndex":0,"prevLogTerm":0,"entries":[{"term":1,"value":""}],"leaderCommit":0}}
            """;

    /** Handles the entry, then the heartbeat. */
    private static final String RECEIVER = OBSERVED + """
            {"event":"HandleAppendEntries","node":"n2","msg":{"type":"AppendEntries","term":1,"from":"n1","to":"n2",\
            "prevLogIndex":0,"prevLogTerm":0,"entries":[{"term":1,"value":""}],"leaderCommit":0},\
            "state":{"currentTerm":1,"log":{"from":1,"entries":[{"term":1,"value":""}]}}}
            {"event":"HandleAppendEntries","node":"n2","msg":{%s},"sent":{"success":true,"matchIndex":1}}
            """.formatted(HEARTBEAT);

    private static final String VOTER = OBSERVED + """
            {"event":"HandleRequestVote","node":"n3","msg":{"type":"RequestVote","term":1,"from":"n1","to":"n3",\
            "lastLogIndex":0,"lastLogTerm":0},"state":{"currentTerm":1,"votedFor":"n1"}}
            {"event":"HandleAppendEntries","node":"n3","msg":{"type":"AppendEntries","term":1,"from":"n1","to":"n3",\
            "prevLogIndex":0,"prevLogTerm":0,"entries":[{"term":1,"value":""}],"leaderCommit":0},\
            "state":{"log":{"from":1,"entries":[{"term":1,"value":""}]}}}
            """;

    @Test
    void aMessageThatWasSentInOneStateOnlyIsNotTakenForSent() throws IOException {
        List<String> files = new ArrayList<>(List.of(SENDER, RECEIVER, VOTER));
        for (int k = 0; k < 3; k++) {
            Collections.rotate(files, 1);
            Verdict verdict = merge(files.toArray(String[]::new));
            assertInstanceOf(Verdict.Accepted.class, verdict, () -> "order of files " + files + ": " + verdict);
            assertEquals(10, verdict.evidence().events());
        }
    }

    @Test
    void aMessageThatNobodyCanHaveSentIsStillMissed() throws IOException {
        String other = RECEIVER.replace(HEARTBEAT, HEARTBEAT.replace("\"prevLogTerm\":1", "\"prevLogTerm\":2"));
        Verdict.Diverged diverged = assertInstanceOf(Verdict.Diverged.class, merge(SENDER, other, VOTER));
        assertEquals("b.ndjson:3", diverged.divergence().where().toString());
        assertEquals(9, diverged.evidence().events());
    }

    /**
     * The first send is the entry's, or the heartbeat's; only the heartbeat's leaves n2 with both of its messages, and then
     * the leader has handled an answer before there was one. On the other way there was: it must not stay behind.
     */
    @Test
    void anAnswerSentOnAWayThatWasGivenUpIsNotTakenForSent() throws IOException {
        String answered = OBSERVED + """
                {"event":"StartElection","node":"n1","state":{"currentTerm":1,"role":"Candidate","votedFor":"n1"}}
                {"event":"HandleRequestVoteResponse","node":"n1","msg":{"type":"RequestVoteResponse","term":1,"from":"n3",\
                "to":"n1","voteGranted":true},"state":{"role":"Leader","log":{"from":1,"entries":[{"term":1,"value":""}]}}}
                {"event":"SendAppendEntries","node":"n1","msg":{"to":"n2"}}
                {"event":"HandleAppendEntriesResponse","node":"n1","msg":{"type":"AppendEntriesResponse","term":1,"from":"n2",\
                "to":"n1","success":true,"matchIndex":1},"state":{"commitIndex":1}}
                {"event":"SendAppendEntries","node":"n1","msg":{"type":"AppendEntries","term":1,"from":"n1","to":"n2",\
                "prevLogIndex":0,"prevLogTerm":0,"entries":[{"term":1,"value":""}],"leaderCommit":0}}
                """;
        String voter = VOTER.lines().limit(2).collect(Collectors.joining("\n", "", "\n"));
        List<String> files = new ArrayList<>(List.of(answered, RECEIVER, voter));
        for (int k = 0; k < 3; k++) {
            Collections.rotate(files, 1);
            Verdict verdict = merge(files.toArray(String[]::new));
            assertInstanceOf(Verdict.Diverged.class, verdict, () -> "order of files " + files + ": " + verdict);
        }
    }

    // ---------------------------------------------------------------------- more messages than the likeliest, one
    // event

    @Test
    void whereLikelyMessagesDidNotDoEveryEventIsTakenOnce() throws IOException {
        Verdict accepted = merge(MergedRuns.LEADER, MergedRuns.FOLLOWER, MergedRuns.VOTER);
        assertInstanceOf(Verdict.Accepted.class, accepted, accepted::toString);
        int lines = 144;
        assertEquals(lines, accepted.evidence().events());
        assertEquals(
                lines,
                accepted.evidence().byAction().values().stream()
                        .mapToLong(count -> count)
                        .sum());
    }

    @Test
    void whereLikelyMessagesDidNotDoTheRestOfTheFileIsReadToo() throws IOException {
        Verdict.Diverged diverged = assertInstanceOf(
                Verdict.Diverged.class,
                merge(MergedRuns.LEADER + MergedRuns.IMPOSSIBLE, MergedRuns.FOLLOWER, MergedRuns.VOTER));
        assertEquals("a.ndjson:144", diverged.divergence().where().toString());
        assertEquals(144, diverged.evidence().events());
    }

    // ---------------------------------------------------------------------------------------------- a server in two
    // files

    @Test
    void aServerInTwoFilesIsAnErrorThatNamesBoth() {
        String elected = OPEN + "{\"event\":\"StartElection\",\"node\":\"n1\"}\n";
        String later =
                OPEN + "{\"event\":\"StartElection\",\"node\":\"n3\"}\n{\"event\":\"Restart\",\"node\":\"n1\"}\n";
        for (String[] files : new String[][] {{elected, later}, {later, elected}, {elected, elected}}) {
            String problem = assertThrows(IllegalArgumentException.class, () -> merge(files))
                    .getMessage();
            assertTrue(problem.contains("a.ndjson:") && problem.contains("b.ndjson:"), problem);
            assertTrue(problem.contains("all events of n1 in one of the merged traces"), problem);
        }
    }

    @Test
    void aServerInTwoFilesIsFoundBehindADivergence() {
        String diverges = OPEN + "{\"event\":\"Propose\",\"node\":\"n2\",\"value\":\"v\"}\n" + "x\n";
        String first = OPEN + "{\"event\":\"StartElection\",\"node\":\"n1\"}\n".repeat(3);
        String second = OPEN + "{\"event\":\"StartElection\",\"node\":\"n3\"}\n".repeat(3)
                + "{\"event\":\"Restart\",\"node\":\"n1\"}\n";
        for (String[] files : new String[][] {{diverges, first, second}, {second, first, diverges}}) {
            assertThrows(IllegalArgumentException.class, () -> merge(files));
        }
    }
}
