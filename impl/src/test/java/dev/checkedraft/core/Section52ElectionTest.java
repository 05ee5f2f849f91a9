package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 5.2, "Leader election". */
class Section52ElectionTest {

    /** "When servers start up, they begin as followers." */
    @Test
    void aServerStartsAsAFollowerOfTermZero() {
        Node s1 = Node.fresh(3);

        assertEquals("Follower", s1.role());
        assertEquals(0, s1.term());
        assertEquals(null, s1.votedFor());
        assertEquals(null, s1.leader());
        assertEquals(log(), s1.log());
        assertEquals(0, s1.commitIndex());
    }

    /** "Leaders send periodic heartbeats [...] to all followers in order to maintain their authority." */
    @Test
    void aLeaderSendsHeartbeatsToAllAtEachInterval() {
        Node s1 = Node.leader(3, 1, log())
                .receives(peer("s2", 1).ack(1), peer("s3", 1).ack(1));
        int interval = s1.raft().config().heartbeatInterval();

        for (int round = 0; round < 3; round++) {
            assertEquals(List.of(), s1.ticks(interval - 1).sent());
            assertEquals(
                    List.of(
                            new AppendEntries(1, "s1", "s2", 1, 1, log(), 1),
                            new AppendEntries(1, "s1", "s3", 1, 1, log(), 1)),
                    s1.ticks(1).sent());
        }
    }

    /** "A server remains in follower state as long as it receives valid RPCs from a leader." */
    @Test
    void heartbeatsKeepFollowersFollowing() {
        Cluster cluster = Cluster.of(3).timesOut("s2").settle();
        for (int tick = 0; tick < 200; tick++) {
            cluster.tick();
        }

        assertEquals(List.of("s2"), cluster.leaders());
        assertEquals(1, cluster.node("s1").term());
    }

    /** "If a follower receives no communication over [...] the election timeout, [...] it begins an election." */
    @Test
    void silenceForTheElectionTimeoutStartsAnElection() {
        Node s1 = Node.follower(3, 4, log());
        int timeout = s1.raft().config().electionTimeout(4);

        s1.ticks(timeout - 1);
        assertEquals("Follower", s1.role());

        s1.ticks(1);
        assertEquals("Candidate", s1.role());
        assertEquals(Action.START_ELECTION, s1.ready().action());
    }

    /**
     * "A follower increments its current term and transitions to candidate state. It then votes for itself and issues
     * RequestVote RPCs in parallel to each of the other servers."
     */
    @Test
    void anElectionIsANewTermAVoteForItselfAndARequestToEveryOther() {
        Node s1 = Node.follower(3, 4, log(1, 1, 3)).timesOut();

        assertEquals("Candidate", s1.role());
        assertEquals(5, s1.term());
        assertEquals("s1", s1.votedFor());
        assertEquals(List.of("s1"), s1.votesGranted());
        assertEquals(List.of(), s1.votesRefused());
        assertEquals(List.of(new RequestVote(5, "s1", "s2", 3, 3), new RequestVote(5, "s1", "s3", 3, 3)), s1.sent());
        assertEquals(new HardState(5, "s1"), s1.ready().hardState(), "durable before it is sent");
    }

    /** "A candidate wins an election if it receives votes from a majority of the servers in the full cluster." */
    @ParameterizedTest(name = "of {0} servers {1} votes")
    @CsvSource({"1, 1", "2, 2", "3, 2", "4, 3", "5, 3", "6, 4", "7, 4"})
    void theVotesOfMoreThanHalfElect(int clusterSize, int needed) {
        Node s1 = Node.fresh(clusterSize).timesOut();
        for (int votes = 1; votes < needed; votes++) {
            assertEquals("Candidate", s1.role(), "with " + votes + " votes");
            s1.receives(peer("s" + (votes + 1), 1).vote());
        }
        assertEquals("Leader", s1.role());
    }

    /** "... for the same term": a vote of the election before does not count. */
    @Test
    void aVoteOfAnEarlierTermElectsNobody() {
        Node s1 = Node.candidate(3, 1, log()).timesOut().receives(peer("s2", 1).vote());

        assertEquals("Candidate", s1.role());
        assertEquals(2, s1.term());
        assertEquals(List.of("s1"), s1.votesGranted());
    }

