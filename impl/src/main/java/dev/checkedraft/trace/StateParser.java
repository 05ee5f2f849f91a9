package dev.checkedraft.trace;

import com.fasterxml.jackson.core.JsonToken;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a trace tells of servers' states. */
abstract class StateParser extends LineParser {
    private static final Set<String> ROLES = Set.of("Follower", "Candidate", "Leader");

    private final TraceLimits limits;

    /** The header's servers, each by itself, so that every event uses the same strings. */
    final Map<String, String> servers = new LinkedHashMap<>();

    /** Whether this is what only version 2 has. */
    boolean anyRaft;

    StateParser(LineReader lines, TraceLimits limits) {
        super(lines, limits);
        this.limits = limits;
    }

    Map<String, Object> readState() throws IOException {
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
                case TraceEvent.STORED -> {
                    if (!anyRaft) {
                        throw unknown(key, String.join(", ", TraceEvent.STATE_FIELDS));
                    }
                    yield integer();
                }
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

    /** A log by its change, or, in version 2, by its length and last term. */
    private Object readLog() throws IOException {
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
                    open(JsonToken.START_ARRAY, "an array of entries");
                    entries = readEntries();
                }
                case "length", "lastTerm" -> {
                    if (!anyRaft || from != 0 || entries != null) {
                        throw unknown(in.currentName(), "from, entries");
                    }
                    return readSize();
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

    /** Entries as they are, or, in version 2, by how many there are and the last one's term. */
    Object readEntriesOrSize() throws IOException {
        JsonToken bracket = in.nextToken();
        if (bracket == JsonToken.START_OBJECT && anyRaft) {
            in.nextToken();
            return readSize();
        }
        if (bracket != JsonToken.START_ARRAY) {
            throw expected("an array of entries");
        }
        return readEntries();
    }

    /** The reader is at the first key. */
    private LogSize readSize() throws IOException {
        long length = LogSize.UNKNOWN;
        long lastTerm = LogSize.UNKNOWN;
        for (JsonToken token = in.currentToken(); token != JsonToken.END_OBJECT; token = in.nextToken()) {
            String key = in.currentName();
            if (!key.equals("length") && !key.equals("lastTerm")) {
                throw unknown(key, "length, lastTerm");
            }
            if ((key.equals("length") ? length : lastTerm) != LogSize.UNKNOWN) {
                throw problem("key \"" + key + "\" appears twice");
            }
            if (key.equals("length")) {
                length = integer();
            } else {
                lastTerm = integer();
            }
        }
        if (length == LogSize.UNKNOWN) {
            throw problem("expected \"length\"");
        }
        if (length > limits.logEntries()) {
            throw problem("a log of more than " + limits.logEntries() + " entries");
        }
        if ((length == 0 && lastTerm > 0) || (length > 0 && lastTerm == 0)) {
            throw problem("expected a \"lastTerm\" of 0 with no entry, and of 1 or more with any");
        }
        return new LogSize(length, length == 0 ? 0 : lastTerm);
    }

    /** The reader is at the bracket. */
    private List<Entry> readEntries() throws IOException {
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

    String server() throws IOException {
        in.nextToken();
        return serverHere("a server's name");
    }

    String serverHere(String what) throws IOException {
        String name = servers.get(stringHere(what));
        if (name == null) {
            throw expected("one of the servers " + String.join(", ", servers.keySet()));
        }
        return name;
    }
}
