package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * When an election starts (section 5.2; figure 2, "Rules for Servers"): "If election timeout elapses without receiving
 * AppendEntries RPC from current leader or granting vote to candidate: convert to candidate."
 */
class ElectionTimerTest {
    private static final int WAITED = 7;

    /** A follower in term 4, some ticks after its timer began. */
    private static Node waiting() {
        return Node.follower(3, 4, log(1, 3)).ticks(WAITED);
    }

    /** How long a whole timeout is in the term that the server is in. */
    private static int timeout(Node node) {
        return node.raft().config().electionTimeout(node.term());
    }

    private static void assertTimerRunsOn(Node node) {
        assertEquals(timeout(node) - WAITED, node.ticksToElection());
    }

    private static void assertTimerIsReset(Node node) {
        assertEquals(timeout(node), node.ticksToElection());
    }

    /** Saved schedules and printed seeds are to mean the same for ever, on every JDK. */
    @Test
    void aSeedMeansTheSameForEver() {
        assertEquals(
                List.of(20, 18, 10, 17, 17, 17, 15, 13, 18, 11, 17, 17, 16, 11, 10, 11, 19, 15, 15, 19),
                firstTimeouts("s1", 7));
        assertEquals(
                List.of(14, 19, 16, 14, 15, 14, 16, 18, 20, 11, 17, 11, 19, 20, 16, 13, 11, 11, 14, 17),
                firstTimeouts("s2", -1));
    }

    private static List<Integer> firstTimeouts(String id, long seed) {
        Config config = Config.of(id, List.of("s1", "s2", "s3"), seed);
        return IntStream.range(0, 20).mapToObj(config::electionTimeout).toList();
    }

    @Test
    void ticksCount() {
        assertTimerRunsOn(waiting());
    }

    @Test
    void aLeadersMessagePutsTheElectionOff() {
        assertTimerIsReset(waiting().receives(peer("s2", 4).heartbeat(log(1, 3), 0)));
        assertTimerIsReset(waiting().receives(peer("s2", 5).append(log(1, 3, 5), 1, 0)));
    }

    @Test
    void soDoesOneThatFailsTheConsistencyCheck() {
        assertTimerIsReset(waiting().receives(peer("s2", 4).heartbeat(log(1, 4), 0)));
    }

    @Test
    void aVoteGivenPutsTheElectionOff() {
        assertTimerIsReset(waiting().receives(peer("s2", 4).requestVote(log(1, 3))));
        assertTimerIsReset(waiting().receives(peer("s2", 5).requestVote(log(1, 3, 4))));
    }

    /** The candidate whose log is behind must not keep those who could win from standing. */
    @Test
    void aVoteRefusedDoesNot() {
        assertTimerRunsOn(waiting().receives(peer("s2", 4).requestVote(log(1))));
        assertTimerRunsOn(waiting().receives(peer("s2", 5).requestVote(log(1))));
    }

    @Test
    void aMessageOfAnOldTermDoesNot() {
        assertTimerRunsOn(waiting().receives(peer("s2", 3).heartbeat(log(1, 3), 0)));
        assertTimerRunsOn(waiting().receives(peer("s2", 3).requestVote(log(1, 2, 2))));
    }

    @Test
    void anAnswerDoesNot() {
        assertTimerRunsOn(waiting().receives(peer("s2", 4).vote()));
        assertTimerRunsOn(waiting().receives(peer("s2", 5).noVote()));
        assertTimerRunsOn(waiting().receives(peer("s2", 4).ack(2)));
        assertTimerRunsOn(waiting().receives(peer("s2", 5).nack(2)));
    }

    /** "Each candidate restarts its randomized election timeout at the start of an election." */
    @Test
    void anElectionStartsTheTimerAnew() {
        assertTimerIsReset(waiting().timesOut());
        Node s1 = waiting();
        assertTimerIsReset(s1.ticks(s1.ticksToElection()));
        assertEquals(5, s1.term());
    }