    /** A majority is one of servers, not of messages, and the network may repeat those. */
    @Test
    void aVoteReceivedTwiceIsOneVote() {
        Node s1 = Node.candidate(5, 1, log());

        s1.receives(peer("s2", 1).vote(), peer("s2", 1).vote(), peer("s2", 1).vote());

        assertEquals("Candidate", s1.role());
        assertEquals(List.of("s1", "s2"), s1.votesGranted());
    }

    /** "Each server will vote for at most one candidate in a given term, on a first-come-first-served basis." */
    @Test
    void theFirstCandidateOfATermGetsTheVoteAndNoOther() {
        Node s1 = Node.follower(3, 1, log());

        s1.receives(peer("s2", 2).requestVote(log()));
        assertEquals(new RequestVoteResponse(2, "s1", "s2", true), s1.reply());
        assertEquals(new HardState(2, "s2"), s1.ready().hardState(), "durable before it is sent");

        s1.receives(peer("s3", 2).requestVote(log()));
        assertEquals(new RequestVoteResponse(2, "s1", "s3", false), s1.reply());
        assertEquals("s2", s1.votedFor());
    }

    /** The same: a repeated request gets the same answer, or a lost answer would be a lost vote. */
    @Test
    void theSameCandidateGetsTheVoteAgain() {
        Node s1 = Node.follower(3, 1, log());

        s1.receives(peer("s2", 2).requestVote(log()), peer("s2", 2).requestVote(log()));

        assertEquals(new RequestVoteResponse(2, "s1", "s2", true), s1.reply());
    }

    /** A candidate has voted for itself, and a leader too. */
    @ParameterizedTest
    @ValueSource(strings = {"Candidate", "Leader"})
    void aCandidateOrLeaderGivesNoVoteInItsOwnTerm(String role) {
        Node s1 = Node.inRole(role, 3, log(1)).receives(peer("s2", 3).requestVote(log(1, 2, 2)));

        assertEquals(new RequestVoteResponse(3, "s1", "s2", false), s1.reply());
        assertEquals(role, s1.role());
    }

    /** The vote is for one term; in the next the server is free again (figure 2, "votedFor"). */
    @Test
    void aNewTermBringsANewVote() {
        Node s1 = Node.follower(3, 1, log()).receives(peer("s2", 2).requestVote(log()));

        s1.receives(peer("s3", 3).requestVote(log()));

        assertEquals(new RequestVoteResponse(3, "s1", "s3", true), s1.reply());
        assertEquals("s3", s1.votedFor());
    }

    /** A newer term takes the old vote away even where no new one is given. */
    @Test
    void aNewTermForgetsTheVoteOfTheOld() {
        Node s1 = Node.follower(3, 1, log(1)).receives(peer("s2", 2).requestVote(log(1)));

        s1.receives(peer("s3", 3).requestVote(log()));

        assertEquals(null, s1.votedFor(), "s3's log is too short");
        assertEquals(new HardState(3, null), s1.ready().hardState());
    }

    /** "Once a candidate wins an election, it becomes leader. It then sends heartbeat messages to all of the others." */
    @Test
    void aNewLeaderTellsEveryoneAtOnce() {
        Node s1 = Node.candidate(5, 2, log(1))
                .receives(peer("s2", 2).vote(), peer("s3", 2).vote());

        assertEquals("Leader", s1.role());
        assertEquals(
                List.of("s2", "s3", "s4", "s5"),
                s1.sent().stream().map(Message::to).toList());
        assertTrue(s1.sent().stream().allMatch(message -> message instanceof AppendEntries));
    }

    /**
     * "If the leader's term [...] is at least as large as the candidate's current term, then the candidate recognizes the
     * leader as legitimate and returns to follower state."
     */
    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void aCandidateFollowsALeaderOfItsTermOrALaterOne(long leadersTerm) {
        Node s1 = Node.candidate(3, 3, log(1));

        s1.receives(peer("s2", leadersTerm).heartbeat(log(1), 0));

        assertEquals("Follower", s1.role());
        assertEquals(leadersTerm, s1.term());
        assertEquals("s2", s1.leader());
        assertEquals(new AppendEntriesResponse(leadersTerm, "s1", "s2", true, 1), s1.reply());
    }

