package dev.checkedraft.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every schedule of the Java core within bounds: what is found there, and that the reductions hide nothing. */
class ExplorerTest {
    private static final long NO_LIMIT = Long.MAX_VALUE;

    @ParameterizedTest(name = "{0} servers, {1} terms, {2} entries, {3} restarts: {4} states, {5} transitions")
    @CsvSource({
        "1, 2, 2, 1,     9,      8",
        "2, 2, 2, 0,   326,   1788",
        "2, 2, 2, 1,  2209,  15599",
        "2, 3, 3, 0, 47543, 548241",
        "3, 1, 2, 1,  4832,  49165",
        "3, 2, 1, 0, 26390, 348813",
    })
    void everyStateWithinBoundsIsSafeAndEveryStepIsOneOfTheSpec(
            int nodes, int maxTerm, int maxLog, int maxRestarts, long states, long transitions) {
        Bounds bounds = new Bounds(nodes, maxTerm, maxLog, maxRestarts);
        Exploration found = new Explorer(bounds, new SpecStepCheck(bounds.servers())).run(NO_LIMIT, (s, t) -> {});
        assertNull(found.violation(), () -> String.join("\n", found.schedule()));
        assertTrue(found.exhausted());
        assertEquals(states, found.states(), "states");
        assertEquals(transitions, found.transitions(), "transitions");
    }

    /** A state and its mirror image are one with symmetry and two without, unless they are the same. */
    @Test
    void symmetryMergesNothingButRenamedStates() {
        Bounds bounds = new Bounds(2, 2, 2, 1);
        long all = new Explorer(bounds, false, true, StepCheck.NONE)
                .run(NO_LIMIT, (s, t) -> {})
                .states();
        long merged = new Explorer(bounds, true, true, StepCheck.NONE)
                .run(NO_LIMIT, (s, t) -> {})
                .states();
        assertTrue(merged < all && all <= 2 * merged, merged + " of " + all);
    }

    /** Messages that can change nothing any more are dropped: the servers still reach the very same states. */
    @ParameterizedTest(name = "{0} servers, {1} terms, {2} entries, {3} restarts")
    @CsvSource({"2, 2, 2, 0", "2, 2, 2, 1", "2, 3, 1, 1", "3, 1, 1, 1"})
    void droppingDeadMessagesLosesNoStateOfTheServers(int nodes, int maxTerm, int maxLog, int maxRestarts) {
        Bounds bounds = new Bounds(nodes, maxTerm, maxLog, maxRestarts);
        Explorer kept = new Explorer(bounds, true, false, StepCheck.NONE);
        Explorer pruned = new Explorer(bounds, true, true, StepCheck.NONE);
        long statesKept = kept.run(NO_LIMIT, (s, t) -> {}).states();
        long statesPruned = pruned.run(NO_LIMIT, (s, t) -> {}).states();
        assertTrue(statesPruned < statesKept, statesPruned + " of " + statesKept);
        assertEquals(kept.serverStates(), pruned.serverStates());
    }

    @Test
    void aStepThatIsNotTheSpecsIsFoundByAShortestSchedule() {
        StepCheck noVotes = new StepCheck() {
            @Override
            public @Nullable String mismatch(
                    RaftNode before, @Nullable String value, @Nullable Message message, RaftNode after, Ready ready) {
                return ready.action() == Action.HANDLE_REQUEST_VOTE_RESPONSE && after.isLeader() ? "no leaders" : null;
            }
        };
        Exploration found = new Explorer(new Bounds(3, 2, 2, 0), noVotes).run(NO_LIMIT, (s, t) -> {});
        assertEquals("no leaders", found.violation());
        assertEquals(3, found.schedule().size(), () -> String.join("\n", found.schedule()));
    }

    @Test
    void theSpecRefusesAStepThatTheCoreDidNotTake() {
        List<String> servers = List.of("n1", "n2", "n3");
        RaftNode before = LocalSteps.initial(new Bounds(3, 2, 2, 0), "n1");
        RaftNode after = before.copy();
        Ready ready = after.startElection();
        SpecStepCheck check = new SpecStepCheck(servers);
        assertNull(check.mismatch(before, null, null, after, ready));
        RaftNode other = after.copy();
        Ready again = other.startElection();
        String mismatch = check.mismatch(before, null, null, other, again);
        assertTrue(mismatch != null && mismatch.contains("StartElection"), mismatch);
    }

    @Test
    void aLimitOfStatesEndsAnExplorationWithoutAVerdict() {
        Exploration found = new Explorer(new Bounds(3, 2, 2, 0), StepCheck.NONE).run(100, (s, t) -> {});
        assertFalse(found.exhausted());
        assertNull(found.violation());
    }
}
