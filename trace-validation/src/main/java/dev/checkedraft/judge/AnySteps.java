package dev.checkedraft.judge;

import dev.checkedraft.tlc.Agreement;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.TraceAction;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.Value;

/**
 * The steps of {@code AnyRaft.tla} that an event may have been. A choice is a parameter of an action there; here values are
 * proposed for it, those first that what the event reports makes likely. Whether they are a step, and which, the spec says.
 *
 * <p>When a server's log gets on its disk need not be told. Then a step does as little for it as it can, and what an
 * acknowledgement or a commit needs is flushed right before: what is not on the disk may be lost in a crash, so that
 * whatever a server can do that has flushed more, one that has flushed less can do.
 */
public final class AnySteps {
    private static final Value TRUE = BoolValue.ValTrue;
    private static final Value FALSE = BoolValue.ValFalse;

    private final SpecEvaluator spec;
    private final Agreement agreement;
    private final Candidates candidates;
    private final EventValues report;
    private final TLCState before;
    private final @Nullable RecordValue message;

    /** Whether all steps are looked for, and not just one. */
    private final boolean all;

    private final Value node;
    private final SentMessages sent;
    private final List<AnyStep> found = new ArrayList<>();

    /** The states to which a step leads that does not agree. */
    private final List<TLCState> others = new ArrayList<>();

    private @Nullable AnyAction first;

    /** A step that agrees with all that its event reports. */
    public record AnyStep(TLCState after, List<PackedMessage> sent) {}

    /** What a step sent. */
    public interface SentMessages {
        List<PackedMessage> of(TLCState after, @Nullable RecordValue handled);
    }

    /**
     * The steps of an event from one state.
     *
     * @param message the message that is taken to have been handled; null if the event handles none
     */
    public AnySteps(
            SpecEvaluator spec,
            Agreement agreement,
            EventValues report,
            TLCState before,
            @Nullable RecordValue message,
            boolean all,
            SentMessages sent) {
        this.spec = spec;
        this.agreement = agreement;
        this.report = report;
        this.before = before;
        this.message = message;
        this.all = all;
        this.sent = sent;
        node = report.node;
        candidates = new Candidates(spec, agreement, report, before, message);
    }

    public List<AnyStep> find() {
        if (report.handled != null && message == null) {
            // It was never sent.
            return found;
        }
        switch (report.event.action()) {
            case START_ELECTION -> startElection();
            case HANDLE_REQUEST_VOTE -> handleRequestVote();
            case HANDLE_REQUEST_VOTE_RESPONSE -> handleRequestVoteResponse();
            case PROPOSE -> propose();
            case SEND_APPEND_ENTRIES -> sendAppendEntries();
            case HANDLE_APPEND_ENTRIES -> handleAppendEntries();
            case HANDLE_APPEND_ENTRIES_RESPONSE -> handleAppendEntriesResponse();
            case RESTART -> restart();
            case STEP_DOWN -> offer(before, "StepDown", node);
            case LEAD -> lead();
            case ADVANCE_COMMIT_INDEX -> advanceCommitIndex();
            case FLUSH -> flush();
            case SEND_HEARTBEAT -> sendHeartbeat();
            case HANDLE_HEARTBEAT -> handleHeartbeat();
            case IGNORE -> {}
        }
        // A message may be ignored: that is no step. Without one, the server was looked at.
        if (message != null || report.event.action() == TraceAction.IGNORE) {
            ignore();
        }
        return found;
    }

    /** The states to which the event's action leads, none of which agrees with it, if {@link #find} found nothing. */
    public List<TLCState> others() {
        return others;
    }

    /** What was tried first; null if the event tells too little to try anything. */
    public @Nullable AnyAction first() {
        return first;
    }

    private boolean isDone() {
        return !all && !found.isEmpty();
    }

    // ------------------------------------------------------------------------------------------------------- elections

