package dev.checkedraft.core;

import java.util.List;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The kinds of message, by the names of the spec, with their fields. Which action handles and sends which: {@link Action}. */
public enum MessageKind {
    REQUEST_VOTE(0, "RequestVote", "lastLogIndex", "lastLogTerm"),
    REQUEST_VOTE_RESPONSE(1, "RequestVoteResponse", "voteGranted"),
    APPEND_ENTRIES(2, "AppendEntries", "prevLogIndex", "prevLogTerm", "entries", "leaderCommit"),
    APPEND_ENTRIES_RESPONSE(3, "AppendEntriesResponse", "success", "matchIndex");

    private final int code;
    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // the list is List.of's
    private final List<String> ownFields;

    @SuppressWarnings("ImmutableEnumChecker") // the list is Stream.toList's, which nobody can change
    private final List<String> fields;

    MessageKind(int code, String label, String... ownFields) {
        this.code = code;
        this.label = label;
        this.ownFields = List.of(ownFields);
        fields = Stream.concat(Stream.of("type", "term", "from", "to"), this.ownFields.stream())
                .toList();
    }

    /** 0 to 3, in the order above. */
    public int code() {
        return code;
    }

    /** The name in the spec, in traces and in schedules. */
    public String label() {
        return label;
    }

    /** The fields that messages of other kinds lack, as figure 2 orders them. */
    public List<String> ownFields() {
        return ownFields;
    }

    /** All fields, in the order in which they are written. */
    public List<String> fields() {
        return fields;
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

    /** The action of the server that receives such a message. */
    public Action handledBy() {
        for (Action action : Action.values()) {
            if (action.handles() == this) {
                return action;
            }
        }
        throw new AssertionError(this);
    }
}
