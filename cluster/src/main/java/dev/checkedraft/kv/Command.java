package dev.checkedraft.kv;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a client asks of the state machine. As an entry's value it is one JSON object, to be read in the log by anyone.
 *
 * @param op what is to be done
 * @param session the client's session, 0 for none: then a request that is sent twice is applied twice
 * @param seq the request's number in its session, 1 for the first
 * @param key what it is about; empty if it opens a session
 * @param expect of a compare-and-set: the value that must be there; null for none at all
 * @param value what is to be there then; null if nothing is
 */
public record Command(
        Op op,
        long session,
        long seq,
        String key,
        @Nullable String expect,
        @Nullable String value) {
    /** The longest command, in bytes of its JSON: 60 of them, escaped twice, fit into a line of a trace. */
    public static final int MAX_BYTES = 4096;

    /** The longest key, in characters. */
    public static final int MAX_KEY = 256;

    private static final List<String> FIELDS = List.of("op", "session", "seq", "key", "expect", "value");

    /** What can be done. */
    public enum Op {
        SESSION("session"),
        PUT("put"),
        DELETE("delete"),
        CAS("cas");

        private final String label;

        Op(String label) {
            this.label = label;
        }

        /** The name in JSON. */
        public String label() {
            return label;
        }

        private static Op named(String label) {
            for (Op op : values()) {
                if (op.label.equals(label)) {
                    return op;
                }
            }
            throw new IllegalArgumentException("op: expected session, put, delete or cas");
        }
    }

    public Command {
        if (op == Op.SESSION ? !key.isEmpty() || session != 0 : key.isEmpty() || key.length() > MAX_KEY) {
            throw new IllegalArgumentException(
                    op == Op.SESSION
                            ? "op session: expected no other field"
                            : "key: expected 1 to " + MAX_KEY + " characters, found " + key.length());
        }
        if ((session == 0) != (seq == 0)) {
            throw new IllegalArgumentException("session and seq: expected both, each 1 or more, or neither");
        }
        if (op == Op.PUT && value == null) {
            throw new IllegalArgumentException("value: expected a string");
        }
        if ((op != Op.CAS && expect != null) || ((op == Op.SESSION || op == Op.DELETE) && value != null)) {
            throw new IllegalArgumentException(
                    "op " + op.label() + ": expected no " + (op == Op.PUT || expect != null ? "expect" : "value"));
        }
        if (encoded(op, session, seq, key, expect, value).getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("value: expected a command of at most " + MAX_BYTES + " bytes of JSON");
        }
    }

    /** Opens a session. */
    public static Command openSession() {
        return new Command(Op.SESSION, 0, 0, "", null, null);
    }

    /**
     * Reads a command.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Command parse(byte[] json) {
        JsonNode object = Json.object(json, FIELDS);
        String key = Json.stringOrNull(object, "key");
        return new Command(
                Op.named(Json.string(object, "op")),
                Json.numberOrZero(object, "session"),
                Json.numberOrZero(object, "seq"),
                key == null ? "" : key,
                Json.stringOrNull(object, "expect"),
                Json.stringOrNull(object, "value"));
    }

    /** As an entry's value. */
    public String encoded() {
        return encoded(op, session, seq, key, expect, value);
    }

    private static String encoded(
            Op op, long session, long seq, String key, @Nullable String expect, @Nullable String value) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("op", op.label());
        if (session != 0) {
            fields.put("session", session);
            fields.put("seq", seq);
        }
        if (!key.isEmpty()) {
            fields.put("key", key);
        }
        if (expect != null) {
            fields.put("expect", expect);
        }
        if (value != null) {
            fields.put("value", value);
        }
        return Json.text(fields);
    }
}
