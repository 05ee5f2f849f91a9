package dev.checkedraft.port;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.MessageKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Messages between servers, by field: as a line of the protocol has them, and a line of a trace. */
final class Messages {
    private static final List<String> TYPES =
            Stream.of(MessageKind.values()).map(MessageKind::label).toList();

    private Messages() {}

    /** A message of the right form; whether it makes sense is for the spec, or its receiver, to say. */
    static Map<String, Object> read(Fields fields) throws ProtocolException {
        List<String> names = kind(fields).fields();
        fields.only(names);
        Map<String, Object> message = new LinkedHashMap<>();
        for (String name : names) {
            Object value = switch (name) {
                case "type", "from", "to" -> fields.string(name);
                case "voteGranted", "success" -> fields.flag(name);
                case "entries" -> fields.entries(name);
                default -> fields.number(name, 0);
            };
            message.put(name, value);
        }
        return message;
    }

    private static MessageKind kind(Fields message) throws ProtocolException {
        MessageKind kind = MessageKind.named(message.oneOf("type", TYPES));
        if (kind == null) {
            throw new AssertionError(TYPES);
        }
        return kind;
    }

    /**
     * A message for the Java core.
     *
     * @throws ProtocolException if it does not have that form, or no Raft server sends such a message
     */
    static Message toCore(Fields m) throws ProtocolException {
        try {
            return message(m);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(String.valueOf(e.getMessage()));
        }
    }

    private static Message message(Fields m) throws ProtocolException {
        MessageKind kind = kind(m);
        m.only(kind.fields());
        long term = m.number("term", 0);
        String from = m.string("from");
        String to = m.string("to");
        return switch (kind) {
            case REQUEST_VOTE ->
                new Message.RequestVote(term, from, to, m.number("lastLogIndex", 0), m.number("lastLogTerm", 0));
            case REQUEST_VOTE_RESPONSE -> new Message.RequestVoteResponse(term, from, to, m.flag("voteGranted"));
            case APPEND_ENTRIES ->
                new Message.AppendEntries(
                        term,
                        from,
                        to,
                        m.number("prevLogIndex", 0),
                        m.number("prevLogTerm", 0),
                        m.entries("entries"),
                        m.number("leaderCommit", 0));
            case APPEND_ENTRIES_RESPONSE ->
                new Message.AppendEntriesResponse(term, from, to, m.flag("success"), m.number("matchIndex", 0));
        };
    }
}
