package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVoteResponse;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds at first holds after many inputs, in long logs, and in terms that no int has. */
class LongLifeTest {
    private static final int MANY = 1_000;

    private static boolean granted(Node node) {
        return ((RequestVoteResponse) node.reply()).voteGranted();
    }

    /** Section 5.2: "Each server will vote for at most one candidate in a given term": however often it is asked. */
    @Test
    void aVoteIsKeptHoweverManyAsk() {
        Node s1 = Node.follower(3, 4, log(1)).receives(peer("s2", 5).requestVote(log(1)));
        for (int k = 0; k < MANY; k++) {
            assertFalse(granted(s1.receives(peer("s3", 5).requestVote(log(1, 2)))), "request " + k);
            assertFalse(granted(s1.receives(peer("s3", 4).requestVote(log(1, 2)))), "request " + k);
            assertEquals("s2", s1.votedFor());
        }
        assertTrue(granted(s1.receives(peer("s2", 5).requestVote(log(1)))));
    }

    /** A vote of every term, for one or the other. */
    @Test
    void thereIsAVoteInEveryTerm() {
        Node s1 = Node.follower(3, 0, log());
        for (long term = 1; term <= MANY; term++) {
            String first = term % 2 == 0 ? "s2" : "s3";
            String second = term % 2 == 0 ? "s3" : "s2";
            assertTrue(granted(s1.receives(peer(first, term).requestVote(log()))));
            assertFalse(granted(s1.receives(peer(second, term).requestVote(log()))));
        }
    }

    /** Section 5.4.1: "the log with the later term is more up-to-date", where a narrower type would have it wrong. */
    @ParameterizedTest
    @ValueSource(longs = {1L << 7, 1L << 8, 1L << 15, 1L << 16, 1L << 31, 1L << 32, 1L << 53})
    void laterTermsAreLaterAtAnySize(long limit) {
        for (long term : new long[] {limit - 1, limit, limit + 1, 2 * limit}) {
            List<Entry> earlier = log(1, term - 1, term - 1);
            List<Entry> later = log(1, term);
            assertTrue(granted(Node.follower(3, term, earlier)
                    .receives(peer("s2", term + 1).requestVote(later))));
            assertFalse(granted(
                    Node.follower(3, term, later).receives(peer("s2", term + 1).requestVote(earlier))));
            Node s1 = Node.leader(3, term, log(1));
            assertEquals(term, s1.term());
            s1.receives(peer("s2", term - 1).ack(2), peer("s3", term).ack(1));
            assertEquals(0, s1.commitIndex(), "an acknowledgement of an older term");
            assertEquals(2, s1.receives(peer("s2", term).ack(2)).commitIndex());
        }
    }

    /** Section 5.3: the consistency check, and the removal of what conflicts, at any place of a log. */
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 127, 128, 255, 256, 300, 40_000})
    void conflictsAreFoundInLongLogs(int index) {
        List<Entry> old = Collections.nCopies(index + 5, new Entry(1, "old"));
        Node s1 = Node.follower(3, 2, old);

        s1.receives(new Message.AppendEntries(3, "s2", "s1", index, 2, List.of(), 0));
        assertEquals(new AppendEntriesResponse(3, "s1", "s2", false, index), s1.reply());
        assertEquals(index + 5, s1.log().size());

        Entry entry = Entry.noOp(3);
        s1.receives(new Message.AppendEntries(3, "s2", "s1", index - 1, index == 1 ? 0 : 1, List.of(entry), index));
        assertEquals(new AppendEntriesResponse(3, "s1", "s2", true, index), s1.reply());
        assertEquals(index, s1.log().size());
        assertEquals(entry, s1.log().get(index - 1));
        assertEquals(index, s1.commitIndex());
    }

    /**
     * Section 5.2: a majority "for the same term": votes of an election that came to nothing do not count in the next.
     */
    @Test
    void votesCountInTheirElectionOnly() {
        Node s1 = Node.candidate(5, 4, log()).receives(peer("s2", 4).vote());
        s1.timesOut().receives(peer("s3", 5).vote());
        assertEquals("Candidate", s1.role());
        assertEquals(List.of("s1", "s3"), s1.raft().votesGranted());
        assertEquals("Leader", s1.receives(peer("s2", 5).vote()).role());
    }

    /** An acknowledgement that comes late tells less than the leader has sent since, and is still true. */
    @Test
    void aLateAcknowledgementCounts() {
        Node s1 = Node.leader(3, 4, log());
        for (int k = 2; k <= 100; k++) {
            s1.proposes("v" + k).receives(peer("s2", 4).ack(k));
        }
        assertEquals(100, s1.commitIndex());
        s1.receives(peer("s3", 4).nack(0), peer("s3", 4).ack(2));
        assertEquals(2, s1.raft().matchIndex("s3"));
        Node behind = Node.leader(
                3, 4, log(Collections.nCopies(50, 1L).stream().mapToLong(x -> x).toArray()));
        behind.receives(peer("s2", 4).ack(1), peer("s2", 4).ack(3));
        assertEquals(3, behind.raft().matchIndex("s2"));
    }

    /** What is known of another log is known at any length. */
    @Test
    void acknowledgementsCountInLongLogs() {
        int length = (1 << 16) + 3;
        Node s1 = Node.leader(3, 2, Collections.nCopies(length, new Entry(1, "old")));
        assertEquals(length, s1.receives(peer("s2", 2).ack(length)).raft().matchIndex("s2"));
        assertEquals(length + 1, s1.receives(peer("s2", 2).ack(length + 1)).commitIndex());
    }

    /** Values are the clients' business: the same one twice is two entries. */
    @Test
    void equalValuesAreEntriesOfTheirOwn() {
        Node s1 = Node.leader(3, 2, log()).proposes("x", "x");
        assertEquals(List.of(Entry.noOp(2), new Entry(2, "x"), new Entry(2, "x")), s1.log());
    }

    /**
     * "Issue RequestVote RPCs in parallel to each of the other servers", and heartbeats "to all", however many they
     * are.
     */
    @ParameterizedTest
    @ValueSource(ints = {3, 7, 8, 9, 20})
    void everyoneIsWrittenTo(int clusterSize) {
        Node s1 = Node.candidate(clusterSize, 4, log());
        assertEquals(clusterSize - 1, s1.sent().size());
        for (int k = 2; !s1.raft().isLeader(); k++) {
            s1.receives(peer("s" + k, 4).vote());
        }
        assertEquals(clusterSize - 1, s1.sent().size());
        assertEquals(clusterSize - 1, s1.sendsHeartbeats().sent().size());
    }
}
