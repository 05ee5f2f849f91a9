package dev.checkedraft.emit;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.Message;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceMessage;
import dev.checkedraft.trace.Tracer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A message as a trace tells it, each field of its type. Nothing is checked: what a Raft that errs sends is told.
 */
public final class MessageFields {
    private final TraceMessage kind;
    private final Map<String, Object> fields = new LinkedHashMap<>();

    private MessageFields(TraceMessage kind, long term, String from, String to) {
        this.kind = kind;
        fields.put("type", kind.label());
        fields.put("term", term);
        fields.put("from", from);
        fields.put("to", to);
    }

    /** A candidate asks for a vote. */
    public static MessageFields requestVote(long term, String from, String to, long lastLogIndex, long lastLogTerm) {
        return new MessageFields(TraceMessage.REQUEST_VOTE, term, from, to)
                .with("lastLogIndex", lastLogIndex)
                .with("lastLogTerm", lastLogTerm);
    }

    /** A vote, or its refusal. */
    public static MessageFields requestVoteResponse(long term, String from, String to, boolean voteGranted) {
        return new MessageFields(TraceMessage.REQUEST_VOTE_RESPONSE, term, from, to).with("voteGranted", voteGranted);
    }

    /** The leader sends a slice of its log. */
    public static MessageFields appendEntries(
            long term,
            String from,
            String to,
            long prevLogIndex,
            long prevLogTerm,
            List<Entry> entries,
            long leaderCommit) {
        return new MessageFields(TraceMessage.APPEND_ENTRIES, term, from, to)
                .with("prevLogIndex", prevLogIndex)
                .with("prevLogTerm", prevLogTerm)
                .with("entries", List.copyOf(entries))
                .with("leaderCommit", leaderCommit);
    }

    /** The leader sends a snapshot: the committed prefix of its log that ends with this index, of this term. */
    public static MessageFields snapshot(long term, String from, String to, long lastIndex, long lastTerm) {
        return new MessageFields(TraceMessage.APPEND_ENTRIES, term, from, to)
                .with("prevLogIndex", 0L)
                .with("prevLogTerm", 0L)
                .with("entries", new LogSize(lastIndex, lastTerm))
                .with("leaderCommit", lastIndex);
    }

    /** The answer to an AppendEntries, a snapshot or a heartbeat. */
    public static MessageFields appendEntriesResponse(
            long term, String from, String to, boolean success, long matchIndex) {
        return new MessageFields(TraceMessage.APPEND_ENTRIES_RESPONSE, term, from, to)
                .with("success", success)
                .with("matchIndex", matchIndex);
    }

    /** A heartbeat that says nothing of the log. */
    public static MessageFields heartbeat(long term, String from, String to, long leaderCommit) {
        return new MessageFields(TraceMessage.HEARTBEAT, term, from, to).with("leaderCommit", leaderCommit);
    }

    /** A message of this project's core. */
    public static MessageFields of(Message message) {
        MessageFields told =
                new MessageFields(TraceMessage.of(message.kind()), message.term(), message.from(), message.to());
        told.fields.putAll(Tracer.fields(message));
        return told;
    }

    private MessageFields with(String field, Object value) {
        fields.put(field, value);
        return this;
    }

    TraceMessage kind() {
        return kind;
    }

    /** By name, as {@code msg} of an event has them. */
    Map<String, Object> map() {
        return new LinkedHashMap<>(fields);
    }

    /** What it has in common with the others that its action sends. */
    Map<String, Object> common() {
        Map<String, Object> common = map();
        common.keySet().removeAll(List.of("type", "from", "to"));
        return common;
    }
}
