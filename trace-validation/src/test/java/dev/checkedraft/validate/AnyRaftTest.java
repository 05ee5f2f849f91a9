package dev.checkedraft.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces of Rafts that choose otherwise than Raft.tla, judged by AnyRaft.tla: what is safe is told, what is not diverges. */
class AnyRaftTest {
    private static final String HEADER = "{'format':'checked-raft-trace','version':2,'servers':['n1','n2','n3'],"
            + "'observes':['currentTerm','votedFor','role','commitIndex','log']}";

    private static final String ELECTION = """
            {'event':'StartElection','node':'n1','sent':{'term':1,'lastLogIndex':0,'lastLogTerm':0},'state':{'currentTerm':1,'votedFor':'n1','role':'Candidate'}}
            {'event':'HandleRequestVote','node':'n2','msg':{'from':'n1','term':1},'sent':{'term':1,'voteGranted':false},'state':{'currentTerm':1}}
            {'event':'HandleRequestVote','node':'n3','msg':{'from':'n1','term':1},'sent':{'term':1,'voteGranted':true},'state':{'currentTerm':1,'votedFor':'n1'}}
            {'event':'HandleRequestVoteResponse','node':'n1','msg':{'from':'n3','term':1,'voteGranted':true},'state':{'role':'Leader'}}
            {'event':'Propose','node':'n1','value':'v','state':{'log':{'from':1,'entries':[{'term':1,'value':'v'}]}}}
            {'event':'SendAppendEntries','node':'n1','msg':{'to':'n3','prevLogIndex':0,'prevLogTerm':0,'entries':{'length':1,'lastTerm':1},'leaderCommit':0}}
            """;

    private static final String REPLICATION = """
            {'event':'HandleAppendEntries','node':'n3','msg':{'from':'n1','term':1,'prevLogIndex':0,'entries':{'length':1}},'sent':{'success':true,'matchIndex':1},'state':{'log':{'length':1,'lastTerm':1}}}
            {'event':'HandleAppendEntriesResponse','node':'n1','msg':{'from':'n3','success':true,'matchIndex':1}}
            {'event':'AdvanceCommitIndex','node':'n1','state':{'commitIndex':1}}
            """;

    private static final String COMMITTED = ELECTION + REPLICATION;

    static Verdict validate(String lines, boolean strict) throws IOException {
        return validate(HEADER, lines, strict);
    }

    static Verdict validate(String header, String lines, boolean strict) throws IOException {
        byte[] text = (header + "\n" + lines).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        try (TraceReader reader = TraceReader.open(new ByteArrayInputStream(text), "trace", TraceLimits.DEFAULT)) {
            return TraceValidator.validate(
                    reader, strict ? ValidatorOptions.DEFAULT : ValidatorOptions.DEFAULT.anyRaft());
        }
    }

