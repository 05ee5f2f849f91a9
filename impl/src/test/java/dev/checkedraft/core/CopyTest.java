package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.checkedraft.core.Node.State;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A copy equals its original, and then each goes its own way. */
class CopyTest {

    static Stream<Node> nodes() {
        return Stream.of(
                Node.fresh(3),
                Node.follower(3, 3, log(1, 2)).ticks(5),
                Node.follower(3, 3, log(1, 2)).receives(peer("s2", 3).append(log(1, 2, 3), 2, 2)),
                Node.candidate(5, 3, log(1, 2))
                        .receives(peer("s2", 3).vote(), peer("s3", 3).noVote()),
                Node.leader(3, 3, log(1, 2)).ticks(2),
                Node.leader(3, 3, log(1, 2))
                        .proposes("x")
                        .receives(peer("s2", 3).ack(4), peer("s3", 3).nack(2)));
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void aCopyIsInTheSameState(Node node) {
        assertEquals(State.of(node.raft()), State.of(node.raft().copy()));
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void whatHappensToOneDoesNotHappenToTheOther(Node node) {
        RaftNode original = node.raft();
        State before = State.of(original);

        for (Message message : List.of(
                peer("s3", 3).vote(),
                peer("s2", 3).noVote(),
                peer("s2", 3).ack(3),
                peer("s2", 9).requestVote(log(1, 2, 8)),
                peer("s2", 9).append(log(1, 2, 3, 3, 9), 2, 5))) {
            RaftNode copy = original.copy();
            try {
                copy.step(message);
            } catch (InvalidInputException e) {
                continue; // an acknowledgement beyond this log
            }
            copy.tick();
            assertEquals(before, State.of(original), message::toString);
        }

        RaftNode copy = original.copy();
        original.step(peer("s2", 9).append(log(1, 2, 3, 3, 9), 0, 5));
        assertEquals(before, State.of(copy));
        assertNotEquals(before, State.of(original));
    }

    /** What the node shows of itself is to be looked at only. */
    @Test
    void whatANodeShowsCannotBeChanged() {
        RaftNode node = Node.candidate(5, 3, log(1, 2)).raft();
        for (List<?> shown : List.of(node.log(), node.votesGranted(), node.votesRefused())) {
            assertThrows(UnsupportedOperationException.class, shown::clear);
        }
    }

    /** What it is given is its own from then on. */
    @Test
    void whatANodeWasGivenMayChange() {
        List<Entry> entries = new ArrayList<>(log(1, 1));
        DurableState durable = new DurableState(new HardState(1, null), entries);
        List<String> servers = new ArrayList<>(List.of("s1", "s2", "s3"));
        RaftNode node = RaftNode.restart(Config.of("s1", servers, 1), durable);

        entries.clear();
        servers.clear();

        assertEquals(log(1, 1), node.log());
        assertEquals(List.of("s2", "s3"), node.config().peers());
    }
}
