package dev.checkedraft.trace;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One line of a trace: one action of one server. What a map does not hold was not observed, or (state fields that the
 * header lists under {@code observes}) did not change. See {@code trace-validation/FORMAT.md}.
 *
 * <p>Values in the maps: terms, indexes and counts are {@link Long}; names and roles {@link String}; flags
 * {@link Boolean}; {@code entries} a {@code List<Entry>} or a {@link LogSize}; {@code votesGranted} and {@code votesRefused} a
 * {@code List<String>} without repetition; {@code matchIndex} in {@code state} a {@code Map<String, Long>};
 * {@code log} a {@link LogChange} or a {@link LogSize}; {@code votedFor} an {@code Optional<String>}.
 *
 * @param action what the server did
 * @param node the server that did it
 * @param msg the message handled, or the AppendEntries sent, by field; null if the action has none or it was not observed
 * @param sent what the messages this action sent have in common, by field; null if not observed
 * @param value the proposed value; null but in {@code Propose}, and where it was not observed
 * @param state the fields of the server's state after the action
 * @param unknown the fields that the header lists under {@code observes} and that were not observed here
 */
public record TraceEvent(
        TraceAction action,
        String node,
        @Nullable Map<String, Object> msg,
        @Nullable Map<String, Object> sent,
        @Nullable String value,
        Map<String, Object> state,
        Set<String> unknown) {

    /** An event of which all that the header lists under {@code observes} was observed. */
    public TraceEvent(
            TraceAction action,
            String node,
            @Nullable Map<String, Object> msg,
            @Nullable Map<String, Object> sent,
            @Nullable String value,
            Map<String, Object> state) {
        this(action, node, msg, sent, value, state, Set.of());
    }

    /** The same, of an action of {@code Raft.tla}. */
    public TraceEvent(
            Action action,
            String node,
            @Nullable Map<String, Object> msg,
            @Nullable Map<String, Object> sent,
            @Nullable String value,
            Map<String, Object> state) {
        this(TraceAction.of(action), node, msg, sent, value, state, Set.of());
    }

    /** The largest term, index or count: the sum of two is still a number that TLC has. */
    public static final int MAX_NUMBER = (1 << 30) - 1;

    /** How much of the server's log is on its disk; only where that may be less than all of it. */
    public static final String STORED = "stored";

    /** Everything else that a trace can say of a server's state, by name, in the order in which it is written. */
    public static final List<String> STATE_FIELDS = List.of(
            "currentTerm", "votedFor", "role", "commitIndex", "votesGranted", "votesRefused", "matchIndex", "log");

    /** An event that handled no message, as far as is said here. */
    public static TraceEvent of(Action action, String node, StateFields state) {
        return new TraceEvent(action, node, null, null, null, state.map());
    }

    /** The same with the message that was handled, or the AppendEntries that was sent. */
    public TraceEvent withMessage(Message message) {
        return new TraceEvent(action, node, Tracer.fields(message), sent, value, state);
    }

    /** The same with one of the messages that the action itself sent: a RequestVote, or the response. */
    public TraceEvent withSent(Message message) {
        return new TraceEvent(action, node, msg, Tracer.common(message), value, state);
    }

    /** The same with the value that was proposed. */
    public TraceEvent withValue(String proposed) {
        return new TraceEvent(action, node, msg, sent, proposed, state);
    }
}