    /** The events in these lines. */
    static List<TraceEvent> events(String lines) {
        byte[] text = (HEADER + "\n" + lines).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        List<TraceEvent> events = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(new ByteArrayInputStream(text), "trace", TraceLimits.DEFAULT)) {
            for (TraceEvent event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The line at which a trace diverges; 0 if it is accepted. */
    static long divergesAt(Verdict verdict) {
        return verdict instanceof Verdict.Accepted
                ? 0
                : assertInstanceOf(Verdict.Diverged.class, verdict, verdict::toString)
                        .divergence()
                        .where()
                        .line();
    }

    @Test
    void aChoiceIsToldAndTheReplayGoesOn() throws IOException {
        String lines = COMMITTED + """
                {'event':'SendHeartbeat','node':'n1','msg':{'to':'n3','leaderCommit':1}}
                {'event':'HandleHeartbeat','node':'n3','msg':{'from':'n1','leaderCommit':1},'sent':{'success':false,'matchIndex':0},'state':{'commitIndex':1}}
                {'event':'StepDown','node':'n1','state':{'role':'Follower'}}
                {'event':'Restart','node':'n3'}
                {'event':'Ignore','node':'n2','msg':{'type':'RequestVote','from':'n1'}}
                {'event':'Ignore','node':'n2'}
                """;
        Verdict verdict = validate(lines, false);
        assertEquals(0, divergesAt(verdict));
        List<String> told = new ArrayList<>();
        verdict.evidence().choices().forEach((what, choice) -> told.add(what + " " + choice.first()));
        assertEquals(
                List.of(
                        "HandleRequestVote: a vote is refused trace:3",
                        "HandleRequestVoteResponse: a leader begins without a no-op trace:5",
                        "HandleAppendEntriesResponse: less is committed trace:9",
                        "a leader commits in a step of its own trace:10",
                        "a heartbeat without a check of the log trace:11",
                        "a leader or candidate steps down in its term trace:13",
                        "Restart: a commit index is remembered trace:14",
                        "a message is ignored trace:15"),
                told);
        assertEquals(3, divergesAt(validate(lines, true)), "Raft.tla grants the vote");
    }

    static Stream<String> safe() {
        return Stream.of(
                // A leader sends what is not on its disk, and loses it.
                ELECTION + "{'event':'Restart','node':'n1','state':{'role':'Follower','log':{'length':0}}}",
                // It is committed by the others' disks alone, and the leader loses it.
                ELECTION + """
                        {'event':'SendAppendEntries','node':'n1','msg':{'to':'n2','prevLogIndex':0,'prevLogTerm':0,'entries':{'length':1},'leaderCommit':0}}
                        {'event':'HandleAppendEntries','node':'n3','msg':{'from':'n1'},'sent':{'success':true,'matchIndex':1},'state':{'log':{'length':1}}}
                        {'event':'HandleAppendEntries','node':'n2','msg':{'from':'n1'},'sent':{'success':true,'matchIndex':1},'state':{'log':{'length':1}}}
                        {'event':'HandleAppendEntriesResponse','node':'n1','msg':{'from':'n3','success':true,'matchIndex':1}}
                        {'event':'HandleAppendEntriesResponse','node':'n1','msg':{'from':'n2','success':true,'matchIndex':1},'state':{'commitIndex':1}}
                        {'event':'Restart','node':'n1','state':{'role':'Follower','commitIndex':0,'log':{'length':0}}}
                        """,
                // A vote is given again.
                ELECTION
                        + "{'event':'HandleRequestVote','node':'n3','msg':{'from':'n1','term':1},'sent':{'voteGranted':true}}",
                // A follower takes the entries, and acknowledges them later.
                ELECTION + """
                        {'event':'HandleAppendEntries','node':'n3','msg':{'from':'n1'},'sent':{'success':true,'matchIndex':0},'state':{'log':{'length':1}}}
                        {'event':'Restart','node':'n3','state':{'log':{'length':0}}}
                        """,
                // A crash in an election leaves the new term without the vote.
                ELECTION + "{'event':'Restart','node':'n2','state':{'currentTerm':2}}",
                // A newer term is not adopted.
                ELECTION + """
                        {'event':'StartElection','node':'n2','state':{'currentTerm':2,'votedFor':'n2','role':'Candidate'}}
                        {'event':'HandleRequestVote','node':'n3','msg':{'from':'n2','term':2},'sent':{'term':1,'voteGranted':false}}
                        """);
    }

    @ParameterizedTest
    @MethodSource("safe")
    void whatIsSafeIsAChoice(String lines) throws IOException {
        assertEquals(0, divergesAt(validate(lines, false)));
    }

    /** The last line of each is what no Raft may do. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'event':'SendHeartbeat','node':'n1','msg':{'to':'n2','leaderCommit':1}}",
                "{'event':'SendHeartbeat','node':'n3','msg':{'to':'n2','leaderCommit':0}}",
                "{'event':'AdvanceCommitIndex','node':'n1','state':{'commitIndex':2}}",
                "{'event':'AdvanceCommitIndex','node':'n3','state':{'commitIndex':1}}",
                "{'event':'AdvanceCommitIndex','node':'n1','state':{'commitIndex':0}}",
                "{'event':'Restart','node':'n3','state':{'log':{'length':0}}}",
                "{'event':'Restart','node':'n1','state':{'role':'Follower','commitIndex':0,'log':{'length':0}}}",
                "{'event':'Restart','node':'n1','state':{'role':'Follower','commitIndex':2}}",
                "{'event':'Restart','node':'n3','state':{'votedFor':null}}",
                "{'event':'Restart','node':'n3','state':{'currentTerm':2}}",
                "{'event':'StepDown','node':'n3'}",
                "{'event':'StepDown','node':'n1','state':{'role':'Follower','votedFor':null}}",
                "{'event':'Lead','node':'n1'}",
                "{'event':'Lead','node':'n2','state':{'role':'Leader'}}",
                "{'event':'Propose','node':'n3','value':'w','state':{'log':{'length':2,'lastTerm':1}}}",
                "{'event':'SendAppendEntries','node':'n1','msg':{'to':'n2','prevLogIndex':0,'entries':{'length':2},'leaderCommit':1}}",
                "{'event':'SendAppendEntries','node':'n1','msg':{'to':'n2','prevLogIndex':0,'entries':{'length':1},'leaderCommit':2}}",
                "{'event':'SendAppendEntries','node':'n1','msg':{'to':'n2','prevLogIndex':0,'entries':{'length':1,'lastTerm':2},'leaderCommit':1}}",
                "{'event':'HandleRequestVote','node':'n2','msg':{'from':'n3','term':1},'sent':{'voteGranted':true}}",
                "{'event':'HandleRequestVote','node':'n2','msg':{'from':'n1','term':1},'sent':{'voteGranted':true}}",
                "{'event':'HandleAppendEntriesResponse','node':'n1','msg':{'from':'n2','success':true,'matchIndex':1}}",
                "{'event':'HandleAppendEntries','node':'n3','msg':{'from':'n1'},'sent':{'success':true,'matchIndex':2}}",
                "{'event':'HandleAppendEntries','node':'n3','msg':{'from':'n1'},'sent':{'success':true,'matchIndex':1},'state':{'commitIndex':1}}",
                "{'event':'HandleAppendEntries','node':'n3','msg':{'from':'n1'},'sent':{'success':true,'matchIndex':0},'state':{'log':{'length':0}}}",
                "{'event':'Flush','node':'n1','state':{'stored':2}}",
                "{'event':'Ignore','node':'n2','msg':{'type':'Heartbeat','from':'n1'}}",
                "{'event':'Ignore','node':'n2','state':{'currentTerm':2}}",
            })
    void whatIsUnsafeDiverges(String last) throws IOException {
        assertEquals(11, divergesAt(validate(COMMITTED + last, false)), last);
    }

    /** Two of four commit, and three elect. */
    @Test
    void quorumsAreTheTraces() throws IOException {
        String lines = COMMITTED.replace("{'event':'HandleRequestVoteResponse'", """
                {'event':'HandleRequestVote','node':'n4','msg':{'from':'n1','term':1},'sent':{'voteGranted':true},'state':{'currentTerm':1,'votedFor':'n1'}}
                {'event':'HandleRequestVoteResponse','node':'n1','msg':{'from':'n4','term':1,'voteGranted':true}}
                {'event':'HandleRequestVoteResponse'""");
        String four = HEADER.replace("'n3'", "'n3','n4'");
        String two = four.replace("'observes'", "'quorums':{'election':3,'commit':2},'observes'");
        assertEquals(0, divergesAt(validate(two, lines, false)));
        assertEquals(12, divergesAt(validate(four, lines, false)), "two of four are no majority");
        String one = lines.replaceFirst("\\{'event':'HandleRequestVote','node':'n4'.*\n.*\n", "");
        assertEquals(5, divergesAt(validate(two, one, false)), "two of four elect");
    }

    /** What is told of the disk is held against what a leader counts. */
    @Test
    void aLeaderCountsItselfByItsDisk() throws IOException {
        String told = HEADER.replace("'log'", "'log','stored'");
        String lines = ELECTION + """
                {'event':'HandleAppendEntries','node':'n3','msg':{'from':'n1'},'sent':{'success':true,'matchIndex':1},'state':{'log':{'length':1},'stored':1}}
                """;
        String counted =
                "{'event':'HandleAppendEntriesResponse','node':'n1','msg':{'from':'n3','success':true,'matchIndex':1},'state':{'commitIndex':1}}\n";
        assertEquals(9, divergesAt(validate(told, lines + counted, false)));
        String flush = "{'event':'Flush','node':'n1','state':{'stored':1}}\n";
        assertEquals(0, divergesAt(validate(told, lines + flush + counted, false)));
        assertEquals(0, divergesAt(validate(lines + counted, false)), "it may have been flushed, untold");
    }

    /** Servers need not begin empty, and of their logs the length and the last term are enough. */
    @Test
    void aTraceMayBeginAnywhere() throws IOException {
        String header = HEADER.replace(
                "'observes'",
                "'initial':{'n1':{'currentTerm':4,'commitIndex':7,'log':{'length':9,'lastTerm':4}},"
                        + "'n3':{'currentTerm':4,'votedFor':'n2','log':{'length':8,'lastTerm':4}}},'observes'");
        String lines = """
                {'event':'StartElection','node':'n1','sent':{'term':5,'lastLogIndex':9,'lastLogTerm':4},'state':{'currentTerm':5,'votedFor':'n1','role':'Candidate'}}
                {'event':'HandleRequestVote','node':'n3','msg':{'from':'n1'},'sent':{'voteGranted':true},'state':{'currentTerm':5,'votedFor':'n1'}}
                {'event':'HandleRequestVoteResponse','node':'n1','msg':{'from':'n3'},'state':{'role':'Leader','log':{'length':10,'lastTerm':5}}}
                {'event':'SendAppendEntries','node':'n1','msg':{'to':'n3','prevLogIndex':8,'prevLogTerm':4,'entries':{'length':2,'lastTerm':5}}}
                {'event':'HandleAppendEntries','node':'n3','msg':{'from':'n1'},'sent':{'success':true,'matchIndex':10},'state':{'commitIndex':7,'log':{'length':10,'lastTerm':5}}}
                """;
        assertEquals(0, divergesAt(validate(header, lines, false)));
        assertEquals(
                6,
                divergesAt(validate(header, lines.replace("'commitIndex':7,'log'", "'commitIndex':8,'log'"), false)));
        assertEquals(2, divergesAt(validate(header, lines.replace("'lastLogTerm':4", "'lastLogTerm':3"), false)));
        assertEquals(
                6,
                divergesAt(validate(
                        header,
                        lines.replace(
                                "'matchIndex':10},'state':{'commitIndex':7,'log':{'length':10",
                                "'matchIndex':10},'state':{'commitIndex':7,'log':{'length':9"),
                        false)));
    }
}