    /** A candidate whom a majority refused waits for the rest of its timeout, so others have time to stand. */
    @Test
    void aRefusedMajorityLeavesTheTimerAsItIs() {
        Node s1 = Node.candidate(3, 4, log()).ticks(WAITED);
        s1.receives(peer("s2", 4).noVote(), peer("s3", 4).noVote());

        assertEquals("Follower", s1.role());
        assertTimerRunsOn(s1);
    }

    /** A leader that learns of a newer term follows with a whole timeout before it: its ticks counted something else. */
    @Test
    void aLeaderThatStepsDownWaitsAWholeTimeout() {
        Node s1 = Node.leader(3, 4, log(1)).ticks(2).receives(peer("s2", 5).nack(1));

        assertEquals("Follower", s1.role());
        assertTimerIsReset(s1);
    }

    /** A new leader sends its first heartbeat a whole interval after its election. */
    @Test
    void aNewLeaderCountsFromItsElection() {
        Node s1 =
                Node.candidate(3, 4, log()).ticks(WAITED).receives(peer("s2", 4).vote());
        int interval = s1.raft().config().heartbeatInterval();

        assertEquals(List.of(), s1.ticks(interval - 1).sent());
        assertEquals(2, s1.ticks(1).sent().size());
    }

    /** What a leader handles in between does not put its heartbeat off. */
    @Test
    void aLeadersHeartbeatIsDueWhateverComesInBetween() {
        Node s1 = Node.leader(3, 4, log()).ticks(2);

        s1.proposes("x").receives(peer("s2", 4).ack(2), peer("s3", 3).requestVote(log()));

        assertEquals(2, s1.ticks(1).sent().size());
    }

    /** "Election timeouts are chosen randomly from a fixed interval." */
    @Property
    void timeoutsStayWithinTheirBounds(
            @ForAll long seed,
            @ForAll @LongRange(min = 0) long term,
            @ForAll @IntRange(min = 2, max = 1_000) int min,
            @ForAll @IntRange(min = 0, max = 1_000) int more) {
        Config config = new Config("s1", Node.servers(3), min, min + more, 1, 1, seed);

        int timeout = config.electionTimeout(term);

        assertTrue(min <= timeout && timeout <= min + more, () -> config + " in term " + term + ": " + timeout);
    }

    /** Both bounds, and all between them, occur, each about as often as the others. */
    @Test
    void timeoutsAreSpreadOverAllTheirInterval() {
        Config config = new Config("s1", Node.servers(3), 10, 19, 3, 16, 42);
        int[] often = new int[20];
        for (long term = 0; term < 10_000; term++) {
            often[config.electionTimeout(term)]++;
        }
        for (int timeout = 10; timeout <= 19; timeout++) {
            assertTrue(850 < often[timeout] && often[timeout] < 1150, timeout + " ticks: " + often[timeout] + " times");
        }
    }

    /** A run can be repeated: the timeout is a function of seed, server and term, and of each of them. */
    @Test
    void timeoutsAreAFunctionOfSeedServerAndTerm() {
        List<Integer> timeouts = timeouts(Config.of("s1", Node.servers(3), 1));

        assertEquals(timeouts, timeouts(Config.of("s1", Node.servers(3), 1)));
        assertNotEquals(timeouts, timeouts(Config.of("s1", Node.servers(3), 2)), "another seed");
        assertNotEquals(timeouts, timeouts(Config.of("s2", Node.servers(3), 1)), "another server");
        assertTrue(Set.copyOf(timeouts).size() > 5, "another term");
    }

    /** Servers of one cluster are given one seed, yet time out apart: however they are called. */
    @Test
    void serversOfOneClusterTimeOutApart() {
        List<String> servers = List.of("s1", "s2", "s3", "Aa", "BB");
        Set<List<Integer>> different = new HashSet<>();
        for (String id : servers) {
            different.add(timeouts(Config.of(id, servers, 1)));
        }
        assertEquals(servers.size(), different.size());
    }

    private static List<Integer> timeouts(Config config) {
        return IntStream.range(0, 50).map(config::electionTimeout).boxed().toList();
    }
}
