package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVoteResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 5.1, "Raft basics": terms and roles. */
class Section51TermsTest {

    /** "If one server's current term is smaller than the other's, then it updates its current term to the larger value." */
    @ParameterizedTest
    @ValueSource(strings = {"Follower", "Candidate", "Leader"})
    void anyMessageOfANewerTermBringsTheServerToThatTerm(String role) {
        Peer newer = peer("s2", 7);
        for (Message message : List.of(
                newer.requestVote(log()),
                newer.vote(),
                newer.noVote(),
                newer.heartbeat(log(), 0),
                newer.ack(0),
                newer.nack(1))) {
            Node s1 = Node.inRole(role, 3, log(1)).receives(message);

            assertEquals(7, s1.term(), message::toString);
        }
    }

    /** "If a candidate or leader discovers that its term is out of date, it immediately reverts to follower state." */
    @ParameterizedTest
    @ValueSource(strings = {"Candidate", "Leader"})
    void aCandidateOrLeaderOfAnOldTermFollows(String role) {
        Peer newer = peer("s2", 7);
        for (Message message :
                List.of(newer.requestVote(log()), newer.vote(), newer.noVote(), newer.ack(0), newer.nack(1))) {
            Node s1 = Node.inRole(role, 3, log(1)).receives(message);

            assertEquals("Follower", s1.role(), message::toString);
            assertNull(s1.votedFor(), "its vote was for the term before");
            assertNull(s1.leader(), "nobody is known to lead the new term");
            assertEquals(List.of(), s1.votesGranted());
            assertEquals(0, s1.matchIndex("s2"));
        }
    }

    /** "If a server receives a request with a stale term number, it rejects the request." */
    @ParameterizedTest
    @ValueSource(strings = {"Follower", "Candidate", "Leader"})
    void aRequestOfAnOldTermIsRejected(String role) {
        Peer older = peer("s2", 2);
        Node s1 = Node.inRole(role, 3, log(1));
        List<Entry> logBefore = s1.log();

        s1.receives(older.requestVote(log(1, 1, 1)));
        assertEquals(new RequestVoteResponse(3, "s1", "s2", false), s1.reply());

        s1.receives(older.append(log(1, 2), 1, 2));
        assertEquals(new AppendEntriesResponse(3, "s1", "s2", false, 1), s1.reply());

        assertEquals(role, s1.role());
        assertEquals(3, s1.term());
        assertEquals(logBefore, s1.log());
        assertEquals(0, s1.commitIndex());
    }

    /** "Current terms are exchanged whenever servers communicate": an old leader learns the new term from a rejection. */
    @Test
    void aLeaderWhoseRequestIsRejectedForItsTermLearnsTheNewOne() {
        Cluster cluster =
                Cluster.of(3).timesOut("s1").settle().onlyReachable("s2", "s3").timesOut("s2");
        cluster.settle().allReachable().sendsHeartbeats("s1").deliver("s1", "s3");
        assertEquals(List.of("s1", "s2"), cluster.leaders());

        cluster.deliver("s3", "s1");

        assertEquals(List.of("s2"), cluster.leaders());
        assertEquals(2, cluster.node("s1").term());
    }

    /** "Each server stores a current term number, which increases monotonically over time." */
    @ParameterizedTest
    @ValueSource(strings = {"Follower", "Candidate", "Leader"})
    void noMessageOfAnOlderTermTakesTheTermBack(String role) {
        Peer older = peer("s2", 1);
        for (Message message : List.of(
                older.requestVote(log()),
                older.vote(),
                older.noVote(),
                older.heartbeat(log(), 0),
                older.ack(0),
                older.nack(1))) {
            Node s1 = Node.inRole(role, 3, log(1)).receives(message);

            assertEquals(3, s1.term(), message::toString);
            assertEquals(role, s1.role(), message::toString);
        }
    }

    /** "Followers are passive: they issue no requests on their own but simply respond." */
    @Test
    void aFollowerSendsNothingOfItsOwn() {
        Node s1 = Node.follower(3, 1, log(1));
        for (int tick = 1; tick < s1.raft().config().electionTimeout(1); tick++) {
            assertEquals(List.of(), s1.ticks(1).sent());
        }
        assertEquals(List.of(), s1.sendsHeartbeats().sent());
    }

    /** "If a client contacts a follower, the follower redirects it to the leader." */
    @Test
    void aFollowerTakesNoProposalAndKnowsWhoDoes() {
        Node s1 = Node.follower(3, 1, log()).receives(peer("s2", 2).heartbeat(log(), 0));

        assertEquals("s1 does not lead and takes no proposals", s1.refuses(node -> node.propose("x")));
        assertEquals("s2", s1.leader());
    }

    /** "In this case the term will end with no leader; a new term (with a new election) will begin shortly." */
    @Test
    void aTermMayEndWithoutALeader() {
        Cluster cluster = Cluster.of(2).timesOut("s1").timesOut("s2").settle();
        assertEquals(List.of(), cluster.leaders());

        cluster.timesOut("s2").settle();

        assertEquals(List.of("s2"), cluster.leaders());
        assertEquals(2, cluster.node("s2").term());
    }

    /** A server knows who leads only for the current term, and a leader knows it of itself. */
    @Test
    void theLeaderIsKnownForTheCurrentTermOnly() {
        Node s1 = Node.follower(3, 1, log()).receives(peer("s2", 2).heartbeat(log(), 0));
        assertEquals("s2", s1.leader());

        s1.receives(peer("s3", 3).requestVote(log()));
        assertNull(s1.leader());
        assertNull(s1.timesOut().leader(), "a candidate knows no leader");

        s1.receives(peer("s3", 4).vote());
        assertEquals("s1", s1.leader());
        assertTrue(s1.isLeader());
    }
}
