package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.concat;
import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Logs.terms;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Section 5.3, "Log replication". */
class Section53ReplicationTest {

    /** "The leader appends the command to its log as a new entry, then issues AppendEntries RPCs in parallel." */
    @Test
    void aProposalIsAppendedAndSentToAll() {
        Node s1 = Node.leader(3, 2, log(1))
                .receives(peer("s2", 2).ack(2), peer("s3", 2).ack(2));

        s1.proposes("x");

        Entry x = new Entry(2, "x");
        assertEquals(concat(log(1, 2), x), s1.log());
        assertEquals(new LogChange(3, List.of(x)), s1.ready().log(), "durable before it is sent");
        assertEquals(
                List.of(
                        new AppendEntries(2, "s1", "s2", 2, 2, List.of(x), 2),
                        new AppendEntries(2, "s1", "s3", 2, 2, List.of(x), 2)),
                s1.sent());
        assertEquals(2, s1.commitIndex(), "not yet committed");
    }

    /** "... retries AppendEntries RPCs indefinitely [...] until all followers eventually store all log entries." */
    @Test
    void whatWasLostIsSentAgain() {
        Cluster cluster = Cluster.of(3).timesOut("s1").settle().proposes("s1", "x", "y");

        for (int round = 0; round < 10; round++) {
            cluster.loseAll().sendsHeartbeats("s1");
        }
        cluster.settle();

        assertEquals(cluster.node("s1").log(), cluster.node("s2").log());
        assertEquals(cluster.node("s1").log(), cluster.node("s3").log());
    }

    /** "A log entry is committed once the leader that created the entry has replicated it on a majority of the servers." */
    @ParameterizedTest(name = "of {0} servers {1} answers")
    @CsvSource({"2, 1", "3, 1", "4, 2", "5, 2", "6, 3", "7, 3"})
    void anEntryIsCommittedOnceAMajorityHoldsIt(int clusterSize, int needed) {
        Node s1 = Node.leader(clusterSize, 1, log()).proposes("x");
        for (int answers = 0; answers < needed; answers++) {
            assertEquals(0, s1.commitIndex(), "with the leader and " + answers);
            s1.receives(peer("s" + (answers + 2), 1).ack(2));
        }

        assertEquals(2, s1.commitIndex());
        assertEquals(s1.log(), s1.applied());
    }

    /** The same: what the majority holds, not what the furthest follower does. */
    @Test
    void theCommitIndexIsWhatAMajorityHolds() {
        Node s1 = Node.leader(5, 1, log()).proposes("x", "y", "z");

        s1.receives(peer("s2", 1).ack(4));
        assertEquals(0, s1.commitIndex());
        s1.receives(peer("s3", 1).ack(2));
        assertEquals(2, s1.commitIndex());
        s1.receives(peer("s4", 1).ack(3));
        assertEquals(3, s1.commitIndex());
        s1.receives(peer("s5", 1).ack(1));
        assertEquals(3, s1.commitIndex());
        s1.receives(peer("s5", 1).ack(4));
        assertEquals(4, s1.commitIndex());
    }

    /** "... it includes that index in future AppendEntries RPCs (including heartbeats) so that the others find out." */
    @Test
    void followersLearnTheCommitIndexFromTheNextMessage() {
        Cluster cluster = Cluster.of(3).timesOut("s1").settle();
        assertEquals(List.of(1L, 0L, 0L), cluster.commitIndexes());

        cluster.sendsHeartbeats("s1").settle();
        assertEquals(List.of(1L, 1L, 1L), cluster.commitIndexes());

        cluster.proposes("s1", "x").settle();
        assertEquals(List.of(2L, 1L, 1L), cluster.commitIndexes());
    }

    /** "Once a follower learns that a log entry is committed, it applies the entry [...] (in log order)." */
    @Test
    void aFollowerAppliesWhatIsCommittedOnceAndInOrder() {
        Node s1 = Node.follower(3, 1, log());
        Peer s2 = peer("s2", 1);

        s1.receives(s2.append(log(1, 1, 1), 0, 0));
        assertEquals(List.of(), s1.ready().committed());

        s1.receives(s2.heartbeat(log(1, 1, 1), 2));
        assertEquals(log(1, 1), s1.ready().committed());
        assertEquals(1, s1.ready().committedFrom());

        s1.receives(s2.heartbeat(log(1, 1, 1), 2));
        assertEquals(List.of(), s1.ready().committed(), "not again");

        s1.receives(s2.heartbeat(log(1, 1, 1), 3));
        assertEquals(3, s1.ready().committedFrom());
        assertEquals(log(1, 1, 1), s1.applied());
    }

