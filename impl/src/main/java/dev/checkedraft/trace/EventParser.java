package dev.checkedraft.trace;

import com.fasterxml.jackson.core.JsonToken;
import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.MessageKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Turns each line after the header into an event. */
final class EventParser extends LineParser {
    private static final Set<String> ROLES = Set.of("Follower", "Candidate", "Leader");
    private static final Map<String, Action> ACTIONS = actions();

    /** The fields of all kinds of message. A name has one type wherever it appears. */
    private static final Set<String> ALL_MESSAGE_FIELDS = allMessageFields();

    private static final Set<String> MESSAGE_TYPES = messageTypes();

    private final TraceLimits limits;

    /** The header's servers, each by itself, so that every event uses the same strings. */
    private final Map<String, String> servers = new LinkedHashMap<>();

    /** Whether a message was read without knowing the event it belongs to. */
    private boolean deferred;

    EventParser(LineReader lines, TraceLimits limits, List<String> servers) {
        super(lines, limits);
        this.limits = limits;
        for (String server : servers) {
            this.servers.put(server, server);
        }
    }

    private static Set<String> allMessageFields() {
        Set<String> all = new TreeSet<>();
        for (MessageKind kind : MessageKind.values()) {
            all.addAll(kind.fields());
        }
        return all;
    }

    private static Set<String> messageTypes() {
        Set<String> all = new TreeSet<>();
        for (MessageKind kind : MessageKind.values()) {
            all.add(kind.label());
        }
        return all;
    }

    private static Map<String, Action> actions() {
        Map<String, Action> actions = new HashMap<>();
        for (Action action : Action.values()) {
            actions.put(action.label(), action);
        }
        return actions;
    }

    TraceEvent event() throws IOException {
        deferred = false;
        TraceEvent event = object("an event", () -> readEvent(null));
        if (deferred) {
            // "msg" or "sent" came before "event": now that the action is known, hold them against it.
            Action action = event.action();
            return object("an event", () -> readEvent(action));
        }
        return event;
    }

