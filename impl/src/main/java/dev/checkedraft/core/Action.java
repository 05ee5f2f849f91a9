package dev.checkedraft.core;

/**
 * What a server does in one step. Each constant is an action of {@code spec/Raft.tla}, a method of {@link Raft} and a
 * trace event, under {@link #label()} in all of them.
 */
public enum Action {
    /** The election timeout ended (section 5.2). */
    START_ELECTION("StartElection"),
    /** A RequestVote arrived (sections 5.2, 5.4.1). */
    HANDLE_REQUEST_VOTE("HandleRequestVote"),
    /** An answer to a RequestVote arrived (section 5.2). */
    HANDLE_REQUEST_VOTE_RESPONSE("HandleRequestVoteResponse"),
    /** A client's value arrived at the leader (section 5.3). */
    PROPOSE("Propose"),
    /** The leader sent a slice of its log, or a heartbeat (sections 5.2, 5.3). */
    SEND_APPEND_ENTRIES("SendAppendEntries"),
    /** An AppendEntries arrived (section 5.3). */
    HANDLE_APPEND_ENTRIES("HandleAppendEntries"),
    /** An answer to an AppendEntries arrived (section 5.3). */
    HANDLE_APPEND_ENTRIES_RESPONSE("HandleAppendEntriesResponse"),
    /** A crash, and the restart from what was durable. */
    RESTART("Restart");

    private final String label;

    Action(String label) {
        this.label = label;
    }

    /** The action's name in the spec and in traces, such as {@code HandleRequestVote}. */
    public String label() {
        return label;
    }
}
