package dev.checkedraft.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.checkedraft.core.Entry;
import dev.checkedraft.trace.StateFields;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which events a server's calls become. */
class EmitterTest {
    private static final TraceHeader HEADER = header(Set.of("currentTerm", "votedFor", "role", "commitIndex", "log"));

    private final List<TraceEvent> events = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private Emitter emitter = new Emitter("a", HEADER, events::add);

    private static TraceHeader header(Set<String> observes) {
        return new TraceHeader(
                TraceHeader.ANY_RAFT, List.of("a", "b", "c"), observes, Map.of(), Set.of(), null, Map.of());
    }

    private static StateFields state(long term, String vote, String role, long commit) {
        return new StateFields()
                .currentTerm(term)
                .votedFor(vote.isEmpty() ? null : vote)
                .role(role)
                .commitIndex(commit);
    }

    private void ends(StateFields state) {
        emitter.state(state);
        emitter.end();
    }

    /** The events since this was asked last, without their node. */
    private String told() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TraceWriter writer = new TraceWriter(out, HEADER)) {
            events.forEach(writer::accept);
        }
        events.clear();
        String text = out.toString(StandardCharsets.UTF_8);
        return text.substring(text.indexOf('\n') + 1).replace("\"", "").replace(",node:a", "");
    }

    private void leads() {
        emitter.begin();
        ends(state(1, "a", "Candidate", 0));
        emitter.begin(MessageFields.requestVoteResponse(1, "b", "a", true));
        ends(state(1, "a", "Leader", 0));
        events.clear();
    }

    @Test
    void messagesLeaveWhenTheEventThatSendsThemIsWritten() {
        emitter.begin();
        emitter.send(MessageFields.requestVote(1, "a", "b", 0, 0), () -> left.add("after " + events.size()));
        assertEquals(List.of(), left);
        ends(state(1, "a", "Candidate", 0));

        assertEquals(List.of("after 1"), left);
        assertEquals(
                "{event:StartElection,sent:{term:1,lastLogIndex:0,lastLogTerm:0},"
                        + "state:{currentTerm:1,votedFor:a,role:Candidate}}\n",
                told());
    }

    @Test
    void aMessageThatChangedNothingAndGotNoAnswerWasIgnored() {
        emitter.begin(MessageFields.heartbeat(1, "b", "a", 0));
        ends(state(0, "", "Follower", 0));
        emitter.begin(MessageFields.heartbeat(1, "b", "a", 0));
        ends(state(1, "", "Follower", 0));

        assertEquals("""
                {event:Ignore,msg:{type:Heartbeat,term:1,from:b,to:a,leaderCommit:0}}
                {event:HandleHeartbeat,msg:{type:Heartbeat,term:1,from:b,to:a,leaderCommit:0},state:{currentTerm:1}}
                """, told());
    }

    @Test
    void whatALeaderDoesByItselfIsWorkedOut() {
        leads();
        emitter.begin();
        ends(state(1, "a", "Leader", 0));
        emitter.begin();
        emitter.appended(List.of(new Entry(1, "x"), new Entry(1, "y")));
        emitter.send(MessageFields.heartbeat(1, "a", "b", 0), () -> {});
        emitter.send(MessageFields.snapshot(1, "a", "c", 1, 1), () -> {});
        ends(state(1, "a", "Leader", 0));
        emitter.begin();
        ends(state(1, "a", "Leader", 2));
        emitter.begin();
        ends(state(1, "a", "Follower", 2));

        assertEquals("""
                {event:Propose,value:x,state:{log:{from:1,entries:[{term:1,value:x}]}}}
                {event:Propose,value:y,state:{log:{from:2,entries:[{term:1,value:y}]}}}
                {event:SendHeartbeat,msg:{type:Heartbeat,term:1,from:a,to:b,leaderCommit:0}}
                {event:SendAppendEntries,msg:{type:AppendEntries,term:1,from:a,to:c,prevLogIndex:0,prevLogTerm:0,\
                entries:{length:1,lastTerm:1},leaderCommit:1}}
                {event:AdvanceCommitIndex,state:{commitIndex:2}}
                {event:StepDown,state:{role:Follower}}
                """, told());
    }

    @Test
    void aCandidateThatLeadsByItsOwnVoteLeads() {
        emitter.begin();
        ends(state(1, "a", "Candidate", 0));
        emitter.begin();
        ends(state(1, "a", "Leader", 0));
        events.remove(0);

        assertEquals("{event:Lead,state:{role:Leader}}\n", told());
    }

    @Test
    void theDiskIsToldIfTheHeaderSaysSo() {
        emitter = new Emitter("a", header(Set.of("log", "stored")), events::add);
        leads();
        emitter.begin();
        emitter.appended(List.of(new Entry(1, "x")));
        ends(state(1, "a", "Leader", 0));
        emitter.begin();
        emitter.flushed();
        ends(state(1, "a", "Leader", 0));

        assertEquals("""
                {event:Propose,value:x,state:{log:{from:1,entries:[{term:1,value:x}]}}}
                {event:Flush,state:{stored:1}}
                """, told());
    }

    @Test
    void whatTheDiskDoesNotHaveIsLostInACrash() {
        leads();
        emitter.begin();
        emitter.appended(List.of(new Entry(1, "x")));
        emitter.flushed();
        emitter.appended(List.of(new Entry(1, "y")));
        ends(state(1, "a", "Leader", 0));
        events.clear();
        emitter.begin(MessageFields.appendEntriesResponse(1, "b", "a", true, 1));
        emitter.send(MessageFields.heartbeat(1, "a", "b", 0), () -> left.add("heartbeat"));
        emitter.crash();
        emitter.restarted(state(1, "a", "Follower", 0));

        assertEquals("{event:Restart,state:{role:Follower,log:{from:2,entries:[]}}}\n", told());
        assertEquals(List.of(), left);
    }

    @Test
    void whatWasRemovedInMemoryOnlyIsBackAfterACrash() {
        emitter.begin(MessageFields.appendEntries(1, "b", "a", 0, 0, List.of(new Entry(1, "x")), 0));
        emitter.appended(List.of(new Entry(1, "x"), new Entry(1, "y")));
        emitter.flushed();
        ends(state(1, "", "Follower", 0));
        emitter.begin(MessageFields.appendEntries(2, "c", "a", 0, 0, List.of(new Entry(2, "z")), 0));
        emitter.log(List.of(new Entry(1, "x"), new Entry(2, "z")));
        ends(state(2, "", "Follower", 0));
        events.clear();
        emitter.restarted(state(2, "", "Follower", 0));

        assertEquals("{event:Restart,state:{log:{from:2,entries:[{term:1,value:y}]}}}\n", told());
    }

    @Test
    void whatACrashLeavesOfAStepIsToldWithoutItsAnswer() {
        emitter.begin(MessageFields.requestVote(2, "b", "a", 0, 0));
        emitter.persisted(2, "b");
        emitter.send(MessageFields.requestVoteResponse(2, "a", "b", true), () -> left.add("vote"));
        emitter.restarted(state(2, "b", "Follower", 0));

        assertEquals("""
                {event:HandleRequestVote,msg:{type:RequestVote,term:2,from:b,to:a,lastLogIndex:0,lastLogTerm:0},\
                state:{currentTerm:2,votedFor:b},unknown:[commitIndex,role]}
                {event:Restart,state:{role:Follower,commitIndex:0}}
                """, told());
        assertEquals(List.of(), left);
    }

    @Test
    void stepsAreOneAfterTheOther() {
        assertThrows(IllegalStateException.class, emitter::end);
        assertThrows(
                IllegalStateException.class, () -> emitter.send(MessageFields.heartbeat(1, "a", "b", 0), () -> {}));
        emitter.begin();
        assertThrows(IllegalStateException.class, emitter::begin);
        assertThrows(IllegalStateException.class, emitter::end, "the state is not told");
        assertThrows(IllegalArgumentException.class, () -> new Emitter("d", HEADER, events::add));
    }
}
