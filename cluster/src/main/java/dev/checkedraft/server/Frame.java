package dev.checkedraft.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.MessageKind;
import dev.checkedraft.kv.Command;
import dev.checkedraft.kv.Json;
import dev.checkedraft.trace.Tracer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one node sends another: four bytes of length, then one JSON object. The message in it is as in a trace.
 *
 * @param round the read round that the message belongs to, 0 for none
 */
record Frame(String cluster, long round, Message message) {
    /** The longest frame, in bytes: 60 of the longest commands fit. */
    static final int MAX_BYTES = 1 << 20;

    /** The most entries in one AppendEntries: a line of a trace that has them twice is within the reader's limit. */
    static final int MAX_ENTRIES = 60;

    private static final int VERSION = 1;

    private static final List<String> FIELDS = List.of("version", "cluster", "round", "msg");

    byte[] encoded() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", VERSION);
        fields.put("cluster", cluster);
        fields.put("round", round);
        fields.put("msg", Tracer.fields(message));
        return Json.bytes(withPlainEntries(fields, message));
    }

    /** Entries by their two fields: their class has a method more, which JSON would take for one. */
    private static Map<String, Object> withPlainEntries(Map<String, Object> fields, Message message) {
        if (message instanceof Message.AppendEntries append) {
            Map<String, Object> msg = Tracer.fields(message);
            List<Map<String, Object>> entries = new ArrayList<>();
            for (Entry entry : append.entries()) {
                entries.add(Map.of("term", entry.term(), "value", entry.value()));
            }
            msg.put("entries", entries);
            fields.put("msg", msg);
        }
        return fields;
    }

    /**
     * Reads a frame.
     *
     * @throws Refused if it is none of this version
     */
    static Frame parse(byte[] json) throws Refused {
        try {
            JsonNode frame = Json.object(json, FIELDS);
            if (Json.number(frame, "version") != VERSION) {
                throw new Refused("version", "expected version " + VERSION);
            }
            return new Frame(Json.string(frame, "cluster"), Json.number(frame, "round"), message(frame.get("msg")));
        } catch (IllegalArgumentException e) {
            throw new Refused("frame", String.valueOf(e.getMessage()));
        }
    }

    private static Message message(@org.checkerframework.checker.nullness.qual.Nullable JsonNode json) {
        List<String> all = new ArrayList<>();
        for (MessageKind kind : MessageKind.values()) {
            all.addAll(kind.fields());
        }
        MessageKind kind = MessageKind.named(Json.string(Json.object(json, all), "type"));
        if (kind == null) {
            throw new IllegalArgumentException("type: expected a type of message");
        }
        JsonNode m = Json.object(json, kind.fields());
        long term = Json.number(m, "term");
        String from = Json.string(m, "from");
        String to = Json.string(m, "to");
        return switch (kind) {
            case REQUEST_VOTE ->
                new Message.RequestVote(term, from, to, Json.number(m, "lastLogIndex"), Json.number(m, "lastLogTerm"));
            case REQUEST_VOTE_RESPONSE -> new Message.RequestVoteResponse(term, from, to, Json.flag(m, "voteGranted"));
            case APPEND_ENTRIES ->
                new Message.AppendEntries(
                        term,
                        from,
                        to,
                        Json.number(m, "prevLogIndex"),
                        Json.number(m, "prevLogTerm"),
                        entries(m.get("entries")),
                        Json.number(m, "leaderCommit"));
            case APPEND_ENTRIES_RESPONSE ->
                new Message.AppendEntriesResponse(
                        term, from, to, Json.flag(m, "success"), Json.number(m, "matchIndex"));
        };
    }

    private static List<Entry> entries(@org.checkerframework.checker.nullness.qual.Nullable JsonNode json) {
        if (json == null || !json.isArray() || json.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException("entries: expected a list of at most " + MAX_ENTRIES);
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : json) {
            JsonNode fields = Json.object(entry, List.of("term", "value"));
            Entry read = new Entry(Json.number(fields, "term"), Json.string(fields, "value"));
            if (!read.isNoOp()) {
                // What no node can apply must not get into a log.
                Command.parse(read.value().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            entries.add(read);
        }
        return entries;
    }

    /** A frame that is refused, and why: in a word, and in a line. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        Refused(String reason, String problem) {
            super(problem);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }
}
