package dev.checkedraft.replay;

import dev.checkedraft.core.Action;
import dev.checkedraft.judge.AnySteps;
import dev.checkedraft.judge.Choices;
import dev.checkedraft.judge.Disks;
import dev.checkedraft.tlc.Agreement;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.TraceLocation;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.tool.impl.ReplayTool;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;

/** The steps that agree with all that an event reports: of Raft.tla, or of AnyRaft.tla. */
final class EventSteps {
    private final SpecEvaluator spec;
    private final Agreement agreement;
    private final EventValues report;
    private final TraceLocation where;
    private final ReplayTool.Visits visits;
    private final boolean strict;
    private final boolean all;
    private @Nullable String choice;

    /** A step that agrees with all that its event reports. */
    record Explained(TLCState after, List<PackedMessage> sent) {}

    /**
     * Those of an event.
     *
     * @param strict whether Raft.tla is the only judge, so that nothing is kept of the disks
     * @param all whether all steps of AnyRaft.tla are looked for, and not just one
     */
    EventSteps(
            SpecEvaluator spec,
            Agreement agreement,
            EventValues report,
            TraceLocation where,
            ReplayTool.Visits visits,
            boolean strict,
            boolean all) {
        this.spec = spec;
        this.agreement = agreement;
        this.report = report;
        this.where = where;
        this.visits = visits;
        this.strict = strict;
        this.all = all;
    }

    /** What a step of AnyRaft.tla chose, the first that was found; null if none was needed so far. */
    @Nullable
    String choice() {
        return choice;
    }

    List<Explained> byRaft(TLCState from, @Nullable RecordValue message) {
        List<Explained> explained = new ArrayList<>(1);
        for (TLCState after : spec.steps(report, from, message, visits)) {
            List<PackedMessage> sent = sent(after, message);
            if (!agreement.holds(report, from, after, sent)) {
                continue;
            }
            SpecEvaluator.unbind(after);
            TLCState kept = strict ? after : Disks.after(spec, report, from, after, message, sent);
            if (kept != null && (strict || agreement.storedHolds(report, from, kept))) {
                explained.add(new Explained(kept, sent));
            }
        }
        return explained;
    }

    List<Explained> byAnyRaft(TLCState from, @Nullable RecordValue message) {
        List<AnySteps.AnyStep> steps = new AnySteps(spec, agreement, report, from, message, all, this::sent).find();
        if (!steps.isEmpty() && choice == null) {
            choice = choice(from, message, steps.get(0));
        }
        List<Explained> explained = new ArrayList<>(steps.size());
        for (AnySteps.AnyStep step : steps) {
            explained.add(new Explained(step.after(), step.sent()));
        }
        return explained;
    }

    private @Nullable String choice(TLCState from, @Nullable RecordValue message, AnySteps.AnyStep step) {
        if (report.event.action().is(Action.SEND_APPEND_ENTRIES)) {
            return null;
        }
        List<TLCState> raft = spec.steps(report, from, message, visits);
        List<PackedMessage> raftSent = raft.isEmpty() ? List.of() : sent(raft.get(0), message);
        return Choices.of(report, step, raft, raftSent);
    }

    /** The messages of a step that were not there before it. */
    @SuppressWarnings("ReferenceEquality") // the quick look before the thorough one
    private List<PackedMessage> sent(TLCState after, @Nullable RecordValue handled) {
        SetEnumValue all = SpecEvaluator.messages(after);
        List<PackedMessage> sent = new ArrayList<>(all.elems.size());
        for (int k = 0; k < all.elems.size(); k++) {
            RecordValue message = (RecordValue) all.elems.elementAt(k);
            if (handled == null || (message != handled && !message.equals(handled))) {
                PackedMessage packet = spec.cluster().packet(message);
                packet.sentAt = where;
                sent.add(packet);
            }
        }
        return sent;
    }
}