    /** The same, although its log does not match the leader's yet. */
    @Test
    void aCandidateFollowsTheLeaderEvenIfItsLogDiffers() {
        Node s1 = Node.candidate(3, 3, log(1)).receives(peer("s2", 3).heartbeat(log(1, 2), 0));

        assertEquals("Follower", s1.role());
        assertEquals(new AppendEntriesResponse(3, "s1", "s2", false, 2), s1.reply());
        assertEquals("s1", s1.votedFor(), "its vote in this term stays given");
    }

    /** "If the term in the RPC is smaller [...], the candidate rejects the RPC and continues in candidate state." */
    @Test
    void aCandidateRejectsALeaderOfAnEarlierTerm() {
        Node s1 = Node.candidate(3, 3, log(1)).receives(peer("s2", 2).append(log(1, 2), 1, 0));

        assertEquals("Candidate", s1.role());
        assertEquals(new AppendEntriesResponse(3, "s1", "s2", false, 1), s1.reply());
        assertEquals(log(1), s1.log());
    }

    /**
     * "If many followers become candidates at the same time, votes could be split [...]. Each candidate will time out and
     * start a new election by incrementing its term."
     */
    @Test
    void aSplitVoteEndsWithTheNextTimeout() {
        Cluster cluster = Cluster.of(4);
        cluster.timesOut("s1").timesOut("s3");
        cluster.deliver("s1", "s2").deliver("s3", "s4").settle();
        assertEquals(List.of(), cluster.leaders());
        assertEquals("Candidate", cluster.node("s1").role());
        assertEquals("Candidate", cluster.node("s3").role());

        cluster.timesOut("s3").settle();

        assertEquals(List.of("s3"), cluster.leaders());
        assertEquals(2, cluster.node("s1").term());
    }

    /** "... to ensure that split votes are rare and that they are resolved quickly": left to its clocks, a cluster elects. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void someoneIsElectedSoonAndStays(int clusterSize) {
        Cluster cluster = Cluster.of(clusterSize);
        for (int tick = 0; tick < 200; tick++) {
            cluster.tick();
        }

        assertEquals(1, cluster.leaders().size());
        assertTrue(cluster.node("s1").term() <= 3, "term " + cluster.node("s1").term());
    }

    /** Not in the paper: a candidate that more than half have refused cannot win, and follows again without waiting. */
    @ParameterizedTest(name = "of {0} servers {1} refusals")
    @CsvSource({"3, 2", "4, 3", "5, 3", "6, 4", "7, 4"})
    void theRefusalsOfMoreThanHalfEndTheCandidacy(int clusterSize, int needed) {
        Node s1 = Node.fresh(clusterSize).timesOut();
        List<String> refused = new ArrayList<>();
        for (int k = 0; k < needed; k++) {
            assertEquals("Candidate", s1.role());
            assertEquals(refused, s1.votesRefused());
            s1.receives(peer("s" + (k + 2), 1).noVote());
            refused.add("s" + (k + 2));
        }

        assertEquals("Follower", s1.role());
        assertEquals(1, s1.term(), "in the same term");
        assertEquals("s1", s1.votedFor(), "in which its vote stays given");
        assertEquals(null, s1.leader());
        assertEquals(List.of(), s1.votesRefused());
    }

    /** A refusal received twice is one refusal. */
    @Test
    void theSameRefusalTwiceEndsNothing() {
        Node s1 = Node.candidate(3, 1, log())
                .receives(peer("s2", 1).noVote(), peer("s2", 1).noVote());

        assertEquals("Candidate", s1.role());
        assertEquals("Leader", s1.receives(peer("s3", 1).vote()).role());
    }

    /** A vote that comes when the election is over changes nothing, whoever won it. */
    @Test
    void aLateVoteChangesNothing() {
        Node leader = Node.leader(3, 1, log());
        Node follower = Node.candidate(3, 1, log()).receives(peer("s2", 1).heartbeat(log(), 0));
        for (Node s1 : List.of(leader, follower)) {
            String role = s1.role();
            List<Entry> logBefore = s1.log();

            s1.receives(
                    peer("s3", 1).vote(), peer("s3", 1).noVote(), peer("s2", 1).noVote());

            assertEquals(role, s1.role());
            assertEquals(logBefore, s1.log());
            assertEquals(List.of(), s1.sent());
        }
    }

    /** A leader starts no election; the message says so, and it goes on leading. */
    @Test
    void aLeaderStartsNoElection() {
        Node s1 = Node.leader(3, 1, log());

        assertEquals("s1 leads and starts no election", s1.refuses(RaftNode::startElection));
    }
}
