package dev.checkedraft.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.replay.AlteredSpec;
import dev.checkedraft.replay.Corruptions;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.TraceAction;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole traces: behaviors of the spec are accepted, and nothing else is. */
public class TraceValidatorTest {
    public static Verdict validate(TraceHeader header, List<TraceEvent> events) {
        return validate(header, events, ValidatorOptions.DEFAULT);
    }

    public static Verdict validate(TraceHeader header, List<TraceEvent> events, ValidatorOptions options) {
        TraceValidator validator = TraceValidator.open(header, options, "t");
        for (TraceEvent event : events) {
            if (!validator.feed(event)) {
                break;
            }
        }
        return validator.verdict();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 9})
    void runsOfTheJavaCoreAreAccepted(int servers) {
        for (long seed = 0; seed < 4; seed++) {
            List<TraceEvent> events = TestRuns.events(seed, servers, 600);
            Verdict verdict = validate(TestRuns.header(servers), events);
            assertInstanceOf(Verdict.Accepted.class, verdict, () -> "seed: " + verdict);
            assertEquals(600, verdict.evidence().events());
        }
    }

    @Test
    void serverNamesAreFree() {
        TraceHeader header = new TraceHeader(List.of("eu-west.1:7000", "a_b"), Set.of("role", "currentTerm"), Map.of());
        TraceEvent start = new TraceEvent(
                Action.START_ELECTION, "a_b", null, null, null, Map.of("role", "Candidate", "currentTerm", 1L));
        assertInstanceOf(Verdict.Accepted.class, validate(header, List.of(start)));
    }

    @Test
    void clustersOfSeveralSizesAreValidatedAtOnceInSeveralThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Verdict>> tasks = new java.util.ArrayList<>();
            for (int k = 0; k < 24; k++) {
                int servers = 1 + k % 6;
                long seed = k;
                tasks.add(() -> validate(TestRuns.header(servers), TestRuns.events(seed, servers, 300)));
            }
            for (Future<Verdict> verdict : threads.invokeAll(tasks)) {
                assertInstanceOf(Verdict.Accepted.class, verdict.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * Each random corruption of one thing is rejected at its line, or the trace that it makes is a behavior of the spec in
     * which the change cannot be seen. A state field is all observed, so it is always rejected at its line.
     */
    @Test
    void everyCorruptionIsRejectedWhereItIsOrHarmless() {
        Map<String, int[]> rejectedAndHarmless = new TreeMap<>();
        for (int k = 0; k < 1500; k++) {
            int servers = 2 + k % 4;
            List<TraceEvent> events = TestRuns.events(k % 40, servers, 150 + k % 7 * 50);
            Corruptions.Corrupted corrupted = new Corruptions(k).corrupt(events);
            TraceEvent changed = events.get(corrupted.index());
            String label = "corruption " + k + ": " + corrupted.what() + " at " + corrupted.index() + ", " + changed;
            Verdict verdict = validate(TestRuns.header(servers), corrupted.events());
            int[] counts =
                    rejectedAndHarmless.computeIfAbsent(corrupted.what().replaceFirst("\\..*", ""), what -> new int[2]);
            if (verdict instanceof Verdict.Diverged diverged) {
                counts[0]++;
                long line = diverged.divergence().where().line();
                boolean atItsLine = line == corrupted.index() + 2;
                switch (corrupted.what()) {
                    case "removed", "swapped" -> assertTrue(line >= corrupted.index() + 2, label + ": " + line);
                    default ->
                        // A leader may send something else; what is missing then is seen where it arrives.
                        assertTrue(
                                atItsLine
                                        || (changed.action().is(Action.SEND_APPEND_ENTRIES)
                                                && line > corrupted.index() + 2),
                                label + ": " + diverged.divergence().where());
                }
            } else {
                counts[1]++;
                assertInstanceOf(Verdict.Accepted.class, verdict, label);
                // That it was accepted shows that it is a behavior of the spec: a message that was lost, an answer that
                // came
                // once instead of twice, another message that was sent as well and has the same effect.
                assertTrue(corrupted.what().matches("removed|swapped|msg\\..*"), label);
            }
        }
        System.out.println("corruptions, rejected and harmless: "
                + rejectedAndHarmless.entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue()[0] + " " + e.getValue()[1])
                        .toList());
        assertEquals(0, rejectedAndHarmless.get("state")[1]);
        assertEquals(0, rejectedAndHarmless.get("sent")[1]);
    }

    @Test
    void anEventOfAStrangerIsAnError() {
        TraceValidator validator = TraceValidator.open(TestRuns.header(3));
        TraceEvent event = new TraceEvent(Action.RESTART, "n4", null, null, null, Map.of());
        assertThrows(IllegalArgumentException.class, () -> validator.feed(event));
    }

    @Test
    void aMatchIndexThatIsNotReportedDidNotChange() {
        List<TraceEvent> events = TestRuns.events(1, 3, 200);
        for (int k = 0; k < events.size(); k++) {
            TraceEvent event = events.get(k);
            if (event.action().is(Action.HANDLE_APPEND_ENTRIES_RESPONSE)
                    && event.state().containsKey("matchIndex")) {
                Map<String, Object> state = new java.util.LinkedHashMap<>(event.state());
                state.put("matchIndex", Map.of());
                List<TraceEvent> changed = new java.util.ArrayList<>(events);
                changed.set(k, new TraceEvent(event.action(), event.node(), event.msg(), null, null, state));
                Verdict verdict = validate(TestRuns.header(3), changed);
                assertEquals(k, verdict.evidence().events());
                assertInstanceOf(Verdict.Diverged.class, verdict);
                return;
            }
        }
        fail("no leader learned of a match");
    }

    @Test
    void aServerAloneSendsNothing() {
        TraceEvent start =
                new TraceEvent(Action.START_ELECTION, "n1", null, Map.of("term", 1L), null, Map.of("role", "Leader"));
        TraceHeader header = new TraceHeader(List.of("n1"), Set.of(), Map.of());
        assertInstanceOf(Verdict.Diverged.class, validate(header, List.of(start)));
    }

    @Test
    void aMessageForAnotherServerIsNotHandled() {
        List<TraceEvent> events = TestRuns.events(1, 3, 200);
        for (int k = 0; k < events.size(); k++) {
            TraceEvent event = events.get(k);
            if (event.action().is(Action.HANDLE_APPEND_ENTRIES)) {
                Map<String, Object> msg = new java.util.LinkedHashMap<>(event.msg());
                msg.put("to", event.node().equals("n1") ? "n2" : "n1");
                List<TraceEvent> changed = new java.util.ArrayList<>(events);
                changed.set(k, new TraceEvent(event.action(), event.node(), msg, event.sent(), null, event.state()));
                assertInstanceOf(Verdict.Diverged.class, validate(TestRuns.header(3), changed));
                return;
            }
        }
        fail("nobody handled an AppendEntries");
    }

    @Test
    void aMessageSentLongAgoIsUndecidedAndOneNeverSentIsNot() {
        List<TraceEvent> events = TestRuns.events(3, 3, 3000);
        ValidatorOptions fewMessages = new ValidatorOptions(10, 20);
        int undecided = 0;
        for (int from = 200; from < 3000; from += 400) {
            Verdict verdict = validate(TestRuns.header(3), events.subList(0, from), fewMessages);
            undecided += verdict instanceof Verdict.Undecided ? 1 : 0;
            assertTrue(verdict instanceof Verdict.Undecided || verdict instanceof Verdict.Accepted, verdict::toString);
        }
        assertTrue(undecided > 0);

        TraceEvent stray = new TraceEvent(
                Action.HANDLE_REQUEST_VOTE_RESPONSE,
                "n1",
                Map.of("type", "RequestVoteResponse", "term", 77L, "from", "n2", "to", "n1", "voteGranted", true),
                null,
                null,
                Map.of());
        List<TraceEvent> withStray = new java.util.ArrayList<>(events.subList(0, 100));
        withStray.add(stray);
        assertInstanceOf(Verdict.Diverged.class, validate(TestRuns.header(3), withStray, fewMessages));
    }

    @Test
    void evidenceCountsActionsFieldsAndBranches() {
        Evidence evidence =
                validate(TestRuns.header(3), TestRuns.events(7, 3, 5000)).evidence();
        assertEquals(
                5000, evidence.byAction().values().stream().mapToLong(n -> n).sum());
        assertTrue(evidence.byAction().values().stream().allMatch(n -> n > 0), evidence::json);
        assertEquals(List.of(), evidence.neverChecked());
        assertTrue(evidence.branches().size() > 30, evidence::json);
        // Only a server alone in its cluster leads without being elected.
        assertTrue(
                evidence.neverTaken().stream()
                        .anyMatch(branch -> branch.operator().equals("StartElection")
                                && branch.text().startsWith("BecomeLeader")),
                evidence::json);
        Evidence alone =
                validate(TestRuns.header(1), TestRuns.events(7, 1, 500)).evidence();
        assertTrue(
                evidence.plus(alone).neverTaken().stream()
                        .noneMatch(branch -> branch.operator().equals("StartElection")),
                evidence::json);
    }

    @Test
    void whatTheDivergentEventWasComparedInCounts() {
        TraceHeader header = new TraceHeader(List.of("a", "b"), Set.of(), Map.of());
        TraceEvent wrongRole = new TraceEvent(
                Action.START_ELECTION, "a", null, null, null, Map.of("role", "Leader", "currentTerm", 1L));
        Evidence evidence = validate(header, List.of(wrongRole)).evidence();
        assertEquals(0, evidence.events());
        assertEquals(1L, evidence.checked().get("role"));
        // Of a message that was never sent there is no step to compare with.
        TraceEvent neverSent = new TraceEvent(
                Action.HANDLE_REQUEST_VOTE, "b", Map.of("from", "a"), null, null, Map.of("currentTerm", 1L));
        assertEquals(
                0L, validate(header, List.of(neverSent)).evidence().checked().get("currentTerm"));
    }

    @Test
    void aSpecOfTwoHalvesElectsTwoLeadersAndIsFoundOut() {
        String halves = SpecEvaluator.raft()
                .replace(
                        "2 * Cardinality(servers) > Cardinality(Server)",
                        "2 * Cardinality(servers) >= Cardinality(Server)");
        TraceValidator validator =
                new AlteredSpec(halves).open(new TraceHeader(List.of("a", "b", "c", "d"), Set.of(), Map.of()));
        assertTrue(validator.feed(event(Action.START_ELECTION, "a", null)));
        assertTrue(validator.feed(event(Action.START_ELECTION, "c", null)));
        assertTrue(validator.feed(event(Action.HANDLE_REQUEST_VOTE, "b", "a")));
        assertTrue(validator.feed(event(Action.HANDLE_REQUEST_VOTE, "d", "c")));
        assertTrue(validator.feed(event(Action.HANDLE_REQUEST_VOTE_RESPONSE, "a", "b")));
        assertFalse(validator.feed(event(Action.HANDLE_REQUEST_VOTE_RESPONSE, "c", "d")));
        Verdict.Unsafe unsafe = assertInstanceOf(Verdict.Unsafe.class, validator.verdict());
        assertEquals(
                "trace:7: c HandleRequestVoteResponse: a step of Raft.tla after which ElectionSafety does not hold:"
                        + " c leads term 1, which a led",
                unsafe.headline());
        assertEquals(6, unsafe.evidence().events());
        assertEquals(5, unsafe.evidence().safe());
        assertFalse(validator.feed(event(Action.RESTART, "a", null)), "it is decided");
    }

    private static TraceEvent event(Action action, String node, String from) {
        return event(TraceAction.of(action), node, from);
    }

    private static TraceEvent event(TraceAction action, String node, String from) {
        return new TraceEvent(action, node, from == null ? null : Map.of("from", from), null, null, Map.of());
    }

    @Test
    void safetyIsCheckedAsLongAsOneStateExplainsTheTrace() {
        List<TraceEvent> events = TestRuns.events(3, 5, 300);
        assertEquals(300, validate(TestRuns.header(5), events).evidence().safe());
        // Which message a server handled is not told, but what became of it: several steps lead to one state.
        List<TraceEvent> states = events.stream()
                .map(e -> e.action().is(Action.SEND_APPEND_ENTRIES)
                        ? e
                        : new TraceEvent(e.action(), e.node(), null, e.sent(), e.value(), e.state()))
                .toList();
        assertEquals(300, validate(TestRuns.header(5), states).evidence().safe());
        // Whose vote a candidate counts is not told.
        List<TraceEvent> vague = events.stream()
                .map(e -> e.action().is(Action.HANDLE_REQUEST_VOTE_RESPONSE)
                        ? event(Action.HANDLE_REQUEST_VOTE_RESPONSE, e.node(), null)
                        : e)
                .toList();
        Evidence evidence = validate(new TraceHeader(TestRuns.header(5).servers(), Set.of(), Map.of()), vague)
                .evidence();
        assertEquals(300, evidence.events());
        assertTrue(evidence.safe() > 0 && evidence.safe() < 300, evidence::json);
    }

    @Test
    void anExplanationThatMayNotBeTheOnlyOneIsNeitherSafeNorADivergenceLater() {
        TraceHeader header = new TraceHeader(List.of("n1", "n2", "n3"), Set.of(), Map.of());
        List<TraceEvent> events = List.of(
                event(Action.START_ELECTION, "n1", null),
                event(Action.START_ELECTION, "n2", null),
                // A vote for one of the two, of whose requests only two are remembered.
                event(Action.HANDLE_REQUEST_VOTE, "n3", null),
                new TraceEvent(Action.RESTART, "n3", null, null, null, Map.of("votedFor", Optional.of("n1"))));
        assertInstanceOf(Verdict.Accepted.class, validate(header, events, new ValidatorOptions(100, 1000)));
        Verdict verdict = validate(header, events, new ValidatorOptions(100, 2));
        assertInstanceOf(Verdict.Undecided.class, verdict);
        assertEquals(3, verdict.evidence().events());
        assertEquals(2, verdict.evidence().safe());
    }

    /** What a step does to a log is then found by comparing logs. */
    @Test
    void safetyIsCheckedWhereNoLogIsTold() {
        Set<String> observes = new TreeSet<>(TraceEvent.STATE_FIELDS);
        observes.remove("log");
        TraceHeader header = new TraceHeader(TestRuns.header(5).servers(), observes, Map.of());
        long truncations = 0;
        for (int seed = 1; seed <= 10; seed++) {
            List<TraceEvent> told = TestRuns.events(seed, 5, 3000);
            truncations += truncations(told);
            Verdict verdict = validate(
                    header, told.stream().map(TraceValidatorTest::withoutLog).toList());
            assertEquals(
                    3000,
                    assertInstanceOf(Verdict.Accepted.class, verdict, "seed " + seed)
                            .evidence()
                            .safe());
        }
        assertTrue(truncations >= 10, "only " + truncations + " truncations");
    }

    private static long truncations(List<TraceEvent> events) {
        Map<String, Long> lengths = new TreeMap<>();
        long truncations = 0;
        for (TraceEvent event : events) {
            if (event.state().get("log") instanceof LogChange change) {
                truncations += change.from() <= lengths.getOrDefault(event.node(), 0L) ? 1 : 0;
                lengths.put(event.node(), change.from() - 1 + change.entries().size());
            }
        }
        return truncations;
    }

    private static TraceEvent withoutLog(TraceEvent event) {
        Map<String, Object> state = new TreeMap<>(event.state());
        state.remove("log");
        return new TraceEvent(event.action(), event.node(), event.msg(), event.sent(), event.value(), state);
    }
}
