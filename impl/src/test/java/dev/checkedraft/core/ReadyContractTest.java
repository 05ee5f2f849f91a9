package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVoteResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a {@link Ready} tells the caller to persist, send and apply. {@link Node} checks of every input of every test that
 * it tells just what changed; here it is spelt out.
 */
class ReadyContractTest {

    /** Figure 2: "Updated on stable storage before responding to RPCs", so the vote comes with what makes it durable. */
    @Test
    void aVoteComesWithTheStateToPersistBeforeIt() {
        Node s1 = Node.follower(3, 1, log()).receives(peer("s2", 2).requestVote(log()));

        assertEquals(
                new Ready(
                        Action.HANDLE_REQUEST_VOTE,
                        new HardState(2, "s2"),
                        null,
                        List.of(new RequestVoteResponse(2, "s1", "s2", true)),
                        1,
                        List.of()),
                s1.ready());
        assertTrue(s1.ready().mustPersist());
    }

    /** In a term that it knew already only the vote is new; it is no less to be persisted. */
    @Test
    void aVoteInAKnownTermIsPersistedToo() {
        Node s1 = Node.follower(3, 2, log()).receives(peer("s2", 2).requestVote(log()));

        assertEquals(new HardState(2, "s2"), s1.ready().hardState());
    }

    @Test
    void anAcknowledgementComesWithTheEntriesToPersistBeforeIt() {
        Node s1 = Node.follower(3, 3, log(1, 2, 2)).receives(peer("s2", 3).append(log(1, 3, 3), 0, 1));

        assertEquals(
                new Ready(
                        Action.HANDLE_APPEND_ENTRIES,
                        null,
                        new LogChange(2, log(1, 3, 3).subList(1, 3)),
                        List.of(new AppendEntriesResponse(3, "s1", "s2", true, 3)),
                        1,
                        log(1)),
                s1.ready());
        assertTrue(s1.ready().mustPersist());
    }

    @Test
    void anAdoptedTermIsPersisted() {
        Node s1 = Node.candidate(3, 2, log()).receives(peer("s2", 5).noVote());

        assertEquals(
                new Ready(Action.HANDLE_REQUEST_VOTE_RESPONSE, new HardState(5, null), null, List.of(), 1, List.of()),
                s1.ready());
    }

    @Test
    void aHeartbeatThatBringsNothingNewIsOnlyAnswered() {
        Node s1 = Node.follower(3, 1, log(1)).receives(peer("s2", 1).heartbeat(log(1), 1));
        assertEquals(log(1), s1.ready().committed());
        assertFalse(s1.ready().mustPersist());

        s1.receives(peer("s2", 1).heartbeat(log(1), 1));
        assertEquals(
                new Ready(
                        Action.HANDLE_APPEND_ENTRIES,
                        null,
                        null,
                        List.of(new AppendEntriesResponse(1, "s1", "s2", true, 1)),
                        2,
                        List.of()),
                s1.ready());
    }

    @Test
    void aTickThatOnlyCountsAsksForNothing() {
        Ready nothing = new Ready(null, null, null, List.of(), 1, List.of());

        assertEquals(nothing, Node.follower(3, 1, log()).ticks(1).ready());
        assertEquals(nothing, Node.leader(3, 1, log()).ticks(1).ready());
    }

    /** Sending is no action of its own here: it changes nothing. */
    @Test
    void aHeartbeatIsSentWithNothingToPersist() {
        Node s1 = Node.leader(3, 1, log()).sendsHeartbeats();

        assertEquals(null, s1.ready().action());
        assertFalse(s1.ready().mustPersist());
        assertEquals(2, s1.sent().size());
    }

    @Test
    void everyInputNamesItsAction() {
        Node s1 = Node.follower(3, 1, log());

        assertEquals(Action.START_ELECTION, s1.timesOut().ready().action());
        assertEquals(
                Action.HANDLE_REQUEST_VOTE,
                s1.receives(peer("s2", 1).requestVote(log())).ready().action());
        assertEquals(
                Action.HANDLE_REQUEST_VOTE_RESPONSE,
                s1.receives(peer("s2", 2).vote()).ready().action());
        assertEquals(Action.PROPOSE, s1.proposes("x").ready().action());
        assertEquals(
                Action.HANDLE_APPEND_ENTRIES_RESPONSE,
                s1.receives(peer("s2", 2).ack(2)).ready().action());
        assertEquals(
                Action.HANDLE_APPEND_ENTRIES,
                s1.receives(peer("s2", 3).heartbeat(log(), 0)).ready().action());
    }

    /** The lists are the caller's to keep: nothing that happens later changes them. */
    @Test
    void aReadyStaysAsItIs() {
        Node s1 = Node.follower(3, 2, log()).receives(peer("s2", 2).append(log(1, 1), 0, 1));
        Ready first = s1.ready();
        DurableState disk = s1.disk();

        s1.receives(peer("s3", 3).append(log(1, 3), 1, 2));

        assertEquals(new LogChange(1, log(1, 1)), first.log());
        assertEquals(log(1), first.committed());
        assertEquals(log(1, 1), disk.log());
    }
}
