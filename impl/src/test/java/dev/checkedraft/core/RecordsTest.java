package dev.checkedraft.core;

import static dev.checkedraft.core.Logs.log;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.Role.Progress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What no message, entry, state or configuration may be is refused where it is made, and the least it may be is not. */
class RecordsTest {

    private static void assertRefused(String why, Executable constructor) {
        assertEquals(
                why, assertThrows(IllegalArgumentException.class, constructor).getMessage());
    }

    @Test
    void aMessageHasATerm() {
        String why = "a message's term is 1 or more, not 0";
        assertRefused(why, () -> new RequestVote(0, "a", "b", 0, 0));
        assertRefused(why, () -> new RequestVoteResponse(0, "a", "b", true));
        assertRefused(why, () -> new AppendEntries(0, "a", "b", 0, 0, List.of(), 0));
        assertRefused(why, () -> new AppendEntriesResponse(0, "a", "b", true, 0));

        assertEquals(1, new RequestVoteResponse(1, "a", "b", true).term());
    }

    @Test
    void aMessageIsForAnother() {
        String why = "a message from a to itself";
        assertRefused(why, () -> new RequestVote(1, "a", "a", 0, 0));
        assertRefused(why, () -> new RequestVoteResponse(1, "a", "a", true));
        assertRefused(why, () -> new AppendEntries(1, "a", "a", 0, 0, List.of(), 0));
        assertRefused(why, () -> new AppendEntriesResponse(1, "a", "a", true, 0));
    }

    @Test
    void aMessageIsNamedAsInTheSpec() {
        assertEquals("RequestVote", new RequestVote(1, "a", "b", 0, 0).type());
        assertEquals("AppendEntriesResponse", new AppendEntriesResponse(1, "a", "b", true, 0).type());
    }

    /**
     * Index 0 is the empty beginning, of term 0; every entry has an index and a term above that. No entry is of the term
     * that a candidate stands for, since nobody leads it yet.
     */
    @Test
    void anIndexAndATermGoTogether() {
        assertRefused(
                "lastLogIndex 0 cannot go with lastLogTerm 1 where terms are 1 at most",
                () -> new RequestVote(2, "a", "b", 0, 1));
        assertRefused(
                "lastLogIndex 1 cannot go with lastLogTerm 0 where terms are 1 at most",
                () -> new RequestVote(2, "a", "b", 1, 0));
        assertRefused(
                "lastLogIndex -1 cannot go with lastLogTerm 1 where terms are 1 at most",
                () -> new RequestVote(2, "a", "b", -1, 1));
        assertRefused(
                "lastLogIndex 1 cannot go with lastLogTerm -1 where terms are 1 at most",
                () -> new RequestVote(2, "a", "b", 1, -1));
        assertRefused(
                "lastLogIndex 1 cannot go with lastLogTerm 2 where terms are 1 at most",
                () -> new RequestVote(2, "a", "b", 1, 2));
        assertRefused(
                "prevLogIndex 0 cannot go with prevLogTerm 1 where terms are 2 at most",
                () -> new AppendEntries(2, "a", "b", 0, 1, List.of(), 0));

        assertRefused(
                "prevLogIndex 1 cannot go with prevLogTerm 3 where terms are 2 at most",
                () -> new AppendEntries(2, "a", "b", 1, 3, List.of(), 0));

        assertEquals(1, new RequestVote(2, "a", "b", 1, 1).lastLogTerm());
        assertEquals(2, new AppendEntries(2, "a", "b", 1, 2, List.of(), 0).prevLogTerm());
    }

    @Test
    void entriesAreOfTheirLeadersTermOrEarlierOnesInOrder() {
        assertRefused(
                "an entry's term is from 2 to 3 here, not 1", () -> new AppendEntries(3, "a", "b", 1, 2, log(1), 0));
        assertRefused(
                "an entry's term is from 2 to 3 here, not 4", () -> new AppendEntries(3, "a", "b", 1, 2, log(4), 0));
        assertRefused(
                "an entry's term is from 3 to 3 here, not 2", () -> new AppendEntries(3, "a", "b", 1, 2, log(3, 2), 0));

        AppendEntries m = new AppendEntries(3, "a", "b", 1, 2, log(2, 3), 0);
        assertEquals(3, m.lastNewIndex());
        assertEquals(1, new AppendEntries(3, "a", "b", 1, 2, log(), 9).lastNewIndex());
    }

    @Test
    void indexesAreNotNegative() {
        assertRefused("leaderCommit is 0 or more, not -1", () -> new AppendEntries(1, "a", "b", 0, 0, List.of(), -1));
        assertRefused("matchIndex is 0 or more, not -1", () -> new AppendEntriesResponse(1, "a", "b", true, -1));
        assertRefused("a log begins at index 1, not 0", () -> new LogChange(0, List.of()));
        assertEquals(List.of(), new LogChange(1, List.of()).entries());
    }

