package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static dev.checkedraft.core.Peer.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a leader sends whom (section 5.3): nextIndex, batches, and what answers do to them. No safety depends on it. */
class FlowControlTest {

    /** "When a leader first comes to power, it initializes all nextIndex values to the index just after the last one." */
    @Test
    void aNewLeaderGuessesThatEveryoneHoldsWhatItHolds() {
        Node s1 = Node.leader(3, 3, log(1, 1, 2));

        assertEquals(4, s1.nextIndex("s2"), "of its no-op");
        assertEquals(4, s1.nextIndex("s3"));
        assertEquals(0, s1.matchIndex("s2"));
        assertEquals(0, s1.matchIndex("s3"));
    }

    /** Figure 2: "If successful: update nextIndex and matchIndex for follower." */
    @Test
    void anAcknowledgementMovesBothIndexes() {
        Node s1 = Node.leader(3, 3, log(1, 1, 2)).receives(peer("s2", 3).ack(4));

        assertEquals(4, s1.matchIndex("s2"));
        assertEquals(5, s1.nextIndex("s2"));
        assertEquals(4, s1.nextIndex("s3"));
        assertEquals(List.of(), s1.sent(), "nothing is left to send");
    }

    /** What a follower holds only grows in a term: an answer that was overtaken takes nothing back. */
    @Test
    void anOldAcknowledgementTakesNothingBack() {
        Node s1 = Node.leader(3, 3, log(1, 1, 2))
                .receives(peer("s2", 3).ack(4), peer("s2", 3).ack(2));

        assertEquals(4, s1.matchIndex("s2"));
        assertEquals(5, s1.nextIndex("s2"));
        assertEquals(List.of(), s1.sent());
    }

    /** The next batch goes out with the answer to the one before, and not twice for a repeated answer. */
    @Test
    void anAcknowledgementBringsTheNextBatchOnce() {
        Node s1 = Node.leader(Node.maxEntries(2, Node.config(3)), 1, log()).proposes("b", "c", "d", "e");

        s1.receives(peer("s2", 1).ack(2));
        Entry c = new Entry(1, "c");
        Entry d = new Entry(1, "d");
        assertEquals(new AppendEntries(1, "s1", "s2", 2, 1, List.of(c, d), 2), s1.reply());

        s1.receives(peer("s2", 1).ack(2));
        assertEquals(List.of(), s1.sent());
    }

    /** A refusal lowers nextIndex, and what is asked about next goes out at once, to that follower only. */
    @Test
    void aRefusalIsFollowedByAnEarlierQuestion() {
        Node s1 = Node.leader(3, 3, log(1, 1, 1, 1, 2, 2, 2))
                .receives(peer("s2", 3).nack(7));

        assertEquals(4, s1.nextIndex("s2"), "half-way");
        assertEquals(0, s1.matchIndex("s2"));
        AppendEntries next = (AppendEntries) s1.reply();
        assertEquals("s2", next.to());
        assertEquals(3, next.prevLogIndex());
        assertEquals(1, next.prevLogTerm());
        assertEquals(5, next.entries().size());
        assertEquals(8, s1.nextIndex("s3"));
    }

    /** A refusal of something asked before, received late or twice, says nothing about what was asked since. */
    @Test
    void aLateRefusalIsIgnored() {
        Node s1 = Node.leader(3, 3, log(1, 1, 1, 1, 2, 2, 2))
                .receives(peer("s2", 3).nack(7));

        for (long late : new long[] {7, 4, 2, 1, 0, Long.MAX_VALUE}) {
            s1.receives(peer("s2", 3).nack(late));
            assertEquals(4, s1.nextIndex("s2"));
            assertEquals(List.of(), s1.sent());
        }
    }

    /** A refusal of what the follower has since acknowledged is late too. */
    @Test
    void aRefusalBelowWhatMatchesIsIgnored() {
        Node s1 = Node.leader(3, 3, log(1, 1, 1)).receives(peer("s2", 3).ack(2));
        assertEquals(4, s1.nextIndex("s2"));

        s1.receives(peer("s2", 3).ack(4), peer("s2", 3).nack(4), peer("s2", 3).nack(3));

        assertEquals(4, s1.matchIndex("s2"));
        assertEquals(5, s1.nextIndex("s2"));
    }

