package dev.checkedraft.trace;

import com.fasterxml.jackson.core.JsonToken;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns a trace's first line into its header. */
final class HeaderParser extends StateParser {
    private static final int MAX_SERVERS = 64;

    /** In version 1. */
    private static final int MAX_SERVERS_OF_1 = 9;

    /** What only version 2 has. */
    private static final Set<String> OF_ANY_RAFT = Set.of("quorums", "initial");

    private static final int MAX_ABOUT = 100;

    /** What may be told of a server at the start. */
    private static final List<String> INITIAL = List.of("currentTerm", "votedFor", "commitIndex", "log");

    HeaderParser(LineReader lines, TraceLimits limits) {
        super(lines, limits);
    }

    TraceHeader header() throws IOException {
        return object("a header", this::readHeader);
    }

    private TraceHeader readHeader() throws IOException {
        List<String> names = List.of();
        Set<String> observes = Set.of();
        Set<String> omits = Set.of();
        Map<String, String> about = Map.of();
        Quorums quorums = null;
        Map<String, Map<String, Object>> initial = Map.of();
        int version = TraceHeader.VERSION;
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
                    version = (int) integer();
                    if (version != TraceHeader.VERSION && version != TraceHeader.ANY_RAFT) {
                        throw expected("version " + TraceHeader.VERSION + " or " + TraceHeader.ANY_RAFT);
                    }
                    anyRaft = version == TraceHeader.ANY_RAFT;
                }
                case "servers" -> names = readServers();
                case "observes" -> observes = readNames(observable(), "a state field");
                case "omits" -> omits = readNames(TraceHeader.OMITTABLE, "a kind of event");
                case "about" -> about = readAbout();
                case "quorums" -> quorums = readQuorums();
                case "initial" -> initial = readInitial();
                default ->
                    throw unknown(
                            key,
                            "format, version, servers, observes, omits, about" + (anyRaft ? ", quorums, initial" : ""));
            }
            if (OF_ANY_RAFT.contains(key) && !anyRaft) {
                throw problem("expected \"version\":" + TraceHeader.ANY_RAFT + " before \"" + key + "\"");
            }
        }
        for (String required : List.of("format", "version", "servers")) {
            if (!seen.contains(required)) {
                throw problem("expected a header with \"" + required + "\"");
            }
        }
        if (version == TraceHeader.VERSION && names.size() > MAX_SERVERS_OF_1) {
            throw problem(
                    "more than " + MAX_SERVERS_OF_1 + " servers, which needs \"version\":" + TraceHeader.ANY_RAFT);
        }
        if (quorums != null && !quorums.meet(names.size())) {
            throw problem("quorums of " + quorums.election() + " that elect and " + quorums.commit()
                    + " that commit, of " + names.size()
                    + " servers: two that elect need not meet, or one that elects and one that commits");
        }
        return new TraceHeader(version, names, observes, about, omits, quorums, initial);
    }

    private List<String> observable() {
        if (!anyRaft) {
            return TraceEvent.STATE_FIELDS;
        }
        List<String> all = new ArrayList<>(TraceEvent.STATE_FIELDS);
        all.add(TraceEvent.STORED);
        return all;
    }

    private Quorums readQuorums() throws IOException {
        open(JsonToken.START_OBJECT, "an object with \"election\" and \"commit\"");
        long election = 0;
        long commit = 0;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            switch (in.currentName()) {
                case "election" -> election = integer();
                case "commit" -> commit = integer();
                default -> throw unknown(in.currentName(), "election, commit");
            }
        }
        if (election == 0 || commit == 0) {
            throw problem("expected \"election\" and \"commit\", how many servers elect and commit");
        }
        return new Quorums((int) election, (int) commit);
    }

    private Map<String, Map<String, Object>> readInitial() throws IOException {
        open(JsonToken.START_OBJECT, "an object of servers and their states");
        Map<String, Map<String, Object>> initial = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String server = servers.get(in.currentName());
            if (server == null) {
                throw unknown(
                        in.currentName(), "the servers, which come first: " + String.join(", ", servers.keySet()));
            }
            Map<String, Object> state = readState();
            for (String field : state.keySet()) {
                if (!INITIAL.contains(field)) {
                    throw unknown(field, String.join(", ", INITIAL));
                }
            }
            checkInitial(state);
            if (initial.put(server, state) != null) {
                throw problem("key \"" + server + "\" appears twice");
            }
        }
        return initial;
    }

    /** A server's state at the start is one that a server may have. */
    private void checkInitial(Map<String, Object> state) throws IOException {
        long term = state.get("currentTerm") instanceof Long told ? told : 0;
        long commit = state.get("commitIndex") instanceof Long told ? told : 0;
        long length = 0;
        long lastTerm = 0;
        if (state.get("log") instanceof LogSize size) {
            length = size.length();
            lastTerm = size.lastTerm();
            if (lastTerm == LogSize.UNKNOWN) {
                throw problem("expected a \"lastTerm\" of the log at the start");
            }
        } else if (state.get("log") instanceof LogChange change) {
            length = change.entries().size();
            for (Entry entry : change.entries()) {
                if (entry.term() < lastTerm) {
                    throw problem("expected terms that do not fall along a log");
                }
                lastTerm = entry.term();
            }
            if (change.from() != 1) {
                throw problem("expected the log at the start from index 1");
            }
        }
        if (lastTerm > term || commit > length) {
            throw problem("expected a log whose last term is " + term + " or less, and " + commit + " entries or more");
        }
    }

    private List<String> readServers() throws IOException {
        Set<String> names = new LinkedHashSet<>();
        open(JsonToken.START_ARRAY, "an array of 1 to " + MAX_SERVERS + " server names");
        while (in.nextToken() != JsonToken.END_ARRAY) {
            String name = stringHere("a server's name");
            if (!TraceHeader.isServerName(name)) {
                throw expected(TraceHeader.SERVER_NAME);
            }
            if (!names.add(name)) {
                throw problem("server \"" + name + "\" appears twice");
            }
            if (names.size() > MAX_SERVERS) {
                throw problem("more than " + MAX_SERVERS + " servers");
            }
        }
        if (names.isEmpty()) {
            throw problem("expected 1 to " + MAX_SERVERS + " servers, found none");
        }
        names.forEach(name -> servers.put(name, name));
        return List.copyOf(names);
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

    /** The key here, if it is new. */
    private String newKey(Set<String> seen) throws IOException {
        String key = in.currentName();
        if (!seen.add(key)) {
            throw problem("key \"" + shown(key) + "\" appears twice");
        }
        return key;
    }
}
