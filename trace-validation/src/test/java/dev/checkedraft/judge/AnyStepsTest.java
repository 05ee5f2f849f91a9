package dev.checkedraft.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.tlc.Agreement;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tlc2.tool.TLCState;
import tlc2.tool.coverage.CostModel;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;
import util.UniqueString;

/** The judge's steps are those of AnyRaft.tla, and Raft's are among them. */
class AnyStepsTest {
    /** Where Raft.tla explains an event it is not asked whether AnyRaft.tla does, too: it does. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void everyStepOfRaftIsAnAnyRafts(int servers) {
        TraceHeader header = TestRuns.header(servers);
        SpecEvaluator spec = SpecEvaluator.of(header.servers());
        Agreement agreement = new Agreement(spec.cluster(), header.observes());
        TLCState state = SpecEvaluator.unbind(spec.initial().copy());
        for (TraceEvent event : TestRuns.events(servers, servers, 400)) {
            EventValues report = new EventValues(event, spec.cluster());
            PackedMessage handled = report.handled;
            RecordValue message = handled == null ? null : spec.cluster().message(handled);
            List<AnySteps.AnyStep> steps = new AnySteps(
                            spec,
                            agreement,
                            report,
                            state,
                            message,
                            false,
                            (after, of) -> sent(spec.cluster(), after, of))
                    .find();
            assertFalse(steps.isEmpty(), () -> "no step of AnyRaft.tla: " + event);
            state = steps.get(0).after();
        }
    }

    private static List<PackedMessage> sent(TlcValues cluster, TLCState after, RecordValue handled) {
        List<PackedMessage> sent = new ArrayList<>();
        SetEnumValue all = SpecEvaluator.messages(after);
        for (int k = 0; k < all.elems.size(); k++) {
            if (handled == null || !all.elems.elementAt(k).equals(handled)) {
                sent.add(cluster.packet((RecordValue) all.elems.elementAt(k)));
            }
        }
        return sent;
    }

    /** Its actions are compiled: they lead where TLC says, with whatever arguments. */
    @Test
    void compiledActionsLeadWhereTlcSays() {
        Walk walk = new Walk();
        for (int seed = 0; seed < 40; seed++) {
            walk.walk(new Random(seed), 150);
        }
        assertEquals(
                "AdvanceCommitIndex, Flush, HandleAppendEntries, HandleAppendEntriesResponse, HandleHeartbeat,"
                        + " HandleRequestVote, HandleRequestVoteResponse, Lead, Propose, Restart, SendAppendEntries,"
                        + " SendHeartbeat, SendSnapshot, StartElection, StepDown",
                String.join(", ", walk.taken.keySet()));
        assertTrue(walk.taken.values().stream().allMatch(count -> count >= 5), walk.taken::toString);
        assertTrue(walk.refused > 500 && walk.flushed > 100, walk.refused + " and " + walk.flushed);
    }

    /** Random actions with random arguments, by both evaluators. */
    private static final class Walk {
        private final SpecEvaluator spec = SpecEvaluator.of(TestRuns.header(3).servers());
        private final Map<String, Integer> taken = new TreeMap<>();
        private int refused;
        private int flushed;
        private TLCState state;
        private Random random;

        void walk(Random source, int steps) {
            random = source;
            state = SpecEvaluator.unbind(spec.initial().copy());
            List<RecordValue> messages = new ArrayList<>();
            for (int k = 0; k < steps; k++) {
                step(messages);
            }
        }

        private void step(List<RecordValue> messages) {
            Value i = someone();
            int last = LogValue.length(SpecEvaluator.log(state, i)) + 1;
            compareFlush(i, last);
            switch (random.nextInt(messages.isEmpty() ? 10 : 26)) {
                case 0 -> {
                    if (random.nextInt(4) == 0 || messages.isEmpty()) {
                        take(messages, "StartElection", null, i, flag(), flag(), flag(), upTo(last));
                    }
                }
                case 1 -> {
                    if (random.nextInt(8) == 0) {
                        take(messages, "StepDown", null, i);
                    }
                }
                case 2, 3, 4 -> take(messages, "Propose", null, i, new StringValue("v"), flag(), upTo(last));
                case 5 -> {
                    int previous = random.nextInt(last);
                    int count = random.nextInt(last - previous);
                    take(messages, "SendAppendEntries", null, i, other(), number(previous), number(count), upTo(1));
                }
                case 6 -> take(messages, "SendSnapshot", null, i, other(), upTo(last - 1));
                case 7 -> take(messages, "SendHeartbeat", null, i, other(), upTo(last));
                case 8 -> {
                    take(messages, "Flush", null, i, upTo(last - 1), upTo(last));
                    take(messages, "AdvanceCommitIndex", null, i, upTo(last));
                }
                case 9 -> {
                    if (random.nextInt(6) == 0) {
                        Value entries = SpecEvaluator.log(state, i);
                        Value some = LogValue.subSeq(entries, number(1), upTo(last - 1));
                        Value term = number(
                                ((IntValue) SpecEvaluator.valueAt(state, "currentTerm", i)).val + random.nextInt(2));
                        take(messages, "Restart", null, i, term, some, upTo(1));
                    }
                }
                default ->
                    handle(messages, messages.get(messages.size() - 1 - random.nextInt(Math.min(12, messages.size()))));
            }
        }

