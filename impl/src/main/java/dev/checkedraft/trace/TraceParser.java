package dev.checkedraft.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Turns a line into a header or an event. Goes down only where the format does, so depth needs no other bound. */
final class TraceParser {
    private static final Pattern SERVER_NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");
    private static final int MAX_SERVERS = 9;
    private static final int MAX_ABOUT = 100;
    /** How much of a trace's text an error shows, in characters. */
    private static final int SHOWN = 100;

    private static final Set<String> ROLES = Set.of("Follower", "Candidate", "Leader");
    private static final Map<String, Action> ACTIONS = actions();

    /** The fields of each kind of message. A name has one type wherever it appears. */
    private static final Map<String, Set<String>> MESSAGE_FIELDS = messageFields();

    private final String file;
    private final TraceLimits limits;
    private final JsonFactory json;

    private static final Set<String> ALL_MESSAGE_FIELDS = allMessageFields();

    /** The header's servers, each by itself, so that every event uses the same strings. */
    private final Map<String, String> servers = new LinkedHashMap<>();

    /** Whether a message was read without knowing the event it belongs to. */
    private boolean deferred;

    private LineReader line;
    private JsonParser in;

    @SuppressWarnings("nullness:initialization.fields.uninitialized") // line and in are set before each use
    TraceParser(String file, TraceLimits limits) {
        this.file = file;
        this.limits = limits;
        json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(10)
                        .maxStringLength(limits.lineBytes())
                        .maxNameLength(100)
                        .maxNumberLength(100)
                        .build())
                .build();
    }

    private static Map<String, Set<String>> messageFields() {
        Map<String, Set<String>> fields = new TreeMap<>();
        TraceEvent.MESSAGE_FIELDS.forEach((type, names) -> fields.put(type, Set.copyOf(names)));
        return fields;
    }

    private static Set<String> allMessageFields() {
        Set<String> all = new TreeSet<>();
        for (Set<String> fields : MESSAGE_FIELDS.values()) {
            all.addAll(fields);
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

    /** What is read from one line. */
    private interface Body<T> {
        T read() throws IOException;
    }

    private <T> T object(LineReader from, String what, Body<T> body) throws IOException {
        line = from;
        byte[] buffer = from.buffer();
        int start = from.start();
        int length = from.length();
        // Also keeps Jackson from taking the line for UTF-16 or UTF-32.
        if (length == 0 || buffer[start] != '{' || (length > 1 && buffer[start + 1] == 0)) {
            String found = length == 0 ? "an empty line" : "something else";
            throw new TraceFormatException(
                    file, from.number(), 1, "expected " + what + ", a JSON object, found " + found);
        }
        try (JsonParser parser = json.createParser(buffer, start, length)) {
            in = parser;
            parser.nextToken();
            T result = body.read();
            if (parser.nextToken() != null) {
                throw expected("the end of the line");
            }
            return result;
        } catch (TraceFormatException e) {
            throw e;
        } catch (JsonEOFException e) {
            throw new TraceFormatException(
                    file,
                    from.number(),
                    length + 1,
                    from.isUnended() ? "the last line is cut short" : "the line is cut short");
        } catch (StreamConstraintsException e) {
            throw problem("beyond a limit: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            // A JsonProcessingException, or a CharConversionException about bytes that are not UTF-8.
            throw problem("not JSON: "
                    + firstLine(e instanceof JsonProcessingException p ? p.getOriginalMessage() : e.getMessage()));
        }
    }

    TraceHeader header(LineReader from) throws IOException {
        return object(from, "a header", this::readHeader);
    }

    private TraceHeader readHeader() throws IOException {
        List<String> names = List.of();
        Set<String> observes = Set.of();
        Set<String> omits = Set.of();
        Map<String, String> about = Map.of();
        Set<String> seen = new LinkedHashSet<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = newKey(seen);
            switch (key) {
                case "format" -> {
                    if (!string("\"" + TraceHeader.FORMAT + "\"").equals(TraceHeader.FORMAT)) {
                        throw expected("\"" + TraceHeader.FORMAT + "\"");
                    }
                }
                case "version" -> {
                    if (integer() != TraceHeader.VERSION) {
                        throw expected("version " + TraceHeader.VERSION);
                    }
                }
                case "servers" -> names = readServers();
                case "observes" -> observes = readNames(TraceEvent.STATE_FIELDS, "a state field");
                case "omits" -> omits = readNames(TraceHeader.OMITTABLE, "a kind of event");
                case "about" -> about = readAbout();
                default -> throw unknown(key, "format, version, servers, observes, omits, about");
            }
        }
        for (String required : List.of("format", "version", "servers")) {
            if (!seen.contains(required)) {
                throw problem("expected a header with \"" + required + "\"");
            }
        }
        return new TraceHeader(names, observes, about, omits);
    }

    private List<String> readServers() throws IOException {
        open(JsonToken.START_ARRAY, "an array of 1 to " + MAX_SERVERS + " server names");
        while (in.nextToken() != JsonToken.END_ARRAY) {
            String name = stringHere("a server's name");
            if (!SERVER_NAME.matcher(name).matches()) {
                throw expected("a server's name, 1 to 64 characters of A-Z a-z 0-9 _ . : -");
            }
            if (servers.put(name, name) != null) {
                throw problem("server \"" + name + "\" appears twice");
            }
            if (servers.size() > MAX_SERVERS) {
                throw problem("more than " + MAX_SERVERS + " servers");
            }
        }
        if (servers.isEmpty()) {
            throw problem("expected 1 to " + MAX_SERVERS + " servers, found none");
        }
        return List.copyOf(servers.keySet());
    }

    private Set<String> readNames(List<String> allowed, String what) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        open(JsonToken.START_ARRAY, "an array of names");
        while (in.nextToken() != JsonToken.END_ARRAY) {
            String name = stringHere(what);
            if (!allowed.contains(name)) {
                throw expected("one of " + allowed);
            }
            if (!names.add(name)) {
                throw problem("\"" + name + "\" appears twice");
            }
        }
        return Collections.unmodifiableSet(names);
    }

    private Map<String, String> readAbout() throws IOException {
        Map<String, String> about = new LinkedHashMap<>();
        open(JsonToken.START_OBJECT, "an object of texts");
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            JsonToken token = in.nextToken();
            if (token == null || !token.isScalarValue()) {
                throw expected("a text, a number, true, false or null");
            }
            if (about.put(key, in.getText()) != null) {
                throw problem("key \"" + shown(key) + "\" appears twice");
            }
            if (about.size() > MAX_ABOUT) {
                throw problem("more than " + MAX_ABOUT + " keys");
            }
        }
        return Collections.unmodifiableMap(about);
    }

    TraceEvent event(LineReader from) throws IOException {
        deferred = false;
        TraceEvent event = object(from, "an event", () -> readEvent(null));
        if (deferred) {
            // "msg" or "sent" came before "event": now that the action is known, hold them against it.
            Action action = event.action();
            return object(from, "an event", () -> readEvent(action));
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
                    msg = readMessage(action, action == null ? null : TraceReader.messageKind(action), "msg");
                }
                case "sent" -> {
                    bit = 8;
                    sent = readMessage(action, action == null ? null : TraceReader.sentKind(action), "sent");
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

    private Map<String, Object> readMessage(@Nullable Action action, @Nullable String kind, String what)
            throws IOException {
        if (action == null) {
            deferred = true;
        } else if (kind == null) {
            throw problem("expected no \"" + what + "\" in " + action.label());
        }
        Set<String> allowed = kind == null ? ALL_MESSAGE_FIELDS : fieldsOf(kind);
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
                    if (kind == null ? !MESSAGE_FIELDS.containsKey(type) : !kind.equals(type)) {
                        throw expected(kind == null ? "one of " + MESSAGE_FIELDS.keySet() : "\"" + kind + "\"");
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

    private static Set<String> fieldsOf(String kind) {
        Set<String> fields = MESSAGE_FIELDS.get(kind);
        if (fields == null) {
            throw new AssertionError(kind);
        }
        return fields;
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

    // ------------------------------------------------------------------------------------------------------- scalars

    /** The key here, if it is new. */
    private String newKey(Set<String> seen) throws IOException {
        String key = in.currentName();
        if (!seen.add(key)) {
            throw problem("key \"" + shown(key) + "\" appears twice");
        }
        return key;
    }

    private void open(JsonToken bracket, String what) throws IOException {
        if (in.nextToken() != bracket) {
            throw expected(what);
        }
    }

    private long integer() throws IOException {
        if (in.nextToken() != JsonToken.VALUE_NUMBER_INT
                || in.getNumberType() != JsonParser.NumberType.INT
                || in.getIntValue() < 0
                || in.getIntValue() > TraceEvent.MAX_NUMBER) {
            throw expected("an integer from 0 to " + TraceEvent.MAX_NUMBER);
        }
        return in.getIntValue();
    }

    private boolean bool() throws IOException {
        JsonToken token = in.nextToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw expected("true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private String string(String what) throws IOException {
        in.nextToken();
        return stringHere(what);
    }

    private String stringHere(String what) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw expected(what);
        }
        return in.getText();
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

    // -------------------------------------------------------------------------------------------------------- errors

    /** The value here is of the wrong kind. */
    private TraceFormatException expected(String what) throws IOException {
        JsonToken token = in.currentToken();
        String found = token == null
                ? "the end of the line"
                : switch (token) {
                    case START_OBJECT -> "an object";
                    case START_ARRAY -> "an array";
                    case VALUE_STRING -> "\"" + shown(in.getText()) + "\"";
                    default -> shown(in.getText());
                };
        return problem("expected " + what + ", found " + found);
    }

    private TraceFormatException unknown(String key, String known) {
        return problem("unknown key \"" + shown(key) + "\", expected one of " + known);
    }

    private TraceFormatException problem(String problem) {
        long offset = in.currentTokenLocation().getByteOffset();
        return new TraceFormatException(file, line.number(), (int) Math.max(0, offset) + 1, problem);
    }

    /** Text from the trace as part of a line of ours. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < SHOWN; i++) {
            char c = text.charAt(i);
            shown.append(
                    c < ' ' || (c >= 0x7f && c < 0xa0) || Character.isSurrogate(c) || c == 0x2028 || c == 0x2029
                            ? '?'
                            : c);
        }
        return text.length() > SHOWN ? shown + "..." : shown.toString();
    }

    private static String firstLine(@Nullable String message) {
        if (message == null) {
            return "unreadable";
        }
        int end = message.indexOf('\n');
        return shown(end < 0 ? message : message.substring(0, end));
    }
}