    private void startElection() {
        for (Value leads : candidates.leads()) {
            for (Value noop : leads.equals(TRUE) ? candidates.noop() : List.of(TRUE)) {
                for (int commit : leads.equals(TRUE) ? candidates.commit(0) : List.of(0)) {
                    offerStoring("StartElection", commit, node, leads, noop, FALSE, number(commit));
                }
            }
        }
    }

    private void handleRequestVote() {
        for (Value adopt : candidates.adopt()) {
            for (Value granted : candidates.told("voteGranted")) {
                offer(before, "HandleRequestVote", node, handled(), adopt, granted);
            }
        }
    }

    private void handleRequestVoteResponse() {
        for (Value next : candidates.next()) {
            boolean leads = next.equals(Candidates.LEADER);
            for (Value noop : leads ? candidates.noop() : List.of(TRUE)) {
                for (int commit : leads ? candidates.commit(0) : List.of(0)) {
                    offerStoring(
                            "HandleRequestVoteResponse", commit, node, handled(), next, noop, FALSE, number(commit));
                }
            }
        }
    }

    private void lead() {
        for (Value noop : candidates.noop()) {
            for (int commit : candidates.commit(0)) {
                offerStoring("Lead", commit, node, noop, FALSE, number(commit));
            }
        }
    }

    // ------------------------------------------------------------------------------------------------------ the leader

    private void propose() {
        Value value = candidates.proposed();
        if (value != null) {
            for (int commit : candidates.commit(0)) {
                offerStoring("Propose", commit, node, value, FALSE, number(commit));
            }
        }
    }

    private void sendAppendEntries() {
        Value[] arguments = candidates.send();
        if (arguments != null) {
            offer(before, "SendAppendEntries", arguments);
        }
    }

    private void sendHeartbeat() {
        PackedMessage told = report.sent;
        if (told != null && told.get(PackedMessage.TO) != PackedMessage.UNKNOWN) {
            Value to = spec.cluster().name(told.get(PackedMessage.TO));
            for (int commit : candidates.heartbeatCommit(told, to)) {
                offer(before, "SendHeartbeat", node, to, number(commit));
            }
        }
    }

    private void handleAppendEntriesResponse() {
        for (int matches : candidates.believed()) {
            for (int commit : candidates.commit(matches)) {
                Value[] arguments = {node, handled(), number(matches), number(commit)};
                if (!offer(before, "HandleAppendEntriesResponse", arguments)) {
                    offerFlushed(commit, "HandleAppendEntriesResponse", arguments);
                }
            }
        }
    }

    private void advanceCommitIndex() {
        for (int commit : candidates.commit(0)) {
            if (!offer(before, "AdvanceCommitIndex", node, number(commit))) {
                offerFlushed(commit, "AdvanceCommitIndex", node, number(commit));
            }
        }
    }

    // ---------------------------------------------------------------------------------------------------- the follower

    private void handleAppendEntries() {
        for (Value adopt : candidates.adopt()) {
            for (Value append : List.of(TRUE, FALSE)) {
                for (int commit : candidates.commit(0)) {
                    for (Value success : candidates.told("success")) {
                        for (int matches : candidates.matches(success)) {
                            append(adopt, append, commit, success, matches);
                        }
                    }
                }
            }
        }
    }

    private void append(Value adopt, Value append, int commit, Value success, int matches) {
        Value[] arguments = {node, handled(), adopt, append, FALSE, number(commit), success, number(matches)};
        if (offer(before, "HandleAppendEntries", arguments) || success.equals(FALSE) || isDone()) {
            return;
        }
        // It acknowledges what is on its disk: the entries were taken, flushed that far, and then it answered.
        Value[] first = {node, handled(), adopt, append, FALSE, number(commit), FALSE, number(0)};
        TLCState taken = spec.any("HandleAppendEntries", before, message, first);
        TLCState flushed = taken == null ? null : flushed(taken, matches);
        if (flushed != null) {
            offer(flushed, "HandleAppendEntries", arguments);
        }
    }