        private void handle(List<RecordValue> messages, RecordValue m) {
            Value i = SpecEvaluator.field(m, "to");
            int last = LogValue.length(SpecEvaluator.log(state, i)) + 1;
            switch (((StringValue) SpecEvaluator.field(m, "type")).val.toString()) {
                case "RequestVote" -> take(messages, "HandleRequestVote", m, i, m, flag(), flag());
                case "RequestVoteResponse" -> {
                    Value next = new StringValue(
                            List.of("Leader", "Leader", "Candidate", "Follower").get(random.nextInt(4)));
                    take(messages, "HandleRequestVoteResponse", m, i, m, next, flag(), flag(), upTo(last));
                    take(messages, "Lead", null, i, flag(), flag(), upTo(1));
                }
                case "AppendEntries" ->
                    take(
                            messages,
                            "HandleAppendEntries",
                            m,
                            i,
                            m,
                            flag(),
                            flag(),
                            flag(),
                            upTo(last),
                            flag(),
                            upTo(last));
                case "Heartbeat" -> take(messages, "HandleHeartbeat", m, i, m, flag(), upTo(last), flag(), upTo(last));
                default -> {
                    take(messages, "HandleAppendEntriesResponse", m, i, m, upTo(last), upTo(last));
                    take(
                            messages,
                            "HandleAppendEntriesResponse",
                            m,
                            i,
                            m,
                            SpecEvaluator.field(m, "matchIndex"),
                            upTo(last));
                }
            }
        }

        private void take(List<RecordValue> messages, String action, RecordValue message, Value... arguments) {
            Value handled = message == null ? SetEnumValue.EmptySet : new SetEnumValue(new Value[] {message}, true);
            TLCState before = SpecEvaluator.bind(state, SpecEvaluator.NO_EVENT, handled);
            List<TLCState> expected = spec.tool()
                    .successors(spec.definition("AnyRaft!" + action), before, CostModel.DO_NOT_RECORD, arguments);
            TLCState actual = spec.any(action, state, message, arguments);
            String what = action + List.of(arguments) + " in " + state;
            assertEquals(expected.isEmpty(), actual == null, what);
            if (actual == null) {
                refused++;
                return;
            }
            for (TLCState each : expected) {
                each.bind(UniqueString.uniqueStringOf("event"), SpecEvaluator.NO_EVENT);
                assertEquals(each, actual, what);
            }
            taken.merge(action, 1, Integer::sum);
            SetEnumValue all = SpecEvaluator.messages(actual);
            for (int k = 0; k < all.elems.size(); k++) {
                messages.add((RecordValue) all.elems.elementAt(k));
            }
            state = SpecEvaluator.unbind(actual);
        }

        /** What is said once more of Flush. */
        private void compareFlush(Value i, int last) {
            int index = random.nextInt(last);
            TLCState shortcut = AnySteps.flushed(spec, state, i, index);
            TLCState after =
                    spec.any("Flush", state, null, i, number(index), SpecEvaluator.valueAt(state, "commitIndex", i));
            if (shortcut != null && shortcut != state) {
                assertEquals(after, shortcut);
                flushed++;
            } else if (shortcut == null) {
                assertEquals(null, after);
            }
        }

        /** A leader, if there is one, most of the time. */
        private Value someone() {
            for (int k = 0; k < 3 && random.nextInt(8) > 0; k++) {
                Value server = spec.cluster().name(k);
                if (SpecEvaluator.valueAt(state, "role", server).equals(Candidates.LEADER)) {
                    return server;
                }
            }
            return other();
        }

        private Value other() {
            return spec.cluster().name(random.nextInt(3));
        }

        private static Value number(int number) {
            return IntValue.gen(number);
        }

        private Value upTo(int most) {
            return number(random.nextInt(most + 1));
        }

        private Value flag() {
            return random.nextInt(4) > 0 ? BoolValue.ValTrue : BoolValue.ValFalse;
        }
    }
}
