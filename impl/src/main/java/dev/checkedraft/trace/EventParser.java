package dev.checkedraft.trace;

import com.fasterxml.jackson.core.JsonToken;
import dev.checkedraft.core.Action;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Turns each line after the header into an event. */
final class EventParser extends StateParser {
    private static final Map<String, TraceAction> ACTIONS = actions();

    /** The fields of all kinds of message. A name has one type wherever it appears. */
    private static final Set<String> ALL_MESSAGE_FIELDS = allMessageFields();

    /** The actions that the trace may have, by name. */
    private final Map<String, TraceAction> actions = new HashMap<>();

    /** The types that its messages may have. */
    private final Set<String> types = new TreeSet<>();

    private final TraceHeader header;

    /** Whether a message was read without knowing the event it belongs to. */
    private boolean deferred;

    EventParser(LineReader lines, TraceLimits limits, TraceHeader header) {
        super(lines, limits);
        this.header = header;
        for (String server : header.servers()) {
            servers.put(server, server);
        }
        anyRaft = header.version() >= TraceHeader.ANY_RAFT;
        ACTIONS.forEach((label, action) -> {
            if (anyRaft || action.raft() != null) {
                actions.put(label, action);
            }
        });
        for (TraceMessage message : TraceMessage.values()) {
            if (anyRaft || message != TraceMessage.HEARTBEAT) {
                types.add(message.label());
            }
        }
    }

    private static Set<String> allMessageFields() {
        Set<String> all = new TreeSet<>();
        for (TraceMessage message : TraceMessage.values()) {
            all.addAll(message.fields());
        }
        return all;
    }

    private static Map<String, TraceAction> actions() {
        Map<String, TraceAction> actions = new HashMap<>();
        for (TraceAction action : TraceAction.values()) {
            actions.put(action.label(), action);
        }
        return actions;
    }

    TraceEvent event() throws IOException {
        deferred = false;
        TraceEvent event = object("an event", () -> readEvent(null));
        if (deferred) {
            // "msg" or "sent" came before "event": now that the action is known, hold them against it.
            TraceAction action = event.action();
            return object("an event", () -> readEvent(action));
        }
        return event;
    }

    private TraceEvent readEvent(@Nullable TraceAction known) throws IOException {
        TraceAction action = known;
        String node = null;
        Map<String, Object> msg = null;
        Map<String, Object> sent = null;
        String value = null;
        Map<String, Object> state = Map.of();
        Set<String> unknown = Set.of();
        int seen = 0;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            int bit;
            switch (key) {
                case "event" -> {
                    bit = 1;
                    action = actions.get(string("an event's name"));
                    if (action == null) {
                        throw expected("one of " + List.copyOf(new TreeSet<>(actions.keySet())));
                    }
                }
                case "node" -> {
                    bit = 2;
                    node = server();
                }
                case "msg" -> {
                    bit = 4;
                    msg = readMessage(action, action == null ? null : action.told(), "msg");
                }
                case "sent" -> {
                    bit = 8;
                    sent = readMessage(action, action == null ? null : action.sends(), "sent");
                }
                case "value" -> {
                    bit = 16;
                    value = string("the proposed value, a text");
                }
                case "state" -> {
                    bit = 32;
                    state = readState();
                }
                default -> {
                    if (!anyRaft || !key.equals("unknown")) {
                        throw unknown(key, "event, node, msg, sent, value, state" + (anyRaft ? ", unknown" : ""));
                    }
                    bit = 64;
                    unknown = readUnknown();
                }
            }
            if ((seen & bit) != 0) {
                throw problem("key \"" + key + "\" appears twice");
            }
            seen |= bit;
        }
        if (action == null || node == null) {
            throw problem("expected an event with \"event\" and \"node\"");
        }
        boolean isPropose = action.is(Action.PROPOSE);
        if (isPropose ? value == null && !anyRaft : value != null) {
            throw problem("expected " + (value == null ? "a" : "no") + " \"value\" in " + action.label());
        }
        return new TraceEvent(action, node, msg, sent, value, state, unknown);
    }

    private Set<String> readUnknown() throws IOException {
        Set<String> names = new LinkedHashSet<>();
        open(JsonToken.START_ARRAY, "an array of names");
        while (in.nextToken() != JsonToken.END_ARRAY) {
            String name = stringHere("a state field");
            if (!header.observes().contains(name)) {
                throw expected("one of those in \"observes\", " + header.observes());
            }
            if (!names.add(name)) {
                throw problem("\"" + name + "\" appears twice");
            }
        }
        return names;
    }

    private Map<String, Object> readMessage(@Nullable TraceAction action, @Nullable TraceMessage kind, String what)
            throws IOException {
        // An ignored message may be of any kind.
        boolean ofAnyKind = action == TraceAction.IGNORE && what.equals("msg");
        if (action == null) {
            deferred = true;
        } else if (kind == null && !ofAnyKind) {
            throw problem("expected no \"" + what + "\" in " + action.label());
        }
        Collection<String> allowed = kind == null ? ALL_MESSAGE_FIELDS : kind.fields();
        open(JsonToken.START_OBJECT, "a message, an object");
        Map<String, Object> message = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            if (!allowed.contains(key)) {
                throw unknown(key, String.join(", ", new TreeSet<>(allowed)));
            }
            Object field = switch (key) {
                case "type" -> {
                    String type = string("a message's type");
                    if (kind == null ? !types.contains(type) : !kind.label().equals(type)) {
                        throw expected(kind == null ? "one of " + types : "\"" + kind.label() + "\"");
                    }
                    yield type;
                }
                case "from", "to" -> server();
                case "voteGranted", "success" -> bool();
                case "entries" -> readEntriesOrSize();
                default -> integer();
            };
            if (message.put(key, field) != null) {
                throw problem("key \"" + key + "\" appears twice");
            }
        }
        if (ofAnyKind) {
            hold(message);
        }
        return message;
    }

    /** An ignored message says of which kind it is, and has no other fields than that kind. */
    private void hold(Map<String, Object> message) throws IOException {
        TraceMessage kind = TraceMessage.named(String.valueOf(message.get("type")));
        if (kind == null) {
            throw problem("expected a \"type\" in the message that is ignored");
        }
        for (String field : message.keySet()) {
            if (!kind.fields().contains(field)) {
                throw unknown(field, String.join(", ", new TreeSet<>(kind.fields())));
            }
        }
    }
}