    /** The search goes on between what is known to match and what does not. */
    @Test
    void aRefusalNeverGoesBelowWhatMatches() {
        Node s1 = Node.leader(3, 3, log(1, 1, 1, 1, 2, 2, 2))
                .receives(peer("s2", 3).ack(3), peer("s2", 3).nack(7));

        assertEquals(3, s1.matchIndex("s2"));
        assertEquals(5, s1.nextIndex("s2"), "half-way between 3 and 7");

        s1.receives(peer("s2", 3).nack(4));
        assertEquals(4, s1.nextIndex("s2"));
    }

    /** Answers of another term, or to a server that leads no more, say nothing of the log that is sent now. */
    @Test
    void answersThatAreNotForThisLeadershipSayNothing() {
        Node s1 = Node.leader(3, 3, log(1, 1, 2))
                .receives(peer("s2", 2).ack(3), peer("s2", 2).nack(3));
        assertEquals(0, s1.matchIndex("s2"));
        assertEquals(4, s1.nextIndex("s2"));
        assertEquals(0, s1.commitIndex());

        Node candidate = Node.candidate(3, 3, log(1, 1, 2))
                .receives(peer("s2", 3).ack(3), peer("s2", 3).nack(3));
        assertEquals("Candidate", candidate.role());
        assertEquals(List.of(), candidate.sent());
        assertEquals(0, candidate.commitIndex());
    }

    /** Refused, whatever it says of an index: nothing is known to match, and nothing is committed. */
    @Test
    void aRefusalIsNoAcknowledgement() {
        Node s1 = Node.leader(3, 3, log(1, 1))
                .receives(peer("s2", 3).nack(3), peer("s3", 3).nack(3));

        assertEquals(0, s1.matchIndex("s2"));
        assertEquals(0, s1.commitIndex());
    }

    /** "AppendEntries RPCs that carry no log entries": to a follower that has all, a heartbeat is empty. */
    @Test
    void aHeartbeatCarriesWhatTheFollowerMayLack() {
        Node s1 = Node.leader(3, 3, log(1)).receives(peer("s2", 3).ack(2));

        s1.sendsHeartbeats();

        assertEquals(new AppendEntries(3, "s1", "s2", 2, 3, log(), 2), s1.appendTo("s2"));
        assertEquals(new AppendEntries(3, "s1", "s3", 1, 1, List.of(Entry.noOp(3)), 2), s1.appendTo("s3"));
    }

    @ParameterizedTest(name = "{0} entries, at most {1} a message: {2} sent")
    @CsvSource({"1, 16, 1", "15, 16, 15", "16, 16, 16", "17, 16, 16", "3, 1, 1", "5, 4, 4", "40, 100, 40"})
    void aMessageCarriesNoMoreThanItMay(int lacking, int maxEntries, int sent) {
        List<Entry> held = log(Collections.nCopies(lacking - 1, 1L).stream()
                .mapToLong(Long::longValue)
                .toArray());
        Node s1 = Node.leader(Node.maxEntries(maxEntries, Node.config(3)), 3, held);
        for (int search = 0; s1.nextIndex("s2") > 1; search++) {
            assertTrue(search < 10);
            s1.receives(peer("s2", 3).nack(s1.nextIndex("s2") - 1));
        }

        AppendEntries batch = s1.sendsHeartbeats().appendTo("s2");

        assertEquals(s1.log().subList(0, sent), batch.entries());
    }

    /** "The paper's step by one is as safe", but this takes log n steps (end of section 5.3). */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500, 998, 999, 1000})
    void whereLogsPartIsFoundInFewSteps(int common) {
        int length = 1000;
        List<Entry> shared = new ArrayList<>(Collections.nCopies(common, new Entry(1, "shared")));
        List<Entry> leadersLog = new ArrayList<>(shared);
        leadersLog.addAll(Collections.nCopies(length - common, new Entry(2, "leader's")));
        Node leader = Node.leader(3, 4, leadersLog);
        Node follower = Node.restarted(Config.of("s2", Node.servers(3), 1), 4, "s1", shared);

        int refusals = 0;
        Message question = leader.appendTo("s2");
        while (question != null) {
            AppendEntriesResponse answer =
                    (AppendEntriesResponse) follower.receives(question).reply();
            refusals += answer.success() ? 0 : 1;
            List<Message> next = leader.receives(answer).sent();
            question = next.isEmpty() ? null : next.get(0);
            assertTrue(refusals <= 10, refusals + " refusals");
        }

        assertEquals(leader.log(), follower.log());
    }
}
