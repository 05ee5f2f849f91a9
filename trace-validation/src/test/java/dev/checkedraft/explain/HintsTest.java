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
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an explanation says of a Raft that one does not know. */
class HintsTest {
    private static final String TRACE = """
            {'format':'checked-raft-trace','version':2,'servers':['n1','n2','n3'],'observes':['currentTerm','votedFor','role','commitIndex','log']}
            {'event':'StartElection','node':'n1','state':{'currentTerm':1,'votedFor':'n1','role':'Candidate'}}
            {'event':'HandleRequestVote','node':'n3','msg':{'from':'n1','term':1},'sent':{'voteGranted':true},'state':{'currentTerm':1,'votedFor':'n1'}}
            {'event':'HandleRequestVoteResponse','node':'n1','msg':{'from':'n3'},'state':{'role':'Leader'}}
            {'event':'Propose','node':'n1','value':'v','state':{'log':{'length':1}}}
            {'event':'Propose','node':'n1','value':'w','state':{'log':{'length':2}}}
            {'event':'SendAppendEntries','node':'n1','msg':{'to':'n3','prevLogIndex':0,'prevLogTerm':0,'entries':{'length':1},'leaderCommit':0}}
            {'event':'HandleAppendEntries','node':'n3','msg':{'from':'n1'},'sent':{'success':true,'matchIndex':1},'state':{'log':{'length':1}}}
            """;

    private static Explanation explain(String last, boolean strict) throws IOException {
        byte[] text = (TRACE + last).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        try (TraceReader reader = TraceReader.open(new ByteArrayInputStream(text), "t", TraceLimits.DEFAULT)) {
            Verdict verdict = TraceValidator.validate(
                    reader, strict ? ValidatorOptions.DEFAULT : ValidatorOptions.DEFAULT.anyRaft());
            return Explanation.of(
                    assertInstanceOf(Verdict.Diverged.class, verdict).divergence());
        }
    }

    private static List<String> causes(String last) throws IOException {
        return explain(last, false).causes();
    }

    @Test
    void aCommitIsHeldAgainstItsQuorum() throws IOException {
        assertEquals(
                List.of("index 2 is known to be held by 1 of 3 servers (n1 itself 2, n2 0, n3 1), and 2 commit it"),
                causes(
                        "{'event':'HandleAppendEntriesResponse','node':'n1','msg':{'from':'n3'},'state':{'commitIndex':2}}"));
        assertEquals(
                List.of("index 1 is known to be held by 1 of 3 servers (n1 itself 2, n2 0, n3 0), and 2 commit it"),
                causes("{'event':'AdvanceCommitIndex','node':'n1','state':{'commitIndex':1}}"));
        assertEquals(
                List.of("index 3 is beyond the leader's log of 2"),
                causes(
                        "{'event':'HandleAppendEntriesResponse','node':'n1','msg':{'from':'n3'},'state':{'commitIndex':3}}"));
    }

    @Test
    void whoDoesNotLeadMayHaveSteppedDown() throws IOException {
        String cause = "n1 does not lead in term 1 here: it may have stepped down since, or its election is missing";
        String down = "{'event':'StepDown','node':'n1','state':{'role':'Follower'}}\n";
        assertEquals(
                List.of(cause),
                causes(down + "{'event':'Propose','node':'n1','value':'x','state':{'log':{'length':3}}}"));
        assertEquals(
                List.of(cause),
                causes(down + "{'event':'SendHeartbeat','node':'n1','msg':{'to':'n3','leaderCommit':0}}"));
        assertEquals(
                List.of("n1 leads in term 1 here: it may have stepped down since, which is a StepDown"),
                causes(
                        "{'event':'HandleAppendEntriesResponse','node':'n1','msg':{'from':'n3'},'state':{'role':'Follower'}}"));
    }

    @Test
    void aLeaderWithoutANoOpIsAskedFor() throws IOException {
        assertEquals(
                List.of("does your leader begin with a no-op? Raft.tla's does; without --strict it need not"),
                explain("", true).causes());
    }

    @Test
    void theActionOfAnyRaftIsExplained() throws IOException {
        String text = explain("{'event':'SendHeartbeat','node':'n1','msg':{'to':'n3','leaderCommit':1}}", false)
                .text(false);
        assertTrue(text.contains("AnyRaft.tla:252:8: leaderCommit <= HeartbeatCommit"), text);
        assertTrue(
                explain("{'event':'Restart','node':'n3','state':{'log':{'length':0}}}", false)
                        .headline()
                        .endsWith("n3 Restart: log: spec 1 entry, the last of term 1, trace 0 entries"),
                text);
        String commit = explain("{'event':'AdvanceCommitIndex','node':'n1','state':{'commitIndex':1}}", false)
                .text(false);
        assertTrue(commit.contains("  rule: What a leader could have committed before, it commits now.\n"), commit);
    }
}
