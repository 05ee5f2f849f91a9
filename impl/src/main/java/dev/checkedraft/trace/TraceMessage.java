package dev.checkedraft.trace;

import dev.checkedraft.core.MessageKind;
import java.util.List;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The kinds of message that a trace tells of: those of {@code spec/Raft.tla}, and those that {@code spec/AnyRaft.tla} has besides. */
public enum TraceMessage {
    REQUEST_VOTE(MessageKind.REQUEST_VOTE),
    REQUEST_VOTE_RESPONSE(MessageKind.REQUEST_VOTE_RESPONSE),
    APPEND_ENTRIES(MessageKind.APPEND_ENTRIES),
    APPEND_ENTRIES_RESPONSE(MessageKind.APPEND_ENTRIES_RESPONSE),
    HEARTBEAT(4, "Heartbeat", "leaderCommit");

    private final int code;
    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // the list is List.of's
    private final List<String> ownFields;

    @SuppressWarnings("ImmutableEnumChecker") // the list is Stream.toList's, which nobody can change
    private final List<String> fields;

    TraceMessage(MessageKind kind) {
        this(kind.code(), kind.label(), kind.ownFields().toArray(String[]::new));
    }

    TraceMessage(int code, String label, String... ownFields) {
        this.code = code;
        this.label = label;
        this.ownFields = List.of(ownFields);
        fields = Stream.concat(Stream.of("type", "term", "from", "to"), this.ownFields.stream())
                .toList();
    }

    /** 0 to 4, in the order above. */
    public int code() {
        return code;
    }

    /** The message's type, as in the spec. */
    public String label() {
        return label;
    }

    /** The fields that messages of other kinds lack. */
    public List<String> ownFields() {
        return ownFields;
    }

    /** All fields, in the order in which they are written. */
    public List<String> fields() {
        return fields;
    }

    /** The kind that the core has under this name. */
    public static TraceMessage of(MessageKind kind) {
        return valueOf(kind.name());
    }

    /** The kind of that name; null if there is none. */
    public static @Nullable TraceMessage named(String label) {
        for (TraceMessage message : values()) {
            if (message.label.equals(label)) {
                return message;
            }
        }
        return null;
    }
}
