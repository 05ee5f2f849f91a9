package dev.checkedraft.judge;

import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.tlc.Entries;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceAction;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import tlc2.tool.TLCState;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;

/** Random behaviors of AnyRaft.tla, told as traces: every choice that it allows, as often as chance has it. */
public final class AnyRuns {
    private static final int SERVERS = 3;

    private final SpecEvaluator spec = SpecEvaluator.of(TestRuns.header(SERVERS).servers());
    private final Random random;
    private final List<TraceEvent> events = new ArrayList<>();
    private final List<RecordValue> messages = new ArrayList<>();
    private TLCState state = SpecEvaluator.unbind(spec.initial().copy());

    private AnyRuns(long seed) {
        random = new Random(seed);
    }

    /** A run of so many attempts at a step, of three servers. The disks are told under {@code stored}. */
    public static List<TraceEvent> events(long seed, int attempts) {
        AnyRuns run = new AnyRuns(seed);
        for (int k = 0; k < attempts; k++) {
            run.step();
        }
        return run.events;
    }

    private void step() {
        Value i = someone();
        int last = length(i) + 1;
        switch (random.nextInt(messages.isEmpty() ? 10 : 26)) {
            case 0 -> {
                if (random.nextInt(10) == 0 || messages.isEmpty()) {
                    take("StartElection", null, i, flag(), flag(), flag(), upTo(last));
                }
            }
            case 1 -> {
                if (random.nextInt(8) == 0) {
                    take("StepDown", null, i);
                }
            }
            case 2, 3 -> take("Propose", null, i, new StringValue("v" + events.size()), flag(), upTo(last));
            case 4, 5 -> {
                int previous = random.nextInt(last);
                Value count = number(random.nextInt(last - previous));
                take("SendAppendEntries", null, i, other(), number(previous), count, upTo(commit(i)));
            }
            case 6 -> take("SendSnapshot", null, i, other(), upTo(commit(i)));
            case 7 -> take("SendHeartbeat", null, i, other(), upTo(commit(i)));
            case 8 -> {
                take("Flush", null, i, upTo(last - 1), random.nextBoolean() ? number(commit(i)) : upTo(last));
                take("AdvanceCommitIndex", null, i, upTo(last - 1));
            }
            case 9 -> {
                if (random.nextInt(3) == 0) {
                    restart(random.nextBoolean() ? i : other());
                }
            }
            default -> handle(messages.get(messages.size() - 1 - random.nextInt(Math.min(12, messages.size()))));
        }
    }

    private void restart(Value i) {
        Value whole = random.nextBoolean() ? SpecEvaluator.log(state, i) : SpecEvaluator.stored(state, i);
        Value some = LogValue.subSeq(whole, number(1), upTo(LogValue.length(whole)));
        take("Restart", null, i, number(at(i, "currentTerm") + random.nextInt(2)), some, upTo(commit(i)));
    }

    private void handle(RecordValue m) {
        Value i = SpecEvaluator.field(m, "to");
        int last = length(i) + 1;
        switch (((StringValue) SpecEvaluator.field(m, "type")).val.toString()) {
            case "RequestVote" -> take("HandleRequestVote", m, i, m, flag(), flag());
            case "RequestVoteResponse" -> {
                Value next = new StringValue(
                        List.of("Leader", "Leader", "Candidate", "Follower").get(random.nextInt(4)));
                take("HandleRequestVoteResponse", m, i, m, next, flag(), flag(), upTo(last));
                take("Lead", null, i, flag(), flag(), upTo(1));
            }
            case "AppendEntries" -> {
                int covered = ((IntValue) SpecEvaluator.field(m, "prevLogIndex")).val
                        + LogValue.length(SpecEvaluator.field(m, "entries"));
                Value matches = random.nextInt(3) == 0 ? upTo(last) : number(covered);
                take("HandleAppendEntries", m, i, m, flag(), flag(), flag(), upTo(last), flag(), matches);
            }
            case "Heartbeat" -> take("HandleHeartbeat", m, i, m, flag(), upTo(last), flag(), upTo(last));
            default -> {
                Value matches = random.nextInt(4) == 0 ? upTo(last) : SpecEvaluator.field(m, "matchIndex");
                take("HandleAppendEntriesResponse", m, i, m, matches, upTo(last));
            }
        }
    }

    /** Takes a step if the spec has it, and tells it. */
    private void take(String action, RecordValue message, Value i, Value... others) {
        Value[] arguments = new Value[others.length + 1];
        arguments[0] = i;
        System.arraycopy(others, 0, arguments, 1, others.length);
        TLCState after = spec.any(action, state, message, arguments);
        if (after == null) {
            return;
        }
        List<RecordValue> sent = new ArrayList<>();
        SetEnumValue all = SpecEvaluator.messages(after);
        for (int k = 0; k < all.elems.size(); k++) {
            RecordValue each = (RecordValue) all.elems.elementAt(k);
            if (message == null || !each.equals(message)) {
                sent.add(each);
            }
        }
        messages.addAll(sent);
        state = SpecEvaluator.unbind(after);
        tell(action.equals("SendSnapshot") ? "SendAppendEntries" : action, message, i, sent);
    }

    private void tell(String label, RecordValue message, Value i, List<RecordValue> sent) {
        TraceAction action = List.of(TraceAction.values()).stream()
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow();
        Map<String, Object> msg = null;
        if (message != null || action.isSend()) {
            msg = fields(message != null ? message : sent.get(0));
        }
        Map<String, Object> reply = null;
        if (message != null && action.sends() != null && !sent.isEmpty()) {
            reply = fields(sent.get(0));
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("currentTerm", (long) at(i, "currentTerm"));
        String vote = ((StringValue) SpecEvaluator.valueAt(state, "votedFor", i)).val.toString();
        told.put("votedFor", vote.isEmpty() ? Optional.empty() : Optional.of(vote));
        told.put("role", ((StringValue) SpecEvaluator.valueAt(state, "role", i)).val.toString());
        told.put("commitIndex", (long) commit(i));
        Value log = SpecEvaluator.log(state, i);
        told.put("log", new LogSize(LogValue.length(log), Entries.lastTerm(log)));
        told.put(TraceEvent.STORED, (long) LogValue.commonPrefix(log, SpecEvaluator.stored(state, i)));
        events.add(new TraceEvent(action, ((StringValue) i).val.toString(), msg, reply, null, told));
    }

    private Map<String, Object> fields(RecordValue message) {
        PackedMessage packet = spec.cluster().packet(message);
        Map<String, Object> fields = new LinkedHashMap<>(spec.cluster().fields(packet));
        Value entries = packet.entries;
        if (entries != null) {
            fields.put("entries", new LogSize(LogValue.length(entries), Entries.lastTerm(entries)));
        }
        return fields;
    }

    /** A leader, if there is one, most of the time. */
    private Value someone() {
        for (int k = 0; k < SERVERS && random.nextInt(8) > 0; k++) {
            Value server = spec.cluster().name(k);
            if (SpecEvaluator.valueAt(state, "role", server).equals(Candidates.LEADER)) {
                return server;
            }
        }
        return other();
    }

    private Value other() {
        return spec.cluster().name(random.nextInt(SERVERS));
    }

    private int length(Value i) {
        return LogValue.length(SpecEvaluator.log(state, i));
    }

    private int commit(Value i) {
        return at(i, "commitIndex");
    }

    private int at(Value i, String variable) {
        return ((IntValue) SpecEvaluator.valueAt(state, variable, i)).val;
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