    /** Figure 2: "set commitIndex = min(leaderCommit, index of last new entry)". What follows may not be the leader's. */
    @Test
    void theCommitIndexStaysWithinWhatTheMessageVouchesFor() {
        Node s1 = Node.follower(3, 3, log(1, 2, 2));

        s1.receives(peer("s2", 3).heartbeat(log(1), 3));

        assertEquals(new AppendEntriesResponse(3, "s1", "s2", true, 1), s1.reply());
        assertEquals(1, s1.commitIndex(), "the entries of term 2 may conflict with the leader's");
        assertEquals(log(1, 2, 2), s1.log(), "and yet need not");
    }

    /** Figure 2: "if leaderCommit > commitIndex". A message that was overtaken takes nothing back. */
    @Test
    void theCommitIndexOfAFollowerNeverGoesBack() {
        Node s1 = Node.follower(3, 1, log()).receives(peer("s2", 1).append(log(1, 1, 1), 0, 3));
        assertEquals(3, s1.commitIndex());

        s1.receives(peer("s2", 1).heartbeat(log(1, 1, 1), 1), peer("s2", 1).append(log(1, 1), 0, 3));

        assertEquals(3, s1.commitIndex());
    }

    /** "If the follower does not find an entry in its log with the same index and term, then it refuses the new entries." */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void entriesThatDoNotFollowOnAreRefused(String why, List<Entry> held, List<Entry> leadersLog, int prevLogIndex) {
        Node s1 = Node.follower(3, 4, held).receives(peer("s2", 4).append(leadersLog, prevLogIndex, 4));

        assertEquals(new AppendEntriesResponse(4, "s1", "s2", false, prevLogIndex), s1.reply());
        assertEquals(held, s1.log());
        assertEquals(0, s1.commitIndex(), "nothing is learnt of what is committed");
        assertEquals("s2", s1.leader(), "but whom to follow");
    }

    static Stream<Arguments> entriesThatDoNotFollowOnAreRefused() {
        return Stream.of(
                Arguments.of("nothing held", log(), log(1, 4), 1),
                Arguments.of("shorter by one", log(1), log(1, 1, 4), 2),
                Arguments.of("shorter by more", log(1), log(1, 1, 1, 1, 4), 4),
                Arguments.of("an older term there", log(1, 1, 1), log(1, 1, 3, 4), 3),
                Arguments.of("a newer term there", log(1, 1, 3), log(1, 1, 2, 4), 3),
                Arguments.of("an older term there, and longer", log(1, 1, 1, 1, 1), log(1, 1, 3, 4), 3));
    }

    /** "When AppendEntries returns successfully, [...] the follower's log is identical to its own through the new entries." */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void entriesThatFollowOnAreStored(
            String why, List<Entry> held, List<Entry> leadersLog, int prevLogIndex, List<Entry> afterwards) {
        Node s1 = Node.follower(3, 4, held).receives(peer("s2", 4).append(leadersLog, prevLogIndex, 0));

        assertEquals(new AppendEntriesResponse(4, "s1", "s2", true, leadersLog.size()), s1.reply());
        assertEquals(afterwards, s1.log());
    }

    static Stream<Arguments> entriesThatFollowOnAreStored() {
        return Stream.of(
                Arguments.of("the first", log(), log(1), 0, log(1)),
                Arguments.of("several", log(1), log(1, 1, 2), 1, log(1, 1, 2)),
                Arguments.of("a conflict goes", log(1, 2), log(1, 3), 1, log(1, 3)),
                Arguments.of("all after a conflict goes", log(1, 2, 2, 2), log(1, 3), 1, log(1, 3)),
                Arguments.of("a conflict of the first goes", log(1, 1, 1), log(2), 0, log(2)),
                Arguments.of("a conflict past the first", log(1, 1, 2, 2), log(1, 1, 3), 0, log(1, 1, 3)),
                Arguments.of("all held already", log(1, 1, 2), log(1, 1, 2), 1, log(1, 1, 2)),
                Arguments.of("held, and more follows", log(1, 1, 2, 2), log(1, 1), 0, log(1, 1, 2, 2)),
                Arguments.of("some held already", log(1, 1), log(1, 1, 2, 3), 0, log(1, 1, 2, 3)),
                Arguments.of("nothing sent", log(1, 1, 2), log(1, 1), 2, log(1, 1, 2)));
    }

