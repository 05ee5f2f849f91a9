package dev.checkedraft.core;

import org.checkerframework.checker.nullness.qual.Nullable;

/** The kinds of message, by the names of the spec. */
public enum MessageKind {
    REQUEST_VOTE(0, "RequestVote"),
    REQUEST_VOTE_RESPONSE(1, "RequestVoteResponse"),
    APPEND_ENTRIES(2, "AppendEntries"),
    APPEND_ENTRIES_RESPONSE(3, "AppendEntriesResponse");

    private final int code;
    private final String label;

    MessageKind(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /** 0 to 3. */
    public int code() {
        return code;
    }

    /** The name in the spec, in traces and in schedules. */
    public String label() {
        return label;
    }

    /** The kind of that name; null if there is none. */
    public static @Nullable MessageKind named(String label) {
        for (MessageKind kind : values()) {
            if (kind.label.equals(label)) {
                return kind;
            }
        }
        return null;
    }

    /** The kind of a message. */
    public static MessageKind of(Message message) {
        if (message instanceof Message.AppendEntries) {
            return APPEND_ENTRIES;
        } else if (message instanceof Message.AppendEntriesResponse) {
            return APPEND_ENTRIES_RESPONSE;
        } else if (message instanceof Message.RequestVote) {
            return REQUEST_VOTE;
        }
        return REQUEST_VOTE_RESPONSE;
    }
}
