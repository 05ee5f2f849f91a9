package dev.checkedraft.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.TraceValidator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a user sees of forty ways to get Raft wrong: the line, and the first line of the explanation. Each row changes one
 * valid run, {@link #RUN}: lines are numbered from the header, 1.
 */
class PlantedDivergencesTest {
    /** Two elections, entries replicated and committed, a conflict truncated, restarts, and late messages. */
    private static final List<String> RUN = """
            {"format":"checked-raft-trace","version":1,"servers":["n1","n2","n3"],"observes":["currentTerm","votedFor","role","commitIndex","votesGranted","votesRefused","matchIndex","log"]}
            {"event":"StartElection","node":"n1","sent":{"term":1,"lastLogIndex":0,"lastLogTerm":0},"state":{"currentTerm":1,"votedFor":"n1","role":"Candidate","votesGranted":["n1"]}}
            {"event":"HandleRequestVote","node":"n2","msg":{"type":"RequestVote","term":1,"from":"n1","to":"n2","lastLogIndex":0,"lastLogTerm":0},"sent":{"term":1,"voteGranted":true},"state":{"currentTerm":1,"votedFor":"n1"}}
            {"event":"HandleRequestVoteResponse","node":"n1","msg":{"type":"RequestVoteResponse","term":1,"from":"n2","to":"n1","voteGranted":true},"state":{"role":"Leader","votesGranted":[],"log":{"from":1,"entries":[{"term":1,"value":""}]}}}
            {"event":"SendAppendEntries","node":"n1","msg":{"type":"AppendEntries","term":1,"from":"n1","to":"n2","prevLogIndex":0,"prevLogTerm":0,"entries":[{"term":1,"value":""}],"leaderCommit":0}}
            {"event":"HandleAppendEntries","node":"n2","msg":{"type":"AppendEntries","term":1,"from":"n1","to":"n2","prevLogIndex":0,"prevLogTerm":0,"entries":[{"term":1,"value":""}],"leaderCommit":0},"sent":{"term":1,"success":true,"matchIndex":1},"state":{"log":{"from":1,"entries":[{"term":1,"value":""}]}}}
            {"event":"HandleAppendEntriesResponse","node":"n1","msg":{"type":"AppendEntriesResponse","term":1,"from":"n2","to":"n1","success":true,"matchIndex":1},"state":{"commitIndex":1,"matchIndex":{"n2":1}}}
            {"event":"Propose","node":"n1","value":"x","state":{"log":{"from":2,"entries":[{"term":1,"value":"x"}]}}}
            {"event":"Restart","node":"n2"}
            {"event":"StartElection","node":"n2","sent":{"term":2,"lastLogIndex":1,"lastLogTerm":1},"state":{"currentTerm":2,"votedFor":"n2","role":"Candidate","votesGranted":["n2"]}}
            {"event":"HandleRequestVote","node":"n3","msg":{"type":"RequestVote","term":2,"from":"n2","to":"n3","lastLogIndex":1,"lastLogTerm":1},"sent":{"term":2,"voteGranted":true},"state":{"currentTerm":2,"votedFor":"n2"}}
            {"event":"HandleRequestVote","node":"n3","msg":{"type":"RequestVote","term":1,"from":"n1","to":"n3","lastLogIndex":0,"lastLogTerm":0},"sent":{"term":2,"voteGranted":false}}
            {"event":"HandleRequestVoteResponse","node":"n2","msg":{"type":"RequestVoteResponse","term":2,"from":"n3","to":"n2","voteGranted":true},"state":{"role":"Leader","votesGranted":[],"log":{"from":2,"entries":[{"term":2,"value":""}]}}}
            {"event":"SendAppendEntries","node":"n2","msg":{"type":"AppendEntries","term":2,"from":"n2","to":"n1","prevLogIndex":1,"prevLogTerm":1,"entries":[{"term":2,"value":""}],"leaderCommit":0}}
            {"event":"HandleAppendEntries","node":"n1","msg":{"type":"AppendEntries","term":2,"from":"n2","to":"n1","prevLogIndex":1,"prevLogTerm":1,"entries":[{"term":2,"value":""}],"leaderCommit":0},"sent":{"term":2,"success":true,"matchIndex":2},"state":{"currentTerm":2,"votedFor":null,"role":"Follower","matchIndex":{"n2":0},"log":{"from":2,"entries":[{"term":2,"value":""}]}}}
            {"event":"HandleAppendEntriesResponse","node":"n2","msg":{"type":"AppendEntriesResponse","term":2,"from":"n1","to":"n2","success":true,"matchIndex":2},"state":{"commitIndex":2,"matchIndex":{"n1":2}}}
            {"event":"SendAppendEntries","node":"n2","msg":{"type":"AppendEntries","term":2,"from":"n2","to":"n3","prevLogIndex":1,"prevLogTerm":1,"entries":[],"leaderCommit":1}}
            {"event":"HandleAppendEntries","node":"n3","msg":{"type":"AppendEntries","term":2,"from":"n2","to":"n3","prevLogIndex":1,"prevLogTerm":1,"entries":[],"leaderCommit":1},"sent":{"term":2,"success":false,"matchIndex":1}}
            {"event":"HandleAppendEntriesResponse","node":"n2","msg":{"type":"AppendEntriesResponse","term":2,"from":"n3","to":"n2","success":false,"matchIndex":1}}
            {"event":"SendAppendEntries","node":"n2","msg":{"type":"AppendEntries","term":2,"from":"n2","to":"n1","prevLogIndex":2,"prevLogTerm":2,"entries":[],"leaderCommit":2}}
            {"event":"HandleAppendEntries","node":"n1","msg":{"type":"AppendEntries","term":2,"from":"n2","to":"n1","prevLogIndex":2,"prevLogTerm":2,"entries":[],"leaderCommit":2},"sent":{"term":2,"success":true,"matchIndex":2},"state":{"commitIndex":2}}
            {"event":"HandleAppendEntries","node":"n1","msg":{"type":"AppendEntries","term":2,"from":"n2","to":"n1","prevLogIndex":1,"prevLogTerm":1,"entries":[{"term":2,"value":""}],"leaderCommit":0},"sent":{"term":2,"success":true,"matchIndex":2}}
            {"event":"Propose","node":"n2","value":"y","state":{"log":{"from":3,"entries":[{"term":2,"value":"y"}]}}}
            {"event":"Restart","node":"n1","state":{"commitIndex":0}}
            {"event":"HandleAppendEntries","node":"n2","msg":{"type":"AppendEntries","term":1,"from":"n1","to":"n2","prevLogIndex":0,"prevLogTerm":0,"entries":[{"term":1,"value":""}],"leaderCommit":0},"sent":{"term":2,"success":false,"matchIndex":0}}
            {"event":"StartElection","node":"n3","sent":{"term":3,"lastLogIndex":0,"lastLogTerm":0},"state":{"currentTerm":3,"votedFor":"n3","role":"Candidate","votesGranted":["n3"]}}
            {"event":"HandleRequestVote","node":"n1","msg":{"type":"RequestVote","term":3,"from":"n3","to":"n1","lastLogIndex":0,"lastLogTerm":0},"sent":{"term":3,"voteGranted":false},"state":{"currentTerm":3}}
            {"event":"HandleRequestVoteResponse","node":"n3","msg":{"type":"RequestVoteResponse","term":3,"from":"n1","to":"n3","voteGranted":false},"state":{"votesRefused":["n1"]}}
            {"event":"HandleRequestVote","node":"n2","msg":{"type":"RequestVote","term":3,"from":"n3","to":"n2","lastLogIndex":0,"lastLogTerm":0},"sent":{"term":3,"voteGranted":false},"state":{"currentTerm":3,"votedFor":null,"role":"Follower","matchIndex":{"n1":0}}}
            {"event":"HandleRequestVoteResponse","node":"n3","msg":{"type":"RequestVoteResponse","term":3,"from":"n2","to":"n3","voteGranted":false},"state":{"role":"Follower","votesGranted":[],"votesRefused":[]}}
            """.lines().toList();

    /**
     * @param name what is wrong
     * @param line the line that is changed
     * @param from what is replaced there; empty to remove the line
     * @param to by what
     * @param reported the line that is reported
     * @param first the beginning of the explanation, behind the line and the event
     */
    private record Planted(String name, int line, String from, String to, int reported, String first) {
        /** The run with this wrong in it. */
        List<String> lines() {
            List<String> lines = new ArrayList<>(RUN);
            String changed = lines.get(line - 1);
            if (from.isEmpty()) {
                lines.remove(line - 1);
            } else {
                assertTrue(changed.contains(from), name + ": " + changed);
                lines.set(line - 1, changed.replace(from, to));
            }
            return lines;
        }
    }

    private static final List<Planted> TABLE = List.of(
            new Planted(
                    "election without a new term",
                    2,
                    "\"currentTerm\":1",
                    "\"currentTerm\":0",
                    2,
                    "currentTerm: spec 1, trace 0"),
            new Planted(
                    "candidate does not vote for itself",
                    2,
                    "\"votedFor\":\"n1\"",
                    "\"votedFor\":null",
                    2,
                    "votedFor: spec n1, trace null"),
            new Planted(
                    "candidate does not count its own vote",
                    2,
                    "\"votesGranted\":[\"n1\"]",
                    "\"votesGranted\":[]",
                    2,
                    "votesGranted: spec [n1], trace []"),
            new Planted(
                    "request with a wrong last index",
                    10,
                    "\"lastLogIndex\":1",
                    "\"lastLogIndex\":2",
                    10,
                    "sent.lastLogIndex: spec 1, trace 2"),
            new Planted(
                    "request with a wrong last term",
                    10,
                    "\"lastLogTerm\":1",
                    "\"lastLogTerm\":0",
                    10,
                    "sent.lastLogTerm: spec 1, trace 0"),
            new Planted(
                    "vote not recorded",
                    3,
                    ",\"votedFor\":\"n1\"",
                    "",
                    3,
                    "votedFor: spec n1, trace null (not reported, so unchanged)"),
            new Planted(
                    "vote for another than the asker",
                    3,
                    "\"votedFor\":\"n1\"",
                    "\"votedFor\":\"n3\"",
                    3,
                    "votedFor: spec n1, trace n3"),
            new Planted(
                    "refusal where a vote was due",
                    3,
                    "\"voteGranted\":true",
                    "\"voteGranted\":false",
                    3,
                    "sent.voteGranted: spec true, trace false"),
            new Planted(
                    "vote for a stale term",
                    12,
                    "\"voteGranted\":false",
                    "\"voteGranted\":true",
                    12,
                    "sent.voteGranted: spec false, trace true"),
            new Planted(
                    "answer with the old term",
                    12,
                    "\"sent\":{\"term\":2",
                    "\"sent\":{\"term\":1",
                    12,
                    "sent.term: spec 2, trace 1"),
            new Planted(
                    "vote for a shorter log",
                    27,
                    "\"voteGranted\":false},\"state\":{\"currentTerm\":3}",
                    "\"voteGranted\":true},\"state\":{\"currentTerm\":3,\"votedFor\":\"n3\"}",
                    27,
                    "votedFor: spec null, trace n3; sent.voteGranted: spec false, trace true"),
            new Planted(
                    "vote of an older term kept",
                    29,
                    "\"votedFor\":null,",
                    "",
                    29,
                    "votedFor: spec null, trace n2 (not reported, so unchanged)"),
            new Planted(
                    "newer term does not end leadership",
                    29,
                    ",\"role\":\"Follower\",\"matchIndex\":{\"n1\":0}",
                    "",
                    29,
                    "role: spec Follower, trace Leader (not reported, so unchanged); matchIndex.n1: spec 0, trace 2"),
            new Planted(
                    "leader without a majority",
                    28,
                    "\"state\":{\"votesRefused\":[\"n1\"]}",
                    "\"state\":{\"role\":\"Leader\",\"votesGranted\":[],\"log\":{\"from\":1,\"entries\":[{\"term\":3,\"value\":\"\"}]}}",
                    28,
                    "role: spec Candidate, trace Leader; votesGranted: spec [n3], trace []; votesRefused: spec [n1], trace []"),
            new Planted(
                    "majority of refusals ignored",
                    30,
                    "\"state\":{\"role\":\"Follower\",\"votesGranted\":[],\"votesRefused\":[]}",
                    "\"state\":{\"votesRefused\":[\"n1\",\"n2\"]}",
                    30,
                    "role: spec Follower, trace Candidate (not reported, so unchanged)"),
            new Planted(
                    "vote that was never cast",
                    4,
                    "\"from\":\"n2\"",
                    "\"from\":\"n3\"",
                    4,
                    "no such message was sent: type RequestVoteResponse, term 1, from n3"),
            new Planted(
                    "no no-op entry",
                    4,
                    ",\"log\":{\"from\":1,\"entries\":[{\"term\":1,\"value\":\"\"}]}",
                    "",
                    4,
                    "log: spec 1 entries, the last (term 1, no-op), trace 0 entries"),
            new Planted(
                    "no-op of an old term",
                    13,
                    "\"entries\":[{\"term\":2",
                    "\"entries\":[{\"term\":1",
                    13,
                    "log[2]: spec (term 2, no-op), trace (term 1, no-op)"),
            new Planted(
                    "leader drops its uncommitted entries",
                    13,
                    "\"from\":2,\"entries\":[{\"term\":2",
                    "\"from\":1,\"entries\":[{\"term\":2",
                    13,
                    "log[1]: spec (term 1, no-op), trace (term 2, no-op)"),
            new Planted(
                    "follower sends entries",
                    5,
                    "\"from\":\"n1\",\"to\":\"n2\"",
                    "\"from\":\"n3\",\"to\":\"n2\"",
                    5,
                    "msg.from: spec n1, trace n3"),
            new Planted(
                    "entry that is not in the leader's log",
                    14,
                    "\"value\":\"\"",
                    "\"value\":\"z\"",
                    14,
                    "msg.entries: spec [(term 2, no-op)], trace [(term 2, \"z\")]"),
            new Planted(
                    "wrong previous term",
                    14,
                    "\"prevLogTerm\":1",
                    "\"prevLogTerm\":2",
                    14,
                    "msg.prevLogTerm: spec 1, trace 2"),
            new Planted(
                    "commit index ahead of the leader's",
                    17,
                    "\"leaderCommit\":1",
                    "\"leaderCommit\":3",
                    17,
                    "not enabled: leaderCommit <= commitIndex[i] is false (leaderCommit = 3, commitIndex[i] = 2)"),
            new Planted(
                    "slice beyond the log",
                    20,
                    "\"prevLogIndex\":2,\"prevLogTerm\":2",
                    "\"prevLogIndex\":5,\"prevLogTerm\":2",
                    20,
                    "not enabled: prevLogIndex + count <= Len(log[i]) is false (prevLogIndex = 5, count = 0, Len(log[i]) = 2)"),
            new Planted(
                    "entries not appended",
                    6,
                    ",\"state\":{\"log\":{\"from\":1,\"entries\":[{\"term\":1,\"value\":\"\"}]}}",
                    "",
                    6,
                    "log: spec 1 entries, the last (term 1, no-op), trace 0 entries"),
            new Planted(
                    "conflict not removed",
                    15,
                    "\"log\":{\"from\":2,\"entries\":[{\"term\":2,\"value\":\"\"}]}",
                    "\"log\":{\"from\":3,\"entries\":[{\"term\":2,\"value\":\"\"}]}",
                    15,
                    "log[2]: spec (term 2, no-op), trace (term 1, \"x\")"),
            new Planted(
                    "wrong value stored",
                    15,
                    "\"log\":{\"from\":2,\"entries\":[{\"term\":2,\"value\":\"\"}]}",
                    "\"log\":{\"from\":2,\"entries\":[{\"term\":2,\"value\":\"x\"}]}",
                    15,
                    "log[2]: spec (term 2, no-op), trace (term 2, \"x\")"),
            new Planted(
                    "consistency check skipped",
                    18,
                    "\"success\":false,\"matchIndex\":1}",
                    "\"success\":true,\"matchIndex\":1},\"state\":{\"commitIndex\":1}",
                    18,
                    "commitIndex: spec 0, trace 1; sent.success: spec false, trace true"),
            new Planted(
                    "commit on refusal",
                    18,
                    "\"matchIndex\":1}",
                    "\"matchIndex\":1},\"state\":{\"commitIndex\":1}",
                    18,
                    "commitIndex: spec 0, trace 1"),
            new Planted(
                    "truncates on a late AppendEntries",
                    22,
                    "\"matchIndex\":2}",
                    "\"matchIndex\":2},\"state\":{\"log\":{\"from\":2,\"entries\":[]}}",
                    22,
                    "log: spec 2 entries, the last (term 2, no-op), trace 1 entries, the last (term 1, no-op)"),
            new Planted(
                    "commit not bounded by the message",
                    15,
                    "\"votedFor\":null,",
                    "\"votedFor\":null,\"commitIndex\":2,",
                    15,
                    "commitIndex: spec 1, trace 2"),
            new Planted(
                    "commit index goes back",
                    22,
                    "\"matchIndex\":2}",
                    "\"matchIndex\":2},\"state\":{\"commitIndex\":1}",
                    22,
                    "commitIndex: spec 2, trace 1"),
            new Planted(
                    "stale AppendEntries accepted",
                    25,
                    "\"success\":false,\"matchIndex\":0",
                    "\"success\":true,\"matchIndex\":1",
                    25,
                    "sent.success: spec false, trace true; sent.matchIndex: spec 0, trace 1"),
            new Planted(
                    "commits without a majority",
                    8,
                    "\"state\":{\"log\"",
                    "\"state\":{\"commitIndex\":2,\"log\"",
                    8,
                    "commitIndex: spec 1, trace 2"),
            new Planted(
                    "refusal counted as a match",
                    19,
                    "\"matchIndex\":1}}",
                    "\"matchIndex\":1},\"state\":{\"matchIndex\":{\"n3\":1}}}",
                    19,
                    "matchIndex.n3: spec 0, trace 1"),
            new Planted(
                    "acknowledgement not counted",
                    16,
                    "\"commitIndex\":2,\"matchIndex\":{\"n1\":2}",
                    "\"votesGranted\":[]",
                    16,
                    "commitIndex: spec 2, trace 0 (not reported, so unchanged); matchIndex.n1: spec 2, trace 0"),
            new Planted(
                    "vote lost at a restart",
                    9,
                    "\"node\":\"n2\"}",
                    "\"node\":\"n2\",\"state\":{\"votedFor\":null}}",
                    9,
                    "votedFor: spec n1, trace null"),
            new Planted(
                    "term lost at a restart",
                    24,
                    "\"commitIndex\":0",
                    "\"commitIndex\":0,\"currentTerm\":0",
                    24,
                    "currentTerm: spec 2, trace 0"),
            new Planted(
                    "log lost at a restart",
                    24,
                    "\"commitIndex\":0",
                    "\"commitIndex\":0,\"log\":{\"from\":1,\"entries\":[]}",
                    24,
                    "log: spec 2 entries, the last (term 2, no-op), trace 0 entries"),
            new Planted(
                    "proposal taken by a follower",
                    8,
                    "\"node\":\"n1\"",
                    "\"node\":\"n3\"",
                    8,
                    "not enabled: role[i] = Leader is false (role[i] = \"Follower\")"),
            new Planted(
                    "event missing: the vote",
                    3,
                    "",
                    "",
                    3,
                    "no such message was sent: type RequestVoteResponse, term 1, from n2, to n1, voteGranted true"),
            new Planted(
                    "event missing: the send",
                    5,
                    "",
                    "",
                    5,
                    "no such message was sent: type AppendEntries, term 1, from n1, to n2"),
            new Planted(
                    "event missing: an election",
                    10,
                    "",
                    "",
                    10,
                    "no such message was sent: type RequestVote, term 2, from n2, to n3"),
            new Planted(
                    "events of a server out of order",
                    4,
                    "",
                    "",
                    4,
                    "not enabled: role[i] = Leader is false (role[i] = \"Candidate\")"));

    private static Verdict validate(List<String> lines) throws IOException {
        byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        try (TraceReader reader = TraceReader.open(new ByteArrayInputStream(bytes), "t.ndjson", TraceLimits.DEFAULT)) {
            return TraceValidator.validate(reader, ValidatorOptions.DEFAULT);
        }
    }

    @Test
    void theRunItselfIsAccepted() throws IOException {
        Verdict verdict = validate(RUN);
        assertInstanceOf(
                Verdict.Accepted.class,
                verdict,
                () -> verdict instanceof Verdict.Diverged d
                        ? Explanation.of(d.divergence()).toString()
                        : "");
    }

    @Test
    void eachOfFortyIsReportedAtItsLineAndNamed() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Planted planted : TABLE) {
            Verdict verdict = validate(planted.lines());
            String headline = headline(verdict);
            String expected = "t.ndjson:" + planted.reported + ": ";
            if (!headline.startsWith(expected)
                    || !headline.replaceFirst("^[^ ]* [^ ]* [^ ]*: ", "").startsWith(planted.first)) {
                wrong.add(
                        planted.name + ": expected " + expected + "... " + planted.first + "\n     found " + headline);
            }
            if (verdict instanceof Verdict.Diverged diverged) {
                String text = Explanation.of(diverged.divergence()).text(false);
                assertTrue(text.lines().count() <= Explanation.LINES, text);
            }
        }
        assertTrue(TABLE.size() >= 40, "only " + TABLE.size());
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    private static String headline(Verdict verdict) {
        return verdict instanceof Verdict.Diverged diverged
                ? Explanation.of(diverged.divergence()).headline()
                : verdict.toString();
    }

    /** {@code -Draft.rewrite=true} writes the table anew, for someone who understands the difference. */
    @Test
    void theTableForReadersIsWhatIsReported() throws IOException {
        StringBuilder table = new StringBuilder("""
                # Forty divergences, and how they are told

                Each row is one thing wrong in the valid run of `PlantedDivergencesTest` (three servers, two elections, entries
                replicated and committed, a conflict, restarts, late messages): in which line, which line is reported, and the first
                line of the explanation, as it is. Where the two lines differ, what is wrong could have been right until then.

                This file is compared in every build; `-Draft.rewrite=true` writes it anew.

                | | what is wrong | in line | reported | first line of the explanation |
                | --- | --- | --- | --- | --- |
                """);
        int row = 0;
        for (Planted planted : TABLE) {
            table.append("| ")
                    .append(++row)
                    .append(" | ")
                    .append(planted.name)
                    .append(" | ")
                    .append(planted.line)
                    .append(" | ")
                    .append(planted.reported)
                    .append(" | `")
                    .append(headline(validate(planted.lines())).replace("|", "\\|"))
                    .append("` |\n");
        }
        Path file = Path.of("DIVERGENCES.md");
        if (Boolean.getBoolean("raft.rewrite")) {
            Files.writeString(file, table);
        }
        assertEquals(Files.readString(file), table.toString());
    }
}
