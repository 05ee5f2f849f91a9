package dev.checkedraft.judge;

import dev.checkedraft.core.Action;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.TraceAction;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.Value;

/** What a step does that {@code Raft.tla} would not, in words: a choice, as {@code AnyRaft.tla} allows it. */
public final class Choices {
    private final EventValues report;
    private final TLCState after;
    private final List<PackedMessage> sent;
    private final List<String> words = new ArrayList<>();

    private Choices(EventValues report, AnySteps.AnyStep step) {
        this.report = report;
        after = step.after();
        sent = step.sent();
    }

    /**
     * The choice in a step; null if it is none.
     *
     * @param raft the states to which Raft.tla's action of the same name leads, one at most
     * @param raftSent what that sends
     */
    public static @Nullable String of(
            EventValues report, AnySteps.AnyStep step, List<TLCState> raft, List<PackedMessage> raftSent) {
        return new Choices(report, step).words(raft, raftSent);
    }

    private @Nullable String words(List<TLCState> raft, List<PackedMessage> raftSent) {
        String own = own();
        if (own != null) {
            return own;
        }
        if (report.event.action() == TraceAction.FLUSH || report.event.action() == TraceAction.IGNORE) {
            return null;
        }
        String action = report.event.action().label();
        if (raft.isEmpty() && report.event.action().is(Action.PROPOSE)) {
            // Raft.tla is not asked for it where the value is not told.
            return null;
        }
        if (raft.isEmpty()) {
            return report.event.action().is(Action.START_ELECTION)
                    ? "a leader starts an election"
                    : action + ", which Raft.tla does not allow here";
        }
        compare(raft.get(0));
        compareReplies(raftSent);
        return words.isEmpty() ? null : action + ": " + String.join(", ", words);
    }

    /** What Raft.tla has no action for. */
    private @Nullable String own() {
        return switch (report.event.action()) {
            case STEP_DOWN -> "a leader or candidate steps down in its term";
            case LEAD -> "a candidate leads by its own vote, counted last";
            case ADVANCE_COMMIT_INDEX -> "a leader commits in a step of its own";
            case SEND_HEARTBEAT, HANDLE_HEARTBEAT -> "a heartbeat without a check of the log";
            case IGNORE -> report.handled == null ? null : "a message is ignored";
            default -> null;
        };
    }

    private void compare(TLCState raft) {
        if (number(after, "currentTerm") < number(raft, "currentTerm")) {
            words.add("a newer term is not adopted");
        } else if (number(after, "currentTerm") > number(raft, "currentTerm")) {
            words.add("a term without the vote is left by a crash");
        }
        Value role = at(after, "role");
        if (!role.equals(at(raft, "role"))) {
            words.add("it is a " + role.toString().replace("\"", "") + " then, not a "
                    + at(raft, "role").toString().replace("\"", ""));
        }
        int commit = number(after, "commitIndex") - number(raft, "commitIndex");
        boolean isTold = report.handled == null
                || report.handled.kind != PackedMessage.Kind.APPEND_ENTRIES
                || report.handled.get(PackedMessage.LEADER_COMMIT) != PackedMessage.UNKNOWN;
        if (commit != 0 && isTold) {
            boolean isRestart = report.event.action().is(Action.RESTART);
            words.add(
                    isRestart
                            ? "a commit index is remembered"
                            : commit < 0 ? "less is committed" : "more is committed");
        }
        if (!at(after, "matchIndex").equals(at(raft, "matchIndex")) && role.equals(at(raft, "role"))) {
            words.add("less is believed of the other's log");
        }
        compareLogs(LogValue.length(at(after, "log")) - LogValue.length(at(raft, "log")), raft);
    }

    private void compareLogs(int more, TLCState raft) {
        if (report.event.action().is(Action.RESTART)) {
            if (!at(after, "log").equals(at(raft, "log"))) {
                words.add("entries that were not on the disk are lost");
            }
        } else if (report.event.action().is(Action.HANDLE_APPEND_ENTRIES)) {
            if (!at(after, "log").equals(at(raft, "log"))) {
                words.add("entries are not taken");
            }
        } else if (more < 0 && at(after, "role").equals(at(raft, "role"))) {
            words.add("a leader begins without a no-op");
        }
    }

    private void compareReplies(List<PackedMessage> raftSent) {
        if (sent.isEmpty() || raftSent.isEmpty()) {
            if (sent.isEmpty() && !raftSent.isEmpty()) {
                words.add("no answer");
            }
            return;
        }
        PackedMessage mine = sent.get(0);
        PackedMessage theirs = raftSent.get(0);
        if (mine.get(PackedMessage.FLAG) != theirs.get(PackedMessage.FLAG)) {
            boolean isVote = report.event.action().is(Action.HANDLE_REQUEST_VOTE);
            boolean yes = mine.get(PackedMessage.FLAG) == 1;
            words.add(isVote ? yes ? "a vote is given again" : "a vote is refused" : yes ? "accepted" : "refused");
        } else if (report.event.action().is(Action.HANDLE_APPEND_ENTRIES)) {
            int more = mine.get(PackedMessage.MATCH_INDEX) - theirs.get(PackedMessage.MATCH_INDEX);
            if (more != 0) {
                words.add(
                        mine.get(PackedMessage.FLAG) == 0
                                ? "a refusal with another index"
                                : more < 0 ? "less is acknowledged" : "more is acknowledged");
            }
        }
    }

    private Value at(TLCState state, String variable) {
        return SpecEvaluator.valueAt(state, variable, report.node);
    }

    private int number(TLCState state, String variable) {
        return ((IntValue) at(state, variable)).val;
    }
}
