package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs that a server cannot take are errors that say why, and leave everything as it was ({@link Node#refuses}). */
class InvalidInputTest {

    private static List<Message> oneOfEachKind(Peer from) {
        return List.of(
                from.requestVote(log(1)),
                from.vote(),
                from.append(log(1, 1), 1, 1),
                from.heartbeat(log(1), 0),
                from.ack(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Follower", "Candidate", "Leader"})
    void aMessageFromAStranger(String role) {
        for (Message message : oneOfEachKind(peer("s9", 7))) {
            assertEquals(
                    "a message from s9, which is not in the cluster of s1, [s1, s2, s3]",
                    Node.inRole(role, 3, log(1)).refuses(message));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Follower", "Candidate", "Leader"})
    void aMessageForAnotherServer(String role) {
        for (Message message : oneOfEachKind(new Peer("s2", 7, "s3"))) {
            assertEquals(
                    "a message for s3 came to s1", Node.inRole(role, 3, log(1)).refuses(message));
        }
    }

    /** Section 5.2, Election Safety: a term has one leader, so nobody sends a leader AppendEntries of its own term. */
    @Test
    void anAppendEntriesOfItsOwnTermToALeader() {
        Node s1 = Node.leader(3, 2, log(1));

        assertEquals(
                "s1 leads term 2 and got AppendEntries of that term from s2",
                s1.refuses(peer("s2", 2).append(log(1, 1), 1, 0)));
        assertEquals(
                "s1 leads term 2 and got AppendEntries of that term from s3",
                s1.refuses(peer("s3", 2).heartbeat(log(), 0)));
    }

    /** Section 5.4, Leader Completeness: no leader contradicts what is committed, in this term or a later one. */
    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void aConflictWithACommittedEntry(long term) {
        Node s1 = Node.follower(3, 3, log(1)).receives(peer("s2", 3).append(log(1, 2, 3), 1, 2));

        assertEquals(
                "AppendEntries from s3 conflicts with the entry that s1 knows to be committed at index 2",
                s1.refuses(peer("s3", term).append(log(1, 3), 1, 0)));
        assertEquals(
                "AppendEntries from s3 conflicts with the entry that s1 knows to be committed at index 1",
                s1.refuses(peer("s3", term).append(log(2, 2, 3), 0, 0)));
    }

    /** The same, of what comes before the entries that are sent. */
    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void aBeginningThatIsNotTheCommittedOne(long term) {
        Node s1 = Node.follower(3, 3, log(1)).receives(peer("s2", 3).append(log(1, 2, 3), 1, 2));

        assertEquals(
                "AppendEntries from s3 conflicts with the entry that s1 knows to be committed at index 2",
                s1.refuses(peer("s3", term).append(log(1, 3, 3), 2, 0)));
        assertEquals(
                "AppendEntries from s3 conflicts with the entry that s1 knows to be committed at index 1",
                s1.refuses(peer("s3", term).heartbeat(log(2), 0)));
    }

    /** The entry after the last committed one may conflict, and goes. */
    @Test
    void aConflictJustAfterTheCommittedEntriesIsNone() {
        Node s1 = Node.follower(3, 3, log(1)).receives(peer("s2", 3).append(log(1, 2, 3), 1, 2));

        s1.receives(peer("s3", 4).append(log(1, 2, 4), 0, 0));

        assertEquals(log(1, 2, 4), s1.log());
    }

    /** A message of an old term is merely rejected, whatever it holds: an old leader may not know what is committed. */
    @Test
    void anOldLeadersConflictIsMerelyRejected() {
        Node s1 = Node.follower(3, 3, log(1)).receives(peer("s2", 3).append(log(1, 3), 1, 2));

        s1.receives(peer("s3", 2).append(log(1, 2), 1, 0));

        assertEquals(new AppendEntriesResponse(3, "s1", "s3", false, 1), s1.reply());
        assertEquals(log(1, 3), s1.log());
    }

    /** A follower holds only what its leader sent it. */
    @Test
    void anAcknowledgementBeyondTheLog() {
        Node s1 = Node.leader(3, 2, log(1));

        assertEquals(
                "s2 acknowledges index 3 and s1 has sent it nothing above 2",
                s1.refuses(peer("s2", 2).ack(3)));
        assertEquals(
                "s2 acknowledges index 9223372036854775807 and s1 has sent it nothing above 2",
                s1.refuses(peer("s2", 2).ack(Long.MAX_VALUE)));
        assertEquals(2, s1.receives(peer("s2", 2).ack(2)).matchIndex("s2"));
    }

    /** An index that no log reaches is only refused: the follower's log is shorter. */
    @Test
    void anIndexBeyondAnyLogIsRefused() {
        Node s1 = Node.follower(3, 3, log(1)).receives(peer("s2", 3).heartbeat(log(1), 1));

        s1.receives(new AppendEntries(3, "s2", "s1", Long.MAX_VALUE, 3, log(3), Long.MAX_VALUE));

        assertEquals(new AppendEntriesResponse(3, "s1", "s2", false, Long.MAX_VALUE), s1.reply());
    }

    /** In a later or an earlier term it is no contradiction: it was another leader that sent those entries. */
    @Test
    void anAcknowledgementOfAnotherTermMayBeOfAnyLength() {
        Node s1 = Node.leader(3, 2, log(1)).receives(peer("s2", 1).ack(9));
        assertEquals(0, s1.matchIndex("s2"));

        s1.receives(peer("s2", 3).ack(9));
        assertEquals("Follower", s1.role());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Follower", "Candidate"})
    void aProposalToAServerThatDoesNotLead(String role) {
        assertEquals(
                "s1 does not lead and takes no proposals",
                Node.inRole(role, 3, log(1)).refuses(node -> node.propose("x")));
    }

    @Test
    void anEmptyProposal() {
        assertEquals(
                "an empty value is the no-op's and cannot be proposed",
                Node.leader(3, 2, log(1)).refuses(node -> node.propose("")));
    }

    /** The disk of another cluster's server, by mistake. */
    @Test
    void aVoteForAStranger() {
        DurableState durable = new DurableState(new HardState(2, "s9"), log(1));

        assertEquals(
                "s1 has voted for s9, which is not in its cluster [s1, s2, s3]",
                assertThrows(IllegalArgumentException.class, () -> RaftNode.restart(Node.config(3), durable))
                        .getMessage());
    }

    /** A leader knows its peers, and nobody else; the others know nothing of anybody's log. */
    @Test
    void aQuestionAboutAStranger() {
        Node s1 = Node.leader(3, 2, log(1));

        assertThrows(IllegalArgumentException.class, () -> s1.matchIndex("s9"));
        assertThrows(IllegalArgumentException.class, () -> s1.nextIndex("s1"));
    }
}
