package dev.checkedraft.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.trace.TraceAction;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each decision does, and when it does not apply. */
class SimulationTest {
    private final List<TraceEvent> events = new ArrayList<>();
    private final Simulation cluster = new Simulation(Setup.of(3, 0), events::add);

    private boolean step(String decision) {
        return cluster.step(Schedule.parse("nodes 3\n" + decision).decisions().get(0));
    }

    private void steps(String... decisions) {
        for (String decision : decisions) {
            assertTrue(step(decision), decision);
        }
    }

    private void electN1() {
        steps("timeout n1", "deliver n1 n2", "deliver n2 n1");
        assertTrue(leads(1));
    }

    private boolean leads(int node) {
        return cluster.isUp(node) && nodeUp(node).isLeader();
    }

    private RaftNode nodeUp(int node) {
        RaftNode raft = cluster.node(node);
        assertNotNull(raft);
        return raft;
    }

    @Test
    void aMessageArrivesOnceUnlessItIsDuplicatedOrReplayed() {
        steps("timeout n1");
        assertEquals(2, cluster.inFlight().size());
        steps("duplicate n1 n2", "deliver n1 n2 RequestVote", "deliver n1 n2 RequestVote");
        assertFalse(step("deliver n1 n2 RequestVote"), "none is in flight any more");
        steps("deliver n1 n2 RequestVote 1", "deliver n1 n2 RequestVote -1");
        assertFalse(step("deliver n1 n2 RequestVote 2"), "only one was sent");
        assertEquals(4, cluster.sentCount(2, 1, MessageKind.REQUEST_VOTE_RESPONSE));
        assertEquals(3, cluster.reached().count(Milestone.REPEATED_MESSAGE));
    }

    @Test
    void aLostMessageIsNotInFlightButMayArriveAfterAll() {
        steps("timeout n1", "drop n1 n2");
        assertFalse(step("drop n1 n2 RequestVote 1"));
        assertFalse(step("deliver n1 n2"));
        steps("deliver n1 n2 RequestVote 1");
    }

    @Test
    void nothingGetsThroughACutLink() {
        steps("timeout n1", "cut n1 n2");
        assertFalse(step("cut n1 n2"), "it is cut");
        assertFalse(step("deliver n1 n2"));
        steps("deliver n1 n3", "deliver n3 n1", "heal n1 n2", "deliver n1 n2", "partition n1");
        assertFalse(step("deliver n2 n1"));
        assertFalse(step("deliver n1 n3"));
        assertTrue(cluster.isCut(1, 3) && cluster.isCut(3, 1) && !cluster.isCut(2, 3));
        steps("heal", "deliver n2 n1", "deliver n1 n3");
        assertFalse(step("heal"), "nothing is cut");
    }

    @Test
    void onlyALeaderIsProposedToAndSendsHeartbeatsAndOnlyAnotherTimesOut() {
        assertFalse(step("propose n1 a"));
        assertFalse(step("heartbeat n1"));
        electN1();
        assertFalse(step("timeout n1"));
        steps("propose n1 a", "heartbeat n1");
        assertEquals(3, cluster.skipped());
    }

    @Test
    void aNodeThatIsDownDoesNothing() {
        steps("timeout n1", "crash n2");
        assertFalse(step("crash n2"));
        assertFalse(step("tick n2"));
        assertFalse(step("deliver n1 n2"));
        steps("restart n2");
        assertFalse(step("restart n2"));
        steps("deliver n1 n2");
        assertFalse(cluster.step(new Decision.Tick(4)), "no such node");
    }

    @Test
    void aCrashBeforePersistingUndoesTheInput() {
        steps("timeout n1", "deliver n1 n2 RequestVote 1 crash-before-persisting");
        assertFalse(cluster.isUp(2));
        assertEquals(0, cluster.sentCount(2, 1, MessageKind.REQUEST_VOTE_RESPONSE));
        assertEquals(1, events.size(), "the election's only");
        steps("restart n2");
        assertEquals(0, nodeUp(2).currentTerm());
        assertNull(nodeUp(2).votedFor());
    }

    @Test
    void aCrashAfterPersistingKeepsWhatIsDurableAndSendsOnlySomeMessages() {
        steps("timeout n1", "deliver n1 n2", "deliver n2 n1 RequestVoteResponse crash-after-sending 1");
        assertEquals(1, cluster.sentCount(1, 2, MessageKind.APPEND_ENTRIES));
        assertEquals(0, cluster.sentCount(1, 3, MessageKind.APPEND_ENTRIES));
        steps("restart n1");
        assertEquals(1, nodeUp(1).currentTerm());
        assertEquals("n1", nodeUp(1).votedFor());
        assertEquals(1, nodeUp(1).log().size());
        assertFalse(leads(1));
        assertEquals(TraceAction.RESTART, events.get(events.size() - 1).action());
        assertEquals(1, cluster.reached().count(Milestone.CRASH_BEFORE_SENDING));
    }

    @Test
    void aCrashAfterSendingAllIsOneBetweenInputs() {
        steps("timeout n1 crash-after-sending 2");
        assertEquals(2, cluster.inFlight().size());
        assertEquals(1, cluster.reached().count(Milestone.CRASH));
    }

    @Test
    void ticksLeadToAnElectionAndToHeartbeats() {
        while (nodeUp(1).currentTerm() == 0) {
            steps("tick n1");
        }
        steps("deliver n1 n2", "deliver n2 n1");
        int sent = cluster.sentCount(1, 2, MessageKind.APPEND_ENTRIES);
        steps("tick n1", "tick n1", "tick n1");
        assertEquals(sent + 1, cluster.sentCount(1, 2, MessageKind.APPEND_ENTRIES));
    }

    @Test
    void onlySoManyMessagesAreRemembered() {
        electN1();
        for (int k = 0; k < Simulation.REMEMBERED; k++) {
            steps("heartbeat n1");
        }
        assertFalse(step("deliver n1 n3 AppendEntries 1"), "too old");
        steps("deliver n1 n3 AppendEntries 2", "deliver n1 n3 AppendEntries -1");
        long toN3 =
                cluster.inFlight().stream().filter(packet -> packet.to() == 3).count();
        assertEquals(Simulation.REMEMBERED - 2 + 1, toN3, "and the vote request");
    }
}
