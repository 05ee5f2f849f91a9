package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Message.RequestVoteResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Section 5.4, "Safety": who may be elected, and what may be committed. */
class Section54SafetyTest {

    /**
     * Section 5.4.1: "If the logs have last entries with different terms, then the log with the later term is more
     * up-to-date. If the logs end with the same term, then whichever log is longer is more up-to-date."
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void theVoteIsForALogAtLeastAsUpToDate(
            String why, List<Entry> votersLog, List<Entry> candidatesLog, boolean granted) {
        Node s1 = Node.follower(3, 4, votersLog).receives(peer("s2", 5).requestVote(candidatesLog));

        assertEquals(new RequestVoteResponse(5, "s1", "s2", granted), s1.reply());
        assertEquals(granted ? "s2" : null, s1.votedFor());
        assertEquals(5, s1.term(), "adopted in either case");
    }

    static Stream<Arguments> theVoteIsForALogAtLeastAsUpToDate() {
        return Stream.of(
                Arguments.of("both empty", log(), log(), true),
                Arguments.of("the voter's empty", log(), log(1), true),
                Arguments.of("the candidate's empty", log(1), log(), false),
                Arguments.of("the same", log(1, 2), log(1, 2), true),
                Arguments.of("same term, longer", log(1, 2), log(1, 2, 2), true),
                Arguments.of("same term, shorter", log(1, 2, 2), log(1, 2), false),
                Arguments.of("later term, same length", log(1, 2), log(1, 3), true),
                Arguments.of("later term, shorter", log(1, 2, 2, 2), log(3), true),
                Arguments.of("earlier term, same length", log(1, 3), log(1, 2), false),
                Arguments.of("earlier term, longer", log(3), log(1, 2, 2, 2), false));
    }

    /** Section 5.4.1: "prevent[s] a candidate from winning an election unless its log contains all committed entries." */
    @Test
    void aServerThatLacksACommittedEntryIsNotElected() {
        Cluster cluster = Cluster.of(3).timesOut("s1").settle();
        cluster.onlyReachable("s1", "s2").proposes("s1", "committed").settle();

        cluster.onlyReachable("s2", "s3");
        for (int attempt = 0; attempt < 5; attempt++) {
            cluster.timesOut("s3").settle();
        }
        assertEquals("Candidate", cluster.node("s3").role(), "refused by s2, alone with its own vote");

        cluster.timesOut("s2").settle();
        assertEquals("Leader", cluster.node("s2").role());
        assertEquals(cluster.node("s2").log(), cluster.node("s3").log());
    }

    /** The same, for a server that holds more entries, but of an older term: it is not length that counts. */
    @Test
    void aServerWithALongerLogOfAnOlderTermIsNotElected() {
        Cluster cluster = Cluster.of(3).timesOut("s3").settle();
        cluster.onlyReachable("s3").proposes("s3", "x", "y", "z").settle();
        cluster.onlyReachable("s1", "s2").timesOut("s1").settle();
        assertEquals(2, cluster.node("s1").commitIndex(), "its no-op, where s3 holds x");

        cluster.onlyReachable("s2", "s3").sendsHeartbeats("s3").settle();
        assertEquals("Follower", cluster.node("s3").role(), "its term is over");
        for (int attempt = 0; attempt < 5; attempt++) {
            cluster.timesOut("s3").settle();
        }

        assertEquals("Candidate", cluster.node("s3").role(), "refused by s2, alone with its own vote");
    }

    /**
     * Section 5.4.2: "Raft never commits log entries from previous terms by counting replicas. Only log entries from the
     * leader's current term are committed by counting replicas."
     */
    @Test
    void anEntryOfAnOlderTermIsNotCommittedByCounting() {
        Node s1 = Node.leader(3, 4, log(1, 2, 2));

        s1.receives(peer("s2", 4).ack(3), peer("s3", 4).ack(3));

        assertEquals(0, s1.commitIndex(), "all three hold what term 2 left");
    }

    /** Section 5.4.2: "Once an entry from the current term has been committed [...], all prior entries are committed." */
    @Test
    void anEntryOfTheCurrentTermCommitsAllBeforeIt() {
        Node s1 = Node.leader(3, 4, log(1, 2, 2));

        s1.receives(peer("s2", 4).ack(4));

        assertEquals(4, s1.commitIndex());
        assertEquals(log(1, 2, 2, 4), s1.applied());
    }

