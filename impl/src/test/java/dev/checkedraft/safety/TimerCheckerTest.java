package dev.checkedraft.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.schedule.Setup;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Elections and heartbeats that come too early, too late, or all at once are seen. */
class TimerCheckerTest {
    private static final Setup SETUP = Setup.of(3, 5);
    private static final Ready NOTHING = new Ready(null, null, null, List.of(), 1, List.of());

    private final TimerChecker checker = new TimerChecker(SETUP);
    private final RaftNode node = RaftNode.restart(SETUP.config(1), DurableState.INITIAL);

    private int timeout() {
        return SETUP.config(1).electionTimeout(node.currentTerm());
    }

    private Ready tick() {
        boolean led = node.isLeader();
        long term = node.currentTerm();
        Ready ready = node.tick();
        checker.ticked(1, 1, led, term, node, ready);
        return ready;
    }

    private void ticks(int count) {
        for (int k = 0; k < count; k++) {
            tick();
        }
    }

    private void receives(Message message) {
        boolean led = node.isLeader();
        checker.handled(1, message, led, node, node.step(message));
    }

    private Property fails(Ready ready) {
        return assertThrows(
                        SafetyViolation.class,
                        () -> checker.ticked(1, 1, node.isLeader(), node.currentTerm(), node, ready))
                .property();
    }

    private static Ready did(Action action) {
        return new Ready(action, null, null, List.of(), 1, List.of());
    }

    @Test
    void theCoreIsInTime() {
        ticks(200);
        assertEquals("Candidate", node.role());
        receives(new AppendEntries(node.currentTerm(), "n2", "n1", 0, 0, List.of(), 0));
        ticks(timeout() - 1);
        receives(new RequestVote(node.currentTerm() + 1, "n3", "n1", 0, 0));
        ticks(timeout());
        assertEquals("Candidate", node.role());
    }

    @Test
    void anElectionTooEarly() {
        ticks(timeout() - 2);
        assertEquals(Property.ELECTION_IN_TIME, fails(did(Action.START_ELECTION)));
    }

    @Test
    void anElectionTooLate() {
        ticks(timeout() - 1);
        assertEquals(Property.ELECTION_IN_TIME, fails(NOTHING));
    }

    /** What a core does that does not put its election off when it votes. */
    @Test
    void anElectionThatAVoteDidNotPutOff() {
        ticks(3);
        receives(new RequestVote(1, "n2", "n1", 0, 0));
        ticks(timeout() - 3 - 1);
        assertEquals(Property.ELECTION_IN_TIME, fails(did(Action.START_ELECTION)));
    }

    /** What a core does that lets a refused vote, or an old message, put its election off. */
    @Test
    void anElectionPutOffByWhatDoesNot() {
        receives(new AppendEntries(5, "n2", "n1", 0, 0, List.of(new Entry(5, "x")), 0));
        ticks(6);
        receives(new AppendEntries(4, "n3", "n1", 0, 0, List.of(), 0));
        receives(new RequestVote(5, "n3", "n1", 0, 0));
        ticks(timeout() - 6 - 1);
        assertEquals(Property.ELECTION_IN_TIME, fails(NOTHING));
    }

    @Test
    void heartbeatsTooLateTooEarlyOrToSome() {
        node.startElection();
        receives(new Message.RequestVoteResponse(1, "n2", "n1", true));
        checker.handled(1, null, false, node, NOTHING);
        assertEquals("Leader", node.role());
        ticks(2);
        assertEquals(Property.HEARTBEAT_IN_TIME, fails(NOTHING));
        Ready toAll = node.tick();
        assertEquals(2, toAll.messages().size());
        TimerChecker other = new TimerChecker(SETUP);
        assertThrows(SafetyViolation.class, () -> other.ticked(1, 1, true, 1, node, toAll));
        Ready toOne = new Ready(null, null, null, toAll.messages().subList(0, 1), 1, List.of());
        other.ticked(1, 1, true, 1, node, NOTHING);
        assertThrows(SafetyViolation.class, () -> other.ticked(1, 1, true, 1, node, toOne));
    }

    /** In most terms both wait as long as each other; or one of them as long as ever. */
    @Test
    void timeoutsThatDoNotDiffer() {
        ObservedTimeouts alike = new ObservedTimeouts(2);
        ObservedTimeouts constant = new ObservedTimeouts(2);
        ObservedTimeouts apart = new ObservedTimeouts(2);
        for (int term = 1; term < ObservedTimeouts.ENOUGH; term++) {
            assertNull(alike.add(1, term, 10 + term % 11));
            assertNull(alike.add(2, term, 10 + term % 11));
            assertNull(constant.add(1, term, 10 + term % 4));
            assertNull(apart.add(1, term, 10 + term % 11));
            assertNull(apart.add(2, term, 10 + term * 3 % 11));
        }
        int last = ObservedTimeouts.ENOUGH;
        assertNull(alike.add(1, last, 10));
        assertEquals("in 29 terms of 30 as long as node 1", alike.add(2, last, 11));
        assertEquals("in 30 terms only these timeouts, in ticks: [10, 11, 12, 13]", constant.add(1, last, 10));
        assertNull(apart.add(1, last, 10));
        assertNull(apart.add(2, last, 11));
    }
}
