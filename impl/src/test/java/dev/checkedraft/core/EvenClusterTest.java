package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Clusters of two and four: half is not more than half (section 5.2). */
class EvenClusterTest {

    @Test
    void halfTheVotesElectNobodyAndHalfRefusedEndNothing() {
        Node s1 = Node.candidate(4, 1, log())
                .receives(
                        peer("s2", 1).vote(),
                        peer("s3", 1).noVote(),
                        peer("s4", 1).noVote());

        assertEquals("Candidate", s1.role(), "two granted, two refused");
        assertEquals(List.of("s1", "s2"), s1.votesGranted());
        assertEquals(List.of("s3", "s4"), s1.votesRefused());
    }

    @Test
    void ofTwoServersOneRefusalIsHalfAndTheCandidateWaitsForItsTimeout() {
        Node s1 = Node.candidate(2, 1, log()).receives(peer("s2", 1).noVote());
        assertEquals("Candidate", s1.role());

        s1.ticks(s1.ticksToElection());

        assertEquals("Candidate", s1.role());
        assertEquals(2, s1.term());
        assertEquals(List.of(), s1.votesRefused(), "a new term, a new count");
    }

    @Test
    void entriesOnHalfTheServersAreNotCommitted() {
        Node s1 = Node.leader(4, 1, log()).receives(peer("s2", 1).ack(1));
        assertEquals(0, s1.commitIndex());

        s1.receives(peer("s4", 1).ack(1));
        assertEquals(1, s1.commitIndex());
    }

    @Test
    void halfAClusterOfFourCannotElectNorCommit() {
        Cluster cluster =
                Cluster.of(4).timesOut("s1").settle().sendsHeartbeats("s1").settle();

        cluster.onlyReachable("s1", "s2").proposes("s1", "x").settle();
        assertEquals(1, cluster.node("s1").commitIndex());

        cluster.onlyReachable("s3", "s4").timesOut("s3").settle();
        assertEquals(List.of("s1"), cluster.leaders());
        assertEquals("Candidate", cluster.node("s3").role());
    }

    @Test
    void threeOfFourElectAndCommit() {
        Cluster cluster = Cluster.of(4).timesOut("s1").settle();

        cluster.onlyReachable("s2", "s3", "s4").timesOut("s3").settle().proposes("s3", "x");
        cluster.settle();

        assertEquals(3, cluster.node("s3").commitIndex());
    }

    /** Two servers that always time out together split every vote; the draw of the timeouts is what parts them. */
    @Test
    void aSplitVoteRepeatsOnlyWhileTimeoutsCoincide() {
        Cluster cluster = Cluster.of(2);
        for (int round = 1; round <= 5; round++) {
            cluster.timesOut("s1").timesOut("s2").settle();
            assertEquals(List.of(), cluster.leaders());
            assertEquals(round, cluster.node("s1").term());
        }

        for (int tick = 0; tick < 100; tick++) {
            cluster.tick();
        }
        assertEquals(1, cluster.leaders().size());
    }
}
