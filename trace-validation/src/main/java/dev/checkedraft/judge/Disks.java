package dev.checkedraft.judge;

import dev.checkedraft.core.Action;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.Value;

/**
 * What a step of {@code Raft.tla} leaves on the disk, so that it is one of {@code AnyRaft.tla}: every step of Raft is, if the
 * log is on the disk at once (RefinesAnyRaft in {@code spec/models/MCRefinement.tla}). Here it is there only as far as the step
 * needs it: what the server acknowledges, and what a leader counts itself for. See {@link AnySteps}.
 */
public final class Disks {
    private Disks() {}

    /**
     * The state after a step, with what must be on the disk.
     *
     * @param after the state after a step of Raft.tla, the disk as before
     * @return the same with what must be on the disk; null if AnyRaft.tla has to say whether it is a step at all
     */
    public static @Nullable TLCState after(
            SpecEvaluator spec,
            EventValues report,
            TLCState before,
            TLCState after,
            @Nullable RecordValue message,
            List<PackedMessage> sent) {
        Action action = report.event.action().raft();
        if (action == null) {
            return null;
        }
        Value node = report.node;
        return switch (action) {
            case SEND_APPEND_ENTRIES, HANDLE_REQUEST_VOTE -> after;
            case RESTART -> SpecEvaluator.store(after, node, SpecEvaluator.log(after, node));
            case HANDLE_APPEND_ENTRIES -> acknowledged(spec, node, after, sent);
            case START_ELECTION, HANDLE_REQUEST_VOTE_RESPONSE ->
                spec.hasMajorities() ? counted(spec, report, before, after, message) : null;
            case PROPOSE, HANDLE_APPEND_ENTRIES_RESPONSE -> counted(spec, report, before, after, message);
        };
    }

    private static @Nullable TLCState acknowledged(
            SpecEvaluator spec, Value node, TLCState after, List<PackedMessage> sent) {
        if (sent.isEmpty() || sent.get(0).get(PackedMessage.FLAG) == 0) {
            return after;
        }
        Value log = SpecEvaluator.log(after, node);
        int matches = sent.get(0).get(PackedMessage.MATCH_INDEX);
        return LogValue.length(log) == matches
                ? SpecEvaluator.store(after, node, log)
                : AnySteps.flushed(spec, after, node, matches);
    }

    /** A leader that commits counts itself, if it must, by what is on its disk. */
    private static @Nullable TLCState counted(
            SpecEvaluator spec, EventValues report, TLCState before, TLCState after, @Nullable RecordValue message) {
        Value node = report.node;
        Value commit = SpecEvaluator.valueAt(after, "commitIndex", node);
        if (commit.equals(SpecEvaluator.valueAt(before, "commitIndex", node))) {
            return after;
        }
        if (report.event.action().is(Action.HANDLE_APPEND_ENTRIES_RESPONSE) && message != null) {
            Value from = SpecEvaluator.field(message, "from");
            Value matches = SpecEvaluator.at(SpecEvaluator.valueAt(after, "matchIndex", node), from);
            if (spec.any("HandleAppendEntriesResponse", before, message, node, message, matches, commit) != null) {
                return after;
            }
        }
        if (!spec.hasMajorities()) {
            return null;
        }
        return AnySteps.flushed(spec, after, node, ((IntValue) commit).val);
    }
}
