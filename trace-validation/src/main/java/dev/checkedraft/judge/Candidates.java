package dev.checkedraft.judge;

import dev.checkedraft.core.LogChange;
import dev.checkedraft.tlc.Agreement;
import dev.checkedraft.tlc.Entries;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;

/**
 * The values that a parameter of an action of {@code AnyRaft.tla} may have had, by what an event reports: one, where that is
 * enough to tell, else those first that let most happen later. Nothing here says what a server may do: the spec does.
 */
final class Candidates {
    static final Value LEADER = new StringValue("Leader");
    private static final Value CANDIDATE = new StringValue("Candidate");
    private static final Value FOLLOWER = new StringValue("Follower");

    private static final List<Value> YES_FIRST = List.of(BoolValue.ValTrue, BoolValue.ValFalse);

    /** The value of a proposal that the trace does not tell. */
    private static final Value UNTOLD = Entries.untold();

    private final SpecEvaluator spec;
    private final Agreement agreement;
    private final EventValues report;
    private final TLCState before;
    private final @Nullable RecordValue message;
    private final Value node;

    Candidates(
            SpecEvaluator spec,
            Agreement agreement,
            EventValues report,
            TLCState before,
            @Nullable RecordValue message) {
        this.spec = spec;
        this.agreement = agreement;
        this.report = report;
        this.before = before;
        this.message = message;
        node = report.node;
    }

    // ------------------------------------------------------------------------------------------------------- elections

    /** A flag of the reply. */
    List<Value> told(String flag) {
        Map<String, Object> sent = report.event.sent();
        return sent != null && sent.get(flag) instanceof Boolean told
                ? List.of(told ? BoolValue.ValTrue : BoolValue.ValFalse)
                : YES_FIRST;
    }

    List<Value> adopt() {
        return field("term") > at("currentTerm") ? YES_FIRST : List.of(BoolValue.ValTrue);
    }

    List<Value> leads() {
        Value role = agreement.known(report, before, "role");
        return role == null ? YES_FIRST : List.of(role.equals(LEADER) ? BoolValue.ValTrue : BoolValue.ValFalse);
    }

    List<Value> next() {
        Value role = agreement.known(report, before, "role");
        return role == null ? List.of(LEADER, CANDIDATE, FOLLOWER) : List.of(role);
    }

    List<Value> noop() {
        return YES_FIRST;
    }

    // -------------------------------------------------------------------------------------------------- the commit
    // index

    /**
     * Commit indexes after the event, the greatest first.
     *
     * @param matches an index up to which another server is now known to have the log
     */
    Collection<Integer> commit(int matches) {
        Value known = agreement.known(report, before, "commitIndex");
        if (known != null) {
            return List.of(((IntValue) known).val);
        }
        int length = length();
        Set<Integer> all = new TreeSet<>((a, b) -> b - a);
        all.add(at("commitIndex"));
        if (message != null && report.handled != null && has("leaderCommit")) {
            int told = field("leaderCommit");
            all.add(Math.min(told, length));
            if (has("entries")) {
                int covered = field("prevLogIndex") + LogValue.length(SpecEvaluator.field(message, "entries"));
                all.add(Math.min(told, covered));
            }
        } else {
            all.add(length);
            all.add(length + 1);
            all.add(matches);
            for (String server : spec.cluster().servers()) {
                all.add(((IntValue) SpecEvaluator.at(
                                SpecEvaluator.valueAt(before, "matchIndex", node),
                                spec.cluster().name(server)))
                        .val);
            }
        }
        all.removeIf(index -> index < at("commitIndex"));
        return all;
    }

    Collection<Integer> commitAtRestart() {
        Value known = agreement.known(report, before, "commitIndex");
        return known == null ? List.of(0, at("commitIndex")) : List.of(((IntValue) known).val);
    }

    /** What a heartbeat may have told. */
    Collection<Integer> heartbeatCommit(PackedMessage told, Value to) {
        if (told.get(PackedMessage.LEADER_COMMIT) != PackedMessage.UNKNOWN) {
            return List.of(told.get(PackedMessage.LEADER_COMMIT));
        }
        int match = ((IntValue) SpecEvaluator.at(SpecEvaluator.valueAt(before, "matchIndex", node), to)).val;
        return List.of(Math.min(match, at("commitIndex")));
    }

    // --------------------------------------------------------------------------------------------------------- the
    // logs

    /** The value proposed; null if it is one that no client proposes. */
    @Nullable
    Value proposed() {
        return report.proposed == null && report.event.value() == null ? UNTOLD : report.proposed;
    }

