package dev.checkedraft.judge;

import dev.checkedraft.tlc.Agreement;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceAction;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.Value;

/**
 * What a trace leaves open of a choice that {@code AnyRaft.tla} allows. Of several steps that agree with an event one is taken
 * for granted, the one of Raft.tla first: where nothing is open there is no other.
 */
public final class Certainty {
    /** What may move a commit index. */
    private static final Set<TraceAction> MAY_COMMIT = Collections.unmodifiableSet(EnumSet.of(
            TraceAction.LEAD,
            TraceAction.PROPOSE,
            TraceAction.HANDLE_APPEND_ENTRIES,
            TraceAction.HANDLE_HEARTBEAT,
            TraceAction.HANDLE_APPEND_ENTRIES_RESPONSE,
            TraceAction.ADVANCE_COMMIT_INDEX,
            TraceAction.FLUSH,
            TraceAction.RESTART));

    private final Agreement agreement;
    private final int servers;

    /** What was open so far, in words; null if nothing was. */
    private @Nullable String open;

    /** Whether a commit index was open. Then the greatest is taken, which lets most happen: no other is needed if none is told. */
    private boolean commitOpen;

    private boolean commitTold;

    public Certainty(Agreement agreement, int servers) {
        this.agreement = agreement;
        this.servers = servers;
    }

    /** An event is to be explained. */
    public void see(EventValues report) {
        commitTold |= report.event.state().containsKey("commitIndex");
    }

    /** An event was explained from a state, by one of the steps that agree with it. */
    public void took(EventValues report, TLCState before) {
        commitOpen |= MAY_COMMIT.contains(report.event.action()) && !agreement.tells(report, "commitIndex");
        if (open == null) {
            open = open(report, before);
        }
    }

    /** What should be told, where another step may have been taken; null if there was none. */
    public @Nullable String whatToTell() {
        return open != null ? open : commitOpen && commitTold ? "commitIndex after every event" : null;
    }

    /** Whether so much is open that not all of it can be tried. */
    public boolean isEndless() {
        return commitOpen && commitTold;
    }

    private @Nullable String open(EventValues report, TLCState before) {
        String field = switch (report.event.action()) {
            case START_ELECTION -> servers > 1 ? null : log(report);
            case LEAD -> log(report);
            case HANDLE_REQUEST_VOTE ->
                !tells(report, "currentTerm")
                        ? "currentTerm"
                        : tells(report, "votedFor") || isSent(report, "voteGranted") ? null : "voteGranted, in sent,";
            case HANDLE_REQUEST_VOTE_RESPONSE ->
                !tells(report, "role") ? "role" : leads(report, before) ? log(report) : null;
            case HANDLE_APPEND_ENTRIES -> append(report);
            case HANDLE_HEARTBEAT -> tells(report, "currentTerm") ? reply(report) : "currentTerm";
            case RESTART -> log(report);
            default -> null;
        };
        return field == null ? null : field + " of " + report.event.action().label();
    }

    private @Nullable String append(EventValues report) {
        if (!tells(report, "currentTerm")) {
            return "currentTerm";
        }
        String reply = reply(report);
        if (reply != null || tells(report, "log")) {
            return reply;
        }
        // What was refused was not taken, and what was acknowledged to its end was.
        Map<String, Object> msg = report.event.msg();
        Map<String, Object> sent = report.event.sent();
        boolean toItsEnd = msg != null
                && sent != null
                && (sent.get("success") == Boolean.FALSE
                        || (report.handled != null && toItsEnd(report.handled, sent.get("matchIndex"))));
        return toItsEnd ? null : "log";
    }

    private static boolean toItsEnd(PackedMessage handled, @Nullable Object matches) {
        Value entries = handled.entries;
        LogSize size = handled.size();
        long count = entries != null ? LogValue.length(entries) : size != null ? size.length() : PackedMessage.UNKNOWN;
        int previous = handled.get(PackedMessage.PREV_LOG_INDEX);
        return count != PackedMessage.UNKNOWN
                && previous != PackedMessage.UNKNOWN
                && matches instanceof Long index
                && index == previous + count;
    }

    private static @Nullable String reply(EventValues report) {
        return !isSent(report, "success")
                ? "success, in sent,"
                : isSent(report, "matchIndex") ? null : "matchIndex, in sent,";
    }

    private @Nullable String log(EventValues report) {
        return tells(report, "log") ? null : "log";
    }

    private boolean tells(EventValues report, String field) {
        return agreement.tells(report, field);
    }

    private static boolean isSent(EventValues report, String field) {
        Map<String, Object> sent = report.event.sent();
        return sent != null && sent.containsKey(field);
    }

    private boolean leads(EventValues report, TLCState before) {
        Value role = agreement.known(report, before, "role");
        return role != null
                && role.equals(Candidates.LEADER)
                && !SpecEvaluator.valueAt(before, "role", report.node).equals(role);
    }

    /** Whether an AppendEntries is told so far that its leader could have sent no other, but for its commit index. */
    public static boolean isOneSend(EventValues report) {
        PackedMessage told = report.sent;
        return told != null
                && told.get(PackedMessage.TO) != PackedMessage.UNKNOWN
                && told.get(PackedMessage.PREV_LOG_INDEX) != PackedMessage.UNKNOWN
                && (told.entries != null || told.size() != null);
    }
}
