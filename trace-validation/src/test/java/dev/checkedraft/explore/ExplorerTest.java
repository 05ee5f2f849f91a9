package dev.checkedraft.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.util.Arrays;
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
        "1, 2, 2, 1,     6,      6",
        "2, 2, 2, 0,   198,   3635",
        "2, 2, 2, 1,   742,  15086",
        "2, 3, 2, 1,  8055, 209962",
        "3, 1, 2, 1,  2274,  98149",
        "3, 2, 1, 0, 12370, 381604",
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
        long all = states(bounds, false);
        long merged = states(bounds, true);
        assertTrue(merged < all && all <= 2 * merged, merged + " of " + all);
    }

    private static long states(Bounds bounds, boolean symmetry) {
        return new Explorer(bounds, symmetry, StepCheck.NONE, servers -> {})
                .run(NO_LIMIT, (s, t) -> {})
                .states();
    }

    /**
     * Facts in place of messages neither lose nor invent anything: with every message kept by itself, and every reply made
     * by the core, the servers come to the very same states and every server is given the very same messages in each.
     */
    @ParameterizedTest(name = "{0} servers, {1} terms, {2} entries, {3} restarts: {4} plain states, {5} of the servers")
    @CsvSource({
        "2, 2, 1, 1, 10068, 167,  584",
        "2, 2, 2, 0, 54286, 199, 1506",
        "3, 1, 1, 0, 39619, 533,  759",
    })
    void explorationTriesWhatANaiveTwinTries(
            int nodes, int maxTerm, int maxLog, int maxRestarts, int plainStates, int serverStates, int steps) {
        List<Object> found = Twins.compare(List.of(nodes, maxTerm, maxLog, maxRestarts));
        assertEquals(Arrays.asList(null, null, plainStates, serverStates, steps, 0L, 0L), found);
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
        RaftNode before = RaftNode.restart(Config.of("n1", servers, 0), DurableState.INITIAL);
        RaftNode after = before.copy();
        Ready ready = after.startElection();
        SpecStepCheck check = new SpecStepCheck(servers);
        assertNull(check.mismatch(before, null, null, after, ready));
        RaftNode other = after.copy();
        Ready again = other.startElection();
        String mismatch = check.mismatch(before, null, null, other, again);
        assertTrue(mismatch != null && mismatch.contains("StartElection"), mismatch);
    }

    /** A trace does not tell for whom a vote is; the check does. */
    @Test
    void aVoteForAnotherThanTheCandidateIsNoStepOfTheSpec() {
        List<String> servers = List.of("n1", "n2", "n3");
        RaftNode before = RaftNode.restart(Config.of("n1", servers, 0), DurableState.INITIAL);
        RaftNode after = before.copy();
        Message request = new RequestVote(1, "n2", "n1", 0, 0);
        Ready ready = after.step(request);
        SpecStepCheck check = new SpecStepCheck(servers);
        assertNull(check.mismatch(before, null, request, after, ready));
        Ready strayed = new Ready(
                ready.action(),
                ready.hardState(),
                null,
                List.of(new RequestVoteResponse(1, "n1", "n3", true)),
                1,
                List.of());
        assertEquals("n1 sends to [n3], and the spec to [n2]", check.mismatch(before, null, request, after, strayed));
    }

    @Test
    void aStepMustHandOutWhatItMakesDurableAndWhatItCommits() {
        RaftNode before = RaftNode.restart(Config.of("n1", List.of("n1"), 0), DurableState.INITIAL);
        RaftNode after = before.copy();
        Ready ready = after.startElection();
        assertNull(StepProperties.violated(before, after, ready));
        Ready noVote = new Ready(ready.action(), null, ready.log(), List.of(), 1, ready.committed());
        assertEquals("Persisted", StepProperties.violated(before, after, noVote));
        Ready noEntry = new Ready(ready.action(), ready.hardState(), null, List.of(), 1, ready.committed());
        assertEquals("Persisted", StepProperties.violated(before, after, noEntry));
        Ready notApplied = new Ready(ready.action(), ready.hardState(), ready.log(), List.of(), 1, List.of());
        assertEquals("StateMachineSafety", StepProperties.violated(before, after, notApplied));
    }

    @Test
    void aLimitOfStatesEndsAnExplorationWithoutAVerdict() {
        Exploration found = new Explorer(new Bounds(3, 2, 2, 0), StepCheck.NONE).run(100, (s, t) -> {});
        assertFalse(found.exhausted());
        assertNull(found.violation());
    }
}