    /** The arguments of SendAppendEntries; null if the trace does not tell enough. */
    Value @Nullable [] send() {
        PackedMessage told = report.sent;
        if (told == null
                || told.get(PackedMessage.TO) == PackedMessage.UNKNOWN
                || told.get(PackedMessage.PREV_LOG_INDEX) == PackedMessage.UNKNOWN) {
            return null;
        }
        LogSize size = told.size();
        Value entries = told.entries;
        int commit = told.get(PackedMessage.LEADER_COMMIT);
        if (entries == null && size == null) {
            return null;
        }
        int count = entries == null ? (int) (size == null ? 0 : size.length()) : LogValue.length(entries);
        return new Value[] {
            node,
            spec.cluster().name(told.get(PackedMessage.TO)),
            IntValue.gen(told.get(PackedMessage.PREV_LOG_INDEX)),
            IntValue.gen(count),
            // What is not told lets the other commit as much as may be.
            IntValue.gen(commit == PackedMessage.UNKNOWN ? at("commitIndex") : commit)
        };
    }

    /** What the leader now believes of the sender's log. */
    Collection<Integer> believed() {
        Set<Integer> all = new LinkedHashSet<>();
        Value from = SpecEvaluator.field(handled(), "from");
        int known = ((IntValue) SpecEvaluator.at(SpecEvaluator.valueAt(before, "matchIndex", node), from)).val;
        if (report.event.state().get("matchIndex") instanceof Map<?, ?> told
                && told.get(((StringValue) from).val.toString()) instanceof Long index) {
            all.add(index.intValue());
            return all;
        }
        if (!agreement.tells(report, "matchIndex")) {
            all.add(Math.max(known, field("matchIndex")));
        }
        all.add(known);
        return all;
    }

    /** What a reply claims. */
    Collection<Integer> matches(Value success) {
        Map<String, Object> sent = report.event.sent();
        if (sent != null && sent.get("matchIndex") instanceof Long told) {
            return List.of(told.intValue());
        }
        if (success.equals(BoolValue.ValFalse)) {
            return List.of(0);
        }
        Set<Integer> all = new LinkedHashSet<>();
        if (has("entries")) {
            all.add(field("prevLogIndex") + LogValue.length(SpecEvaluator.field(handled(), "entries")));
            all.add(field("prevLogIndex"));
        }
        all.add(at("commitIndex"));
        all.add(length());
        return all;
    }

    // --------------------------------------------------------------------------------------------------------- the
    // disk

    Collection<Integer> flushed() {
        long told = report.event.state().get(TraceEvent.STORED) instanceof Long index ? index : length();
        return told <= length() ? List.of((int) told) : List.of();
    }

    Collection<Value> termAtRestart() {
        Value known = agreement.known(report, before, "currentTerm");
        return known == null ? List.of(IntValue.gen(at("currentTerm"))) : List.of(known);
    }

    /** The log after a restart. */
    Collection<Value> entriesAtRestart() {
        Value log = SpecEvaluator.log(before, node);
        Value disk = SpecEvaluator.stored(before, node);
        Object told = report.event.state().get("log");
        List<Value> all = new ArrayList<>();
        if (told instanceof LogChange change) {
            Value entries = report.state[TraceEvent.STATE_FIELDS.indexOf("log")];
            if (entries != null && change.from() <= LogValue.length(log) + 1) {
                all.add(LogValue.concat(prefix(log, (int) change.from() - 1), entries));
            }
        } else if (told instanceof LogSize size) {
            for (Value whole : List.of(log, disk)) {
                if (size.length() <= LogValue.length(whole)) {
                    all.add(prefix(whole, (int) size.length()));
                }
            }
        } else {
            all.add(log);
            if (!agreement.tells(report, "log")) {
                all.add(disk);
            }
        }
        return all;
    }

    private static Value prefix(Value log, int length) {
        return LogValue.subSeq(log, IntValue.gen(1), IntValue.gen(length));
    }

    // -------------------------------------------------------------------------------------------------------- the
    // state

    private int at(String variable) {
        return ((IntValue) SpecEvaluator.valueAt(before, variable, node)).val;
    }

    private int length() {
        return LogValue.length(SpecEvaluator.log(before, node));
    }

    private RecordValue handled() {
        if (message == null) {
            throw new IllegalStateException(report.event.action().label() + " handles a message");
        }
        return message;
    }

    private boolean has(String field) {
        return SpecEvaluator.hasField(handled(), field);
    }

    private int field(String field) {
        return ((IntValue) SpecEvaluator.field(handled(), field)).val;
    }
}