    @Test
    void anEntryHasATermAndIsANoOpIfItHasNoValue() {
        assertRefused("an entry's term is 1 or more, not 0", () -> new Entry(0, "x"));

        assertEquals(new Entry(1, ""), Entry.noOp(1));
        assertTrue(Entry.noOp(1).isNoOp());
        assertFalse(new Entry(1, "x").isNoOp());
    }

    @Test
    void nobodyVotesInTermZero() {
        assertRefused("no vote is given in term 0", () -> new HardState(0, "a"));
        assertRefused("no vote is given in term -1", () -> new HardState(-1, null));

        assertEquals("a", new HardState(1, "a").votedFor());
        assertEquals(new HardState(0, null), HardState.INITIAL);
    }

    @Test
    void aLogsTermsNeverDecreaseNorExceedTheServers() {
        assertRefused(
                "an entry of term 1 after one of term 2 in a log of a server in term 2",
                () -> new DurableState(new HardState(2, null), log(2, 1)));
        assertRefused(
                "an entry of term 3 after one of term 1 in a log of a server in term 2",
                () -> new DurableState(new HardState(2, null), log(1, 3)));
        assertRefused(
                "an entry of term 1 after one of term 1 in a log of a server in term 0",
                () -> new DurableState(HardState.INITIAL, log(1)));

        assertEquals(log(1, 1, 2), new DurableState(new HardState(2, null), log(1, 1, 2)).log());
        assertEquals(new DurableState(HardState.INITIAL, List.of()), DurableState.INITIAL);
    }

    @Test
    void recordsKeepListsOfTheirOwn() {
        List<Entry> entries = new ArrayList<>(log(1));
        AppendEntries append = new AppendEntries(1, "a", "b", 0, 0, entries, 0);
        LogChange change = new LogChange(1, entries);
        Ready ready = new Ready(null, null, null, new ArrayList<>(List.of(append)), 1, entries);

        entries.clear();

        assertEquals(log(1), append.entries());
        assertEquals(log(1), change.entries());
        assertEquals(log(1), ready.committed());
        assertThrows(UnsupportedOperationException.class, () -> ready.messages().clear());
    }

    @Test
    void aConfigurationIsOfAClusterThatTheServerIsIn() {
        assertRefused("server d is not in its cluster [a, b, c]", () -> Config.of("d", List.of("a", "b", "c"), 1));
        assertRefused("a server is named twice in [a, b, a]", () -> Config.of("a", List.of("a", "b", "a"), 1));

        assertEquals(
                List.of("a", "c"), Config.of("b", List.of("a", "b", "c"), 1).peers());
        assertEquals(List.of(), Config.of("a", List.of("a"), 1).peers());
    }

    /** Section 5.6: heartbeats come well before election timeouts end. */
    @Test
    void aConfigurationsTimesAreInOrder() {
        List<String> servers = List.of("a");
        assertRefused(
                "1 <= heartbeat interval < shortest election timeout does not hold: 0, 10",
                () -> new Config("a", servers, 10, 20, 0, 16, 1));
        assertRefused(
                "1 <= heartbeat interval < shortest election timeout does not hold: 10, 10",
                () -> new Config("a", servers, 10, 20, 10, 16, 1));
        assertRefused(
                "the longest election timeout, 9, is less than the shortest, 10",
                () -> new Config("a", servers, 10, 9, 3, 16, 1));
        assertRefused(
                "an AppendEntries carries 1 entry or more, not 0", () -> new Config("a", servers, 10, 20, 3, 0, 1));

        assertEquals(2, new Config("a", servers, 2, 2, 1, 1, 1).electionTimeout(1));
        assertEquals(new Config("a", servers, 10, 20, 3, 16, 7), Config.of("a", servers, 7));
    }

    /** {@code 0 <= matchIndex < nextIndex}. */
    @Test
    void aLeadersViewOfAFollowersLog() {
        assertRefused("nextIndex 1 after matchIndex -1", () -> new Progress(-1, 1));
        assertRefused("nextIndex 3 after matchIndex 3", () -> new Progress(3, 3));

        assertEquals(new Progress(0, 1), new Progress(0, 3).refusedAt(2).refusedAt(1));
    }

    @Test
    void actionsAreNamedAsInTheSpec() {
        List<String> labels = new ArrayList<>();
        for (Action action : Action.values()) {
            labels.add(action.label());
        }
        assertEquals(
                List.of(
                        "StartElection",
                        "HandleRequestVote",
                        "HandleRequestVoteResponse",
                        "Propose",
                        "SendAppendEntries",
                        "HandleAppendEntries",
                        "HandleAppendEntriesResponse",
                        "Restart"),
                labels);
    }
}
