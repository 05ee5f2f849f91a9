package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.concat;
import static dev.checkedraft.core.Logs.log;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster of one: it is its own majority. */
class SingleServerTest {

    @Test
    void itLeadsAsSoonAsItsTimeoutEndsAndCommitsItsNoOp() {
        Node s1 = Node.fresh(1);
        s1.ticks(s1.ticksToElection());

        assertEquals("Leader", s1.role());
        assertEquals(1, s1.term());
        assertEquals("s1", s1.votedFor());
        assertEquals("s1", s1.leader());
        assertEquals(log(1), s1.applied());
        assertEquals(
                new Ready(
                        Action.START_ELECTION, new HardState(1, "s1"), new LogChange(1, log(1)), List.of(), 1, log(1)),
                s1.ready());
    }

    @Test
    void itCommitsWhatIsProposedAtOnce() {
        Node s1 = Node.fresh(1).timesOut().proposes("x");

        assertEquals(
                new Ready(
                        Action.PROPOSE,
                        null,
                        new LogChange(2, List.of(new Entry(1, "x"))),
                        List.of(),
                        2,
                        List.of(new Entry(1, "x"))),
                s1.ready());
    }

    @Test
    void itSendsNobodyAnything() {
        Node s1 = Node.fresh(1).timesOut();

        for (int tick = 0; tick < 50; tick++) {
            assertEquals(List.of(), s1.ticks(1).sent());
        }
        assertEquals(List.of(), s1.sendsHeartbeats().sent());
        assertEquals("Leader", s1.role());
    }

    @Test
    void afterARestartItLeadsAgainAndCommitsWhatItHeld() {
        Node s1 = Node.fresh(1).timesOut().proposes("x").restarts();
        assertEquals("Follower", s1.role());
        assertEquals(0, s1.commitIndex());

        s1.timesOut();

        assertEquals(concat(log(1), new Entry(1, "x"), Entry.noOp(2)), s1.applied());
        assertEquals(1, s1.ready().committedFrom());
    }
}
