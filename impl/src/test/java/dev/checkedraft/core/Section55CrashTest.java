package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVoteResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 5.5, "Follower and candidate crashes", and the persistent state of figure 2. */
class Section55CrashTest {

    /** Figure 2, "Persistent state on all servers": currentTerm, votedFor, log[]; all else begins anew. */
    @ParameterizedTest
    @ValueSource(strings = {"Follower", "Candidate", "Leader"})
    void aRestartKeepsTermVoteAndLogAndNothingElse(String role) {
        Node s1 = Node.inRole(role, 3, log(1, 1, 2));
        long term = s1.term();
        String votedFor = s1.votedFor();
        List<Entry> log = s1.log();

        s1.restarts();

        assertEquals(term, s1.term());
        assertEquals(votedFor, s1.votedFor());
        assertEquals(log, s1.log());
        assertEquals("Follower", s1.role());
        assertEquals(null, s1.leader());
        assertEquals(0, s1.commitIndex());
        assertEquals(List.of(), s1.votesGranted());
        assertEquals(0, s1.matchIndex("s2"));
        assertEquals(0, s1.nextIndex("s2"));
    }

    /** A vote given before the crash is not given again to another (section 5.2: "at most one candidate in a given term"). */
    @Test
    void aRestartedServerKeepsToItsVote() {
        Node s1 = Node.follower(3, 1, log())
                .receives(peer("s2", 2).requestVote(log()))
                .restarts();

        s1.receives(peer("s3", 2).requestVote(log()));
        assertEquals(new RequestVoteResponse(2, "s1", "s3", false), s1.reply());

        s1.receives(peer("s2", 2).requestVote(log()));
        assertEquals(new RequestVoteResponse(2, "s1", "s2", true), s1.reply());
    }

    /** A candidate that crashed has voted for itself and votes for nobody else in that term. */
    @Test
    void aRestartedCandidateKeepsToItsVote() {
        Node s1 = Node.candidate(3, 2, log()).restarts().receives(peer("s3", 2).requestVote(log()));

        assertEquals(new RequestVoteResponse(2, "s1", "s3", false), s1.reply());
    }

    /** A restarted server rejects what is older than the term it knew before. */
    @Test
    void aRestartedServerKeepsToItsTerm() {
        Node s1 = Node.follower(3, 1, log())
                .receives(peer("s2", 5).heartbeat(log(), 0))
                .restarts();

        s1.receives(peer("s3", 4).append(log(4), 0, 0));

        assertEquals(new AppendEntriesResponse(5, "s1", "s3", false, 0), s1.reply());
        assertEquals(log(), s1.log());
    }

    /** A vote asked for before the crash does not elect afterwards: the restarted server is no candidate. */
    @Test
    void aVoteForACandidateThatCrashedElectsNobody() {
        Node s1 = Node.candidate(3, 2, log())
                .restarts()
                .receives(peer("s2", 2).vote(), peer("s3", 2).vote());

        assertEquals("Follower", s1.role());
    }

    /** The state machine of a restarted server is empty, so it is handed all entries again, from index 1. */
    @Test
    void aRestartedServerAppliesAllEntriesAgain() {
        Node s1 = Node.follower(3, 1, log()).receives(peer("s2", 1).append(log(1, 1, 1), 0, 2));
        assertEquals(log(1, 1), s1.applied());

        s1.restarts().receives(peer("s2", 1).heartbeat(log(1, 1, 1), 3));

        assertEquals(1, s1.ready().committedFrom());
        assertEquals(log(1, 1, 1), s1.ready().committed());
    }

    /** "If the crashed server restarts, then the RPC will complete successfully." */
    @Test
    void aRestartedFollowerIsBroughtUpToDate() {
        Cluster cluster = Cluster.of(3).timesOut("s1").settle();
        cluster.onlyReachable("s1", "s2").proposes("s1", "x", "y").settle();

        cluster.allReachable().restarts("s3").sendsHeartbeats("s1").settle();

        assertEquals(cluster.node("s1").log(), cluster.node("s3").log());
        assertEquals(3, cluster.node("s3").commitIndex());
    }

    /** "Raft RPCs are idempotent, so this causes no harm": every message of an election and a proposal arrives twice. */
    @Test
    void messagesReceivedTwiceCauseNoHarm() {
        Node s1 = Node.candidate(5, 1, log());
        Peer s2 = peer("s2", 1);
        Peer s3 = peer("s3", 1);

        s1.receives(s2.vote(), s2.vote(), s3.vote(), s3.vote()).proposes("x");
        s1.receives(s2.ack(2), s2.ack(2), s2.ack(1), s2.ack(1));
        assertEquals(0, s1.commitIndex(), "two of five hold it, however often one says so");
        assertEquals(2, s1.matchIndex("s2"));

        s1.receives(s3.ack(2), s3.ack(2));
        assertEquals(2, s1.commitIndex());
        assertEquals(2, s1.log().size(), "one no-op");
        assertEquals(2, s1.applied().size(), "applied once");
    }

    /** A request received twice is answered twice, and does nothing the second time. */
    @Test
    void aRequestReceivedTwiceIsAnsweredTwice() {
        Node s1 = Node.follower(3, 1, log());
        Message append = peer("s2", 1).append(log(1, 1), 0, 1);

        Message first = s1.receives(append).reply();
        Message second = s1.receives(append).reply();

        assertEquals(first, second);
        assertEquals(null, s1.ready().log());
        assertEquals(List.of(), s1.ready().committed());
    }

    /** A cluster that loses power at once goes on with all it had committed. */
    @Test
    void allServersRestartAndNothingCommittedIsLost() {
        Cluster cluster =
                Cluster.of(3).timesOut("s1").settle().proposes("s1", "x", "y").settle();
        List<Entry> committed = cluster.node("s1").applied();
        assertEquals(3, committed.size());

        cluster.restarts("s1").restarts("s2").restarts("s3");
        cluster.timesOut("s2").settle().sendsHeartbeats("s2").settle();

        assertEquals(committed, cluster.node("s3").applied().subList(0, 3));
        assertTrue(cluster.node("s2").isLeader());
    }
}
