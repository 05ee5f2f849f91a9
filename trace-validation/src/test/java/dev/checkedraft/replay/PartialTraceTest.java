package dev.checkedraft.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.validate.TraceValidatorTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Traces that tell less than everything. */
class PartialTraceTest {
    private static TraceHeader header(int servers, Set<String> observes, Set<String> omits) {
        return new TraceHeader(TestRuns.header(servers).servers(), observes, Map.of(), omits);
    }

    private static TraceEvent with(
            TraceEvent event, Map<String, Object> msg, Map<String, Object> sent, Map<String, Object> state) {
        return new TraceEvent(event.action(), event.node(), msg, sent, event.value(), state);
    }

    private static boolean isSend(TraceEvent event) {
        return event.action().is(Action.SEND_APPEND_ENTRIES);
    }

    /** The events as a port would tell them that cannot observe {@code fields}. */
    private static List<TraceEvent> without(List<TraceEvent> events, Set<String> fields) {
        List<TraceEvent> partial = new ArrayList<>();
        for (TraceEvent event : events) {
            Map<String, Object> state = new LinkedHashMap<>(event.state());
            state.keySet().removeAll(fields);
            partial.add(with(event, event.msg(), event.sent(), state));
        }
        return partial;
    }

    @Test
    void anyFieldMayBeUnobserved() {
        for (String field : TraceEvent.STATE_FIELDS) {
            Set<String> observes = new java.util.LinkedHashSet<>(TraceEvent.STATE_FIELDS);
            observes.remove(field);
            List<TraceEvent> events = without(TestRuns.events(11, 3, 1500), Set.of(field));
            Verdict verdict = TraceValidatorTest.validate(header(3, observes, Set.of()), events);
            assertInstanceOf(Verdict.Accepted.class, verdict, field);
            assertEquals(List.of(field), verdict.evidence().neverChecked());
        }
    }

    @Test
    void aTraceMayTellNothingOfStates() {
        List<TraceEvent> events = without(TestRuns.events(12, 3, 1000), Set.copyOf(TraceEvent.STATE_FIELDS));
        assertInstanceOf(Verdict.Accepted.class, TraceValidatorTest.validate(header(3, Set.of(), Set.of()), events));
        List<TraceEvent> twoLeaders = new ArrayList<>(events);
        twoLeaders.add(new TraceEvent(Action.PROPOSE, "n1", null, null, "x", Map.of()));
        twoLeaders.add(new TraceEvent(Action.RESTART, "n1", null, null, null, Map.of()));
        twoLeaders.add(new TraceEvent(Action.PROPOSE, "n1", null, null, "x", Map.of()));
        assertInstanceOf(
                Verdict.Diverged.class, TraceValidatorTest.validate(header(3, Set.of(), Set.of()), twoLeaders));
    }

    @Test
    void aHandledMessageMayLackAnyOfItsFields() {
        Random random = new Random(13);
        List<TraceEvent> partial = new ArrayList<>();
        for (TraceEvent event : TestRuns.events(13, 3, 1000)) {
            Map<String, Object> msg = event.msg() == null ? null : new LinkedHashMap<>(event.msg());
            if (msg != null && !isSend(event)) {
                msg.keySet().removeIf(field -> random.nextInt(4) == 0);
            }
            partial.add(with(event, msg, event.sent(), event.state()));
        }
        assertInstanceOf(Verdict.Accepted.class, TraceValidatorTest.validate(TestRuns.header(3), partial));
    }

    @Test
    void sendsMayBeMissingIfTheHeaderSaysSo() {
        for (int k = 0; k < 10; k++) {
            int servers = 2 + k % 3;
            List<TraceEvent> events = TestRuns.events(k, servers, 800);
            List<TraceEvent> noSends = events.stream().filter(e -> !isSend(e)).toList();
            List<TraceEvent> noHeartbeats = events.stream()
                    .filter(e -> !isSend(e) || !List.of().equals(e.msg().get("entries")))
                    .toList();
            Set<String> all = TestRuns.header(servers).observes();
            assertInstanceOf(
                    Verdict.Accepted.class,
                    TraceValidatorTest.validate(header(servers, all, Set.of("SendAppendEntries")), noSends),
                    "run " + k);
            assertInstanceOf(
                    Verdict.Accepted.class,
                    TraceValidatorTest.validate(header(servers, all, Set.of("Heartbeat")), noHeartbeats),
                    "run " + k);
            assertInstanceOf(
                    Verdict.Diverged.class,
                    TraceValidatorTest.validate(header(servers, all, Set.of("Heartbeat")), noSends),
                    "run " + k);
            assertInstanceOf(
                    Verdict.Diverged.class,
                    TraceValidatorTest.validate(header(servers, all, Set.of()), noHeartbeats),
                    "run " + k);
        }
    }

    @Test
    void aMessageThatNoLeaderCouldHaveSentIsRejectedEvenIfSendsAreOmitted() {
        int rejected = 0;
        for (int k = 0; k < 40; k++) {
            List<TraceEvent> events = new ArrayList<>(
                    TestRuns.events(k, 3, 300).stream().filter(e -> !isSend(e)).toList());
            for (int at = 150; at < events.size(); at++) {
                TraceEvent event = events.get(at);
                if (event.action().is(Action.HANDLE_APPEND_ENTRIES)) {
                    Map<String, Object> msg = new LinkedHashMap<>(event.msg());
                    msg.put("leaderCommit", (Long) msg.get("leaderCommit") + 1000);
                    events.set(at, with(event, msg, event.sent(), event.state()));
                    Verdict verdict = TraceValidatorTest.validate(
                            header(3, TestRuns.header(3).observes(), Set.of("SendAppendEntries")), events);
                    assertEquals(
                            at + 2,
                            assertInstanceOf(Verdict.Diverged.class, verdict)
                                    .divergence()
                                    .where()
                                    .line());
                    rejected++;
                    break;
                }
            }
        }
        assertTrue(rejected > 30);
    }

    @Test
    void tooManyStatesAreUndecidedNeverRejected() {
        List<TraceEvent> blind = new ArrayList<>();
        for (TraceEvent event : without(TestRuns.events(14, 3, 400), Set.copyOf(TraceEvent.STATE_FIELDS))) {
            blind.add(isSend(event) ? event : with(event, null, null, Map.of()));
        }
        TraceHeader header = header(3, Set.of(), Set.of());
        Verdict verdict = TraceValidatorTest.validate(header, blind, new ValidatorOptions(20, 1000));
        assertTrue(verdict instanceof Verdict.Accepted || verdict instanceof Verdict.Undecided, verdict::toString);
    }
}
