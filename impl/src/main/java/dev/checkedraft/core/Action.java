package dev.checkedraft.core;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a server does in one step. Each constant is an action of {@code spec/Raft.tla}, a method of {@link Raft} and a
 * trace event, under {@link #label()} in all of them.
 */
public enum Action {
    /** The election timeout ended (section 5.2). */
    START_ELECTION("StartElection", null, MessageKind.REQUEST_VOTE),
    /** A RequestVote arrived (sections 5.2, 5.4.1). */
    HANDLE_REQUEST_VOTE("HandleRequestVote", MessageKind.REQUEST_VOTE, MessageKind.REQUEST_VOTE_RESPONSE),
    /** An answer to a RequestVote arrived (section 5.2). */
    HANDLE_REQUEST_VOTE_RESPONSE("HandleRequestVoteResponse", MessageKind.REQUEST_VOTE_RESPONSE, null),
    /** A client's value arrived at the leader (section 5.3). */
    PROPOSE("Propose", null, null),
    /** The leader sent a slice of its log, or a heartbeat (sections 5.2, 5.3). */
    SEND_APPEND_ENTRIES("SendAppendEntries", null, MessageKind.APPEND_ENTRIES),
    /** An AppendEntries arrived (section 5.3). */
    HANDLE_APPEND_ENTRIES("HandleAppendEntries", MessageKind.APPEND_ENTRIES, MessageKind.APPEND_ENTRIES_RESPONSE),
    /** An answer to an AppendEntries arrived (section 5.3). */
    HANDLE_APPEND_ENTRIES_RESPONSE("HandleAppendEntriesResponse", MessageKind.APPEND_ENTRIES_RESPONSE, null),
    /** A crash, and the restart from what was durable. */
    RESTART("Restart", null, null);

    private final String label;
    private final @Nullable MessageKind handles;
    private final @Nullable MessageKind sends;

    Action(String label, @Nullable MessageKind handles, @Nullable MessageKind sends) {
        this.label = label;
        this.handles = handles;
        this.sends = sends;
    }

    /** The action's name in the spec and in traces, such as {@code HandleRequestVote}. */
    public String label() {
        return label;
    }

    /** The kind of message that the action is the reaction to; null if it is none. */
    public @Nullable MessageKind handles() {
        return handles;
    }

    /**
     * The kind of message that the spec's action sends; null if none. A core's step may send AppendEntries besides, each
     * of which is a {@code SendAppendEntries} of its own.
     */
    public @Nullable MessageKind sends() {
        return sends;
    }
}