    /** Figure 8 (a), (b) and (c): S1 leads term 4, and its entry of term 2 is on three of five servers. */
    private static Cluster figure8() {
        // One entry a message, so that S1 can bring S3 its entry of term 2 and not yet that of term 4.
        Cluster cluster = Cluster.of(5, config -> Node.maxEntries(1, config));
        cluster.timesOut("s1").settle().sendsHeartbeats("s1").settle();
        assertEquals(List.of(1L, 1L, 1L, 1L, 1L), cluster.commitIndexes());

        // (a) S1 leads term 2 and brings its entry at index 2 to S2 alone.
        cluster.restarts("s1").timesOut("s1").deliverAll().deliverAll();
        cluster.onlyReachable("s1", "s2").settle();
        assertEquals("Leader", cluster.node("s1").role());

        // (b) S1 is down. S5 leads term 3 by the votes of S3 and S4, and has another entry at index 2.
        cluster.onlyReachable("s3", "s4", "s5").timesOut("s5").deliverAll().deliverAll();
        cluster.loseAll();
        assertEquals("Leader", cluster.node("s5").role());
        assertEquals(
                List.of(List.of(1L, 2L), List.of(1L, 2L), List.of(1L), List.of(1L), List.of(1L, 3L)), cluster.terms());

        // (c) S5 is down. S1 is back, leads term 4 at the second try, and brings S3 what it lacks, one by one.
        cluster.onlyReachable("s1", "s2", "s3", "s4").restarts("s1").timesOut("s1");
        cluster.settle().timesOut("s1").deliverAll().deliverAll();
        cluster.deliver("s1", "s2").deliver("s2", "s1");
        for (int search = 0; cluster.node("s3").log().size() < 2; search++) {
            assertTrue(search < 10, "S3 never gets what it lacks");
            cluster.deliver("s1", "s3").deliver("s3", "s1");
        }
        assertEquals("Leader", cluster.node("s1").role());
        assertEquals(4, cluster.node("s1").term());
        assertEquals(
                List.of(List.of(1L, 2L, 4L), List.of(1L, 2L, 4L), List.of(1L, 2L), List.of(1L), List.of(1L, 3L)),
                cluster.terms());
        assertEquals(3, cluster.node("s1").matchIndex("s2"));
        assertEquals(2, cluster.node("s1").matchIndex("s3"));
        return cluster;
    }

    /** Figure 8 (d): "an old log entry is stored on a majority of servers, yet can still be overwritten by a future leader." */
    @Test
    void figure8AnOlderEntryOnAMajorityIsNotCommittedSinceItMayBeOverwritten() {
        Cluster cluster = figure8();
        assertEquals(0, cluster.node("s1").commitIndex(), "S1, S2 and S3 hold index 2, of term 2");

        // S1 is down again. S5 is back, and leads term 5 at the second try, by the votes of S3 and S4.
        cluster.loseAll().onlyReachable("s2", "s3", "s4", "s5").restarts("s5");
        cluster.timesOut("s5").settle().timesOut("s5").settle();

        assertEquals("Leader", cluster.node("s5").role());
        assertEquals(5, cluster.node("s5").term());
        assertEquals(List.of(1L, 3L, 5L), Logs.terms(cluster.node("s3").log()));
        assertEquals(3, cluster.node("s5").commitIndex(), "and now index 2 holds an entry of term 3");
    }

    /** Figure 8 (e): if S1 replicates an entry of its current term on a majority, "S5 cannot win an election". */
    @Test
    void figure8AnOlderEntryIsCommittedWithANewerOneOnAMajority() {
        Cluster cluster = figure8();

        cluster.deliver("s1", "s3").deliver("s3", "s1");
        assertEquals(3, cluster.node("s1").commitIndex(), "index 3 is of term 4");
        assertEquals(List.of(1L, 2L, 4L), Logs.terms(cluster.node("s1").applied()));

        cluster.loseAll().onlyReachable("s2", "s3", "s4", "s5").restarts("s5");
        for (int attempt = 0; attempt < 5; attempt++) {
            cluster.timesOut("s5").settle();
        }
        assertEquals("Candidate", cluster.node("s5").role(), "S2 and S3 refuse it, and two votes are no majority");

        cluster.timesOut("s3").settle();
        assertEquals("Leader", cluster.node("s3").role());
        assertEquals(List.of(1L, 2L, 4L, 9L), Logs.terms(cluster.node("s5").log()));
    }

    /**
     * Section 8: "Raft handles this by having each leader commit a blank no-op entry into the log at the start of its
     * term." With it the entries of older terms are committed although no client proposes anything.
     */
    @Test
    void theNoOpOfANewLeaderCommitsWhatOlderTermsLeft() {
        List<Entry> left = log(1, 1, 2, 2);
        Cluster cluster = Cluster.withLogs(2, List.of(left, left, log(1)));

        cluster.timesOut("s1").settle();

        assertEquals(log(1, 1, 2, 2, 3), cluster.node("s1").applied());
    }

    /**
     * Section 5.4.3, State Machine Safety: "if a server has applied a log entry at a given index to its state machine, no
     * other server will ever apply a different log entry for the same index." Leaders come and go; {@link Cluster} checks.
     */
    @Test
    void leadersComeAndGoAndEveryoneAppliesTheSame() {
        Cluster cluster = Cluster.of(5);
        for (int round = 0; round < 10; round++) {
            String next = "s" + (round % 5 + 1);
            String cutOff = "s" + ((round + 2) % 5 + 1);
            cluster.allReachable().timesOut(next).settle();
            cluster.onlyReachable(
                    Node.servers(5).stream().filter(id -> !id.equals(cutOff)).toArray(String[]::new));
            cluster.proposes(next, "a" + round, "b" + round).settle().sendsHeartbeats(next);
            cluster.settle();
        }
        cluster.allReachable().timesOut("s3").settle().sendsHeartbeats("s3").settle();

        List<Entry> applied = cluster.node("s3").applied();
        assertEquals(10 * 3 + 1, applied.size(), "a no-op and two values a round, and the last no-op");
        for (String id : Node.servers(5)) {
            assertEquals(applied, cluster.node(id).applied(), id);
        }
    }
}