    /**
     * "If a follower receives an AppendEntries request that includes log entries already present in its log, it ignores
     * those entries" (section 5.5). What a later message brought stays.
     */
    @Test
    void aMessageThatWasOvertakenCutsNothingOff() {
        Node s1 = Node.follower(3, 1, log());
        Message first = peer("s2", 1).append(log(1, 1), 0, 0);
        Message second = peer("s2", 1).append(log(1, 1, 1), 0, 0);

        s1.receives(second, first);

        assertEquals(log(1, 1, 1), s1.log());
        assertEquals(null, s1.ready().log(), "nothing to store");
        assertEquals(new AppendEntriesResponse(1, "s1", "s2", true, 2), s1.reply());
    }

    /** "A leader creates at most one entry with a given log index in a given term", and they keep their order. */
    @Test
    void everyProposalGetsAnIndexOfItsOwn() {
        Node s1 = Node.leader(3, 2, log(1)).proposes("x", "y", "x");

        assertEquals(concat(log(1, 2), new Entry(2, "x"), new Entry(2, "y"), new Entry(2, "x")), s1.log());
    }

    /** Figure 7: a new leader, and the six logs that followers may have then. */
    @ParameterizedTest(name = "({0})")
    @MethodSource
    void theLeaderMakesEveryFollowersLogLikeItsOwn(String figure, List<Entry> followersLog) {
        List<Entry> leadersLog = log(1, 1, 1, 4, 4, 5, 5, 6, 6, 6);
        // The third server is as the leader, so that there is a majority without the follower in question.
        Cluster cluster = Cluster.withLogs(7, List.of(leadersLog, followersLog, leadersLog));

        cluster.timesOut("s1").settle().sendsHeartbeats("s1").settle();

        List<Entry> expected = concat(leadersLog, Entry.noOp(8));
        assertEquals(expected, cluster.node("s2").log());
        assertEquals(expected, cluster.node("s2").applied());
        assertEquals(11, cluster.node("s1").matchIndex("s2"));
    }

    static Stream<Arguments> theLeaderMakesEveryFollowersLogLikeItsOwn() {
        return Stream.of(
                Arguments.of("a", log(1, 1, 1, 4, 4, 5, 5, 6, 6)),
                Arguments.of("b", log(1, 1, 1, 4)),
                Arguments.of("c", log(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6)),
                Arguments.of("d", log(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7)),
                Arguments.of("e", log(1, 1, 1, 4, 4, 4, 4)),
                Arguments.of("f", log(1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3)));
    }

    /** "A leader never overwrites or deletes entries in its own log" (Leader Append-Only), not even older ones. */
    @Test
    void aNewLeaderKeepsWhatItHolds() {
        Node s1 = Node.leader(3, 5, log(1, 2, 2, 4));

        assertEquals(List.of(1L, 2L, 2L, 4L, 5L), terms(s1.log()));
        assertEquals(new LogChange(5, List.of(Entry.noOp(5))), s1.ready().log());
    }

    /** "With this mechanism, a leader does not need to take any special actions [...] when it comes to power" but a no-op. */
    @Test
    void aNewLeadersFirstMessageBringsItsNoOp() {
        Node s1 = Node.leader(3, 3, log(1, 1));

        assertEquals(new AppendEntries(3, "s1", "s2", 2, 1, List.of(Entry.noOp(3)), 0), s1.appendTo("s2"));
        assertEquals(new AppendEntries(3, "s1", "s3", 2, 1, List.of(Entry.noOp(3)), 0), s1.appendTo("s3"));
    }

    /** "A single slow follower will not impact performance." */
    @Test
    void oneSlowFollowerHoldsNothingUp() {
        Cluster cluster = Cluster.of(3).onlyReachable("s1", "s2").timesOut("s1").settle();

        cluster.proposes("s1", "x").settle();

        assertEquals(2, cluster.node("s1").commitIndex());
        assertEquals(log(), cluster.node("s3").log());
    }

    /** A leader cut off from the majority commits nothing, and its entries give way to the new leader's. */
    @Test
    void entriesThatNoMajorityHoldsMayBeLost() {
        Cluster cluster = Cluster.of(3).timesOut("s1").settle();
        cluster.onlyReachable("s1").proposes("s1", "lost").settle();
        cluster.onlyReachable("s2", "s3").timesOut("s2").settle().proposes("s2", "kept");
        cluster.settle();
        assertEquals(1, cluster.node("s1").commitIndex());

        cluster.allReachable().sendsHeartbeats("s2").settle();

        assertEquals(
                List.of(Entry.noOp(1), Entry.noOp(2), new Entry(2, "kept")),
                cluster.node("s1").log());
    }
}
