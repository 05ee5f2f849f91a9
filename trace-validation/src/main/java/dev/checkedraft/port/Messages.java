package dev.checkedraft.port;

import dev.checkedraft.core.Message;
import dev.checkedraft.trace.TraceEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages between servers, by field: as a line of the protocol has them, and a line of a trace. */
final class Messages {
    private static final List<String> TYPES =
            List.of("RequestVote", "RequestVoteResponse", "AppendEntries", "AppendEntriesResponse");

    private Messages() {}

    /** A message of the right form; whether it makes sense is for the spec, or its receiver, to say. */
    static Map<String, Object> read(Fields fields) throws ProtocolException {
        String type = fields.oneOf("type", TYPES);
        List<String> names = TraceEvent.MESSAGE_FIELDS.getOrDefault(type, List.of());
        fields.only(names);
        Map<String, Object> message = new LinkedHashMap<>();
        for (String name : names) {
            Object value = switch (name) {
                case "type", "from", "to" -> fields.string(name);
                case "voteGranted", "success" -> fields.flag(name);
                case "entries" -> fields.entries(name);
                default -> (long) fields.number(name, 0);
            };
            message.put(name, value);
        }
        return message;
    }

    /**
     * A message for the Java core.
     *
     * @throws IllegalArgumentException if no Raft server sends such a message
     */
    static Message toCore(Fields m) throws ProtocolException {
        String type = m.oneOf("type", TYPES);
        m.only(TraceEvent.MESSAGE_FIELDS.getOrDefault(type, List.of()));
        long term = m.number("term", 0);
        String from = m.string("from");
        String to = m.string("to");
        return switch (type) {
            case "RequestVote" ->
                new Message.RequestVote(term, from, to, m.number("lastLogIndex", 0), m.number("lastLogTerm", 0));
            case "RequestVoteResponse" -> new Message.RequestVoteResponse(term, from, to, m.flag("voteGranted"));
            case "AppendEntries" ->
                new Message.AppendEntries(
                        term,
                        from,
                        to,
                        m.number("prevLogIndex", 0),
                        m.number("prevLogTerm", 0),
                        m.entries("entries"),
                        m.number("leaderCommit", 0));
            default -> new Message.AppendEntriesResponse(term, from, to, m.flag("success"), m.number("matchIndex", 0));
        };
    }
}
