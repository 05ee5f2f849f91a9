package dev.checkedraft.trace;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.MessageKind;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a server may do in one event: the actions of {@code spec/Raft.tla}, which are the core's, and those that {@code
 * spec/AnyRaft.tla} has besides, which other Rafts have.
 */
public enum TraceAction {
    START_ELECTION(Action.START_ELECTION),
    HANDLE_REQUEST_VOTE(Action.HANDLE_REQUEST_VOTE),
    HANDLE_REQUEST_VOTE_RESPONSE(Action.HANDLE_REQUEST_VOTE_RESPONSE),
    PROPOSE(Action.PROPOSE),
    SEND_APPEND_ENTRIES(Action.SEND_APPEND_ENTRIES),
    HANDLE_APPEND_ENTRIES(Action.HANDLE_APPEND_ENTRIES),
    HANDLE_APPEND_ENTRIES_RESPONSE(Action.HANDLE_APPEND_ENTRIES_RESPONSE),
    RESTART(Action.RESTART),
    /** A candidate or leader follows again in its term. */
    STEP_DOWN("StepDown", null, null),
    /** A candidate leads in a step of its own, since its own vote was the last to count. */
    LEAD("Lead", null, null),
    /** A leader commits in a step of its own. */
    ADVANCE_COMMIT_INDEX("AdvanceCommitIndex", null, null),
    /** The disk has got some of the log. */
    FLUSH("Flush", null, null),
    /** The leader sent a heartbeat that says nothing of the log. */
    SEND_HEARTBEAT("SendHeartbeat", TraceMessage.HEARTBEAT, null),
    /** Such a heartbeat arrived. */
    HANDLE_HEARTBEAT("HandleHeartbeat", TraceMessage.HEARTBEAT, TraceMessage.APPEND_ENTRIES_RESPONSE),
    /** A message was ignored; or, without a message, the server was looked at. */
    IGNORE("Ignore", null, null);

    /** The actions of {@code Raft.tla}. */
    public static final List<TraceAction> OF_RAFT =
            Arrays.stream(values()).filter(action -> action.raft != null).toList();

    private final String label;
    private final @Nullable Action raft;
    private final @Nullable TraceMessage told;
    private final @Nullable TraceMessage sends;

    TraceAction(Action raft) {
        this.raft = raft;
        label = raft.label();
        MessageKind sent = raft.sends();
        MessageKind handled = raft.handles();
        boolean isSend = raft == Action.SEND_APPEND_ENTRIES;
        MessageKind inMsg = isSend ? sent : handled;
        told = inMsg == null ? null : TraceMessage.of(inMsg);
        sends = sent == null || isSend ? null : TraceMessage.of(sent);
    }

    TraceAction(String label, @Nullable TraceMessage told, @Nullable TraceMessage sends) {
        raft = null;
        this.label = label;
        this.told = told;
        this.sends = sends;
    }

    /** The action's name, such as {@code StepDown}. */
    public String label() {
        return label;
    }

    /** The action of {@code Raft.tla}; null if that has none of this name. */
    public @Nullable Action raft() {
        return raft;
    }

    /** Whether it is this action of {@code Raft.tla}. */
    public boolean is(Action action) {
        return raft == action;
    }

    /** Whether {@code msg} is a message that the server sent. */
    public boolean isSend() {
        return this == SEND_APPEND_ENTRIES || this == SEND_HEARTBEAT;
    }

    /** The kind of message in {@code msg}, handled or sent; null if it has none, or (in {@code Ignore}) of any kind. */
    public @Nullable TraceMessage told() {
        return told;
    }

    /** The kind of message of which {@code sent} tells; null if it has none. */
    public @Nullable TraceMessage sends() {
        return sends;
    }

    /** The core's action. */
    public static TraceAction of(Action action) {
        return valueOf(action.name());
    }
}