    private void handleHeartbeat() {
        for (Value adopt : candidates.adopt()) {
            for (int commit : candidates.commit(0)) {
                for (Value success : candidates.told("success")) {
                    for (int matches : candidates.matches(success)) {
                        Value[] arguments = {node, handled(), adopt, number(commit), success, number(matches)};
                        if (!offer(before, "HandleHeartbeat", arguments) && success.equals(TRUE)) {
                            offerFlushed(matches, "HandleHeartbeat", arguments);
                        }
                    }
                }
            }
        }
    }

    // -------------------------------------------------------------------------------------------------------- the disk

    private void flush() {
        for (int index : candidates.flushed()) {
            for (int commit : candidates.commit(0)) {
                offer(before, "Flush", node, number(index), number(commit));
            }
        }
    }

    private void restart() {
        for (Value term : candidates.termAtRestart()) {
            for (Value entries : candidates.entriesAtRestart()) {
                for (int commit : candidates.commitAtRestart()) {
                    offer(before, "Restart", node, term, entries, number(commit));
                }
            }
        }
    }

    /**
     * The state in which the server has its log up to an index on its disk; null if it cannot have that alone. Says once more
     * what Flush of AnyRaft.tla says, where the disk lacks no more than the log's end; else evaluates that.
     */
    private @Nullable TLCState flushed(TLCState state, int index) {
        return flushed(spec, state, node, index);
    }

    static @Nullable TLCState flushed(SpecEvaluator spec, TLCState state, Value node, int index) {
        Value log = SpecEvaluator.log(state, node);
        Value disk = SpecEvaluator.stored(state, node);
        int length = LogValue.length(log);
        int same = log == disk ? length : LogValue.commonPrefix(log, disk);
        if (index <= same) {
            return state;
        }
        if (index > length) {
            return null;
        }
        if (same == LogValue.length(disk)) {
            return SpecEvaluator.store(state, node, LogValue.subSeq(log, number(1), number(index)));
        }
        return spec.any("Flush", state, null, node, number(index), SpecEvaluator.valueAt(state, "commitIndex", node));
    }

    // ---------------------------------------------------------------------------------------------------------- trying

    private void ignore() {
        if (!isDone() && agreement.holds(report, before, before, List.of())) {
            found.add(new AnyStep(before, List.of()));
        }
    }

    private Value handled() {
        if (message == null) {
            throw new IllegalStateException(report.event.action().label() + " handles a message");
        }
        return message;
    }

    /** A step that may put entries into the log: not at once on the disk, unless that is needed for a commit. */
    private void offerStoring(String action, int commit, Value... arguments) {
        if (offer(before, action, arguments)) {
            return;
        }
        offerFlushed(commit, action, arguments);
        Value[] flushing = arguments.clone();
        flushing[arguments.length - 2] = TRUE;
        offer(before, action, flushing);
    }

    /** A step after the log was flushed up to an index, if it was not. */
    private void offerFlushed(int index, String action, Value... arguments) {
        TLCState flushed = flushed(before, Math.min(index, LogValue.length(SpecEvaluator.log(before, node))));
        if (flushed != null && flushed != before) {
            offer(flushed, action, arguments);
        }
    }

    /** A step, if the spec has it and it agrees with all that the event reports; whether there is one. */
    private boolean offer(TLCState from, String action, Value... arguments) {
        if (isDone()) {
            return true;
        }
        if (first == null) {
            first = new AnyAction(action, List.of(arguments));
        }
        TLCState after = spec.any(action, from, message, arguments);
        if (after == null) {
            return false;
        }
        List<PackedMessage> messages = sent.of(after, message);
        if (!agreement.holds(report, before, after, messages) || !agreement.storedHolds(report, before, after)) {
            others.add(after);
            return false;
        }
        found.add(new AnyStep(SpecEvaluator.unbind(after), messages));
        return true;
    }

    static Value number(int number) {
        return IntValue.gen(number);
    }
}