    private TraceEvent readEvent(@Nullable Action known) throws IOException {
        Action action = known;
        String node = null;
        Map<String, Object> msg = null;
        Map<String, Object> sent = null;
        String value = null;
        Map<String, Object> state = Map.of();
        int seen = 0;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            int bit;
            switch (key) {
                case "event" -> {
                    bit = 1;
                    action = ACTIONS.get(string("an event's name"));
                    if (action == null) {
                        throw expected("one of " + List.copyOf(new TreeSet<>(ACTIONS.keySet())));
                    }
                }
                case "node" -> {
                    bit = 2;
                    node = server();
                }
                case "msg" -> {
                    bit = 4;
                    msg = readMessage(action, action == null ? null : TraceReader.told(action), "msg");
                }
                case "sent" -> {
                    bit = 8;
                    sent = readMessage(action, action == null ? null : TraceReader.sent(action), "sent");
                }
                case "value" -> {
                    bit = 16;
                    value = string("the proposed value, a text");
                }
                case "state" -> {
                    bit = 32;
                    state = readState();
                }
                default -> throw unknown(key, "event, node, msg, sent, value, state");
            }
            if ((seen & bit) != 0) {
                throw problem("key \"" + key + "\" appears twice");
            }
            seen |= bit;
        }
        if (action == null || node == null) {
            throw problem("expected an event with \"event\" and \"node\"");
        }
        if ((value == null) == (action == Action.PROPOSE)) {
            throw problem("expected " + (value == null ? "a" : "no") + " \"value\" in " + action.label());
        }
        return new TraceEvent(action, node, msg, sent, value, state);
    }

    private Map<String, Object> readMessage(@Nullable Action action, @Nullable MessageKind kind, String what)
            throws IOException {
        if (action == null) {
            deferred = true;
        } else if (kind == null) {
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
                    if (kind == null
                            ? !MESSAGE_TYPES.contains(type)
                            : !kind.label().equals(type)) {
                        throw expected(kind == null ? "one of " + MESSAGE_TYPES : "\"" + kind.label() + "\"");
                    }
                    yield type;
                }
                case "from", "to" -> server();
                case "voteGranted", "success" -> bool();
                case "entries" -> readEntries();
                default -> integer();
            };
            if (message.put(key, field) != null) {
                throw problem("key \"" + key + "\" appears twice");
            }
        }
        return message;
    }

    private Map<String, Object> readState() throws IOException {
        open(JsonToken.START_OBJECT, "a state, an object");
        Map<String, Object> state = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            Object field = switch (key) {
                case "currentTerm", "commitIndex" -> integer();
                case "votedFor" -> readVotedFor();
                case "role" -> {
                    String role = string("a role");
                    if (!ROLES.contains(role)) {
                        throw expected("\"Follower\", \"Candidate\" or \"Leader\"");
                    }
                    yield role.intern();
                }
                case "votesGranted", "votesRefused" -> readServerSet();
                case "matchIndex" -> readMatchIndex();
                case "log" -> readLog();
                default -> throw unknown(key, String.join(", ", TraceEvent.STATE_FIELDS));
            };
            if (state.put(key, field) != null) {
                throw problem("key \"" + key + "\" appears twice");
            }
        }
        return state;
    }

    private Optional<String> readVotedFor() throws IOException {
        return in.nextToken() == JsonToken.VALUE_NULL
                ? Optional.empty()
                : Optional.of(serverHere("a server's name, or null"));
    }

    private List<String> readServerSet() throws IOException {
        open(JsonToken.START_ARRAY, "an array of server names");
        List<String> names = new ArrayList<>(servers.size());
        while (in.nextToken() != JsonToken.END_ARRAY) {
            String name = serverHere("a server's name");
            if (names.contains(name)) {
                throw problem("server \"" + name + "\" appears twice");
            }
            names.add(name);
        }
        return names;
    }

    private Map<String, Long> readMatchIndex() throws IOException {
        open(JsonToken.START_OBJECT, "an object of server names and indexes");
        Map<String, Long> indexes = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = servers.get(in.currentName());
            if (name == null) {
                throw unknown(in.currentName(), "the servers " + String.join(", ", servers.keySet()));
            }
            if (indexes.put(name, integer()) != null) {
                throw problem("key \"" + name + "\" appears twice");
            }
        }
        return indexes;
    }

    private LogChange readLog() throws IOException {
        open(JsonToken.START_OBJECT, "a log change, an object");
        long from = 0;
        List<Entry> entries = null;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            switch (in.currentName()) {
                case "from" -> {
                    if (from != 0) {
                        throw problem("key \"from\" appears twice");
                    }
                    from = integer();
                    if (from < 1) {
                        throw expected("an index of 1 or more");
                    }
                }
                case "entries" -> {
                    if (entries != null) {
                        throw problem("key \"entries\" appears twice");
                    }
                    entries = readEntries();
                }
                default -> throw unknown(in.currentName(), "from, entries");
            }
        }
        if (from == 0 || entries == null) {
            throw problem("expected a log change with \"from\" and \"entries\"");
        }
        if (from - 1 + entries.size() > limits.logEntries()) {
            throw problem("a log of more than " + limits.logEntries() + " entries");
        }
        return new LogChange(from, entries);
    }

    private List<Entry> readEntries() throws IOException {
        open(JsonToken.START_ARRAY, "an array of entries");
        List<Entry> entries = new ArrayList<>(2);
        while (in.nextToken() != JsonToken.END_ARRAY) {
            if (in.currentToken() != JsonToken.START_OBJECT) {
                throw expected("an entry, an object");
            }
            long term = 0;
            String value = null;
            while (in.nextToken() != JsonToken.END_OBJECT) {
                switch (in.currentName()) {
                    case "term" -> {
                        if (term != 0) {
                            throw problem("key \"term\" appears twice");
                        }
                        term = integer();
                        if (term < 1) {
                            throw expected("a term of 1 or more");
                        }
                    }
                    case "value" -> {
                        if (value != null) {
                            throw problem("key \"value\" appears twice");
                        }
                        value = string("an entry's value, a text");
                    }
                    default -> throw unknown(in.currentName(), "term, value");
                }
            }
            if (term == 0 || value == null) {
                throw problem("expected an entry with \"term\" and \"value\"");
            }
            entries.add(new Entry(term, value));
        }
        return entries;
    }

    private String server() throws IOException {
        in.nextToken();
        return serverHere("a server's name");
    }

    private String serverHere(String what) throws IOException {
        String name = servers.get(stringHere(what));
        if (name == null) {
            throw expected("one of the servers " + String.join(", ", servers.keySet()));
        }
        return name;
    }
}
