package dev.checkedraft.trace;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns a trace's first line into its header. */
final class HeaderParser extends LineParser {
    private static final Pattern SERVER_NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");
    private static final int MAX_SERVERS = 9;
    private static final int MAX_ABOUT = 100;

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
        Set<String> servers = new LinkedHashSet<>();
        open(JsonToken.START_ARRAY, "an array of 1 to " + MAX_SERVERS + " server names");
        while (in.nextToken() != JsonToken.END_ARRAY) {
            String name = stringHere("a server's name");
            if (!SERVER_NAME.matcher(name).matches()) {
                throw expected("a server's name, 1 to 64 characters of A-Z a-z 0-9 _ . : -");
            }
            if (!servers.add(name)) {
                throw problem("server \"" + name + "\" appears twice");
            }
            if (servers.size() > MAX_SERVERS) {
                throw problem("more than " + MAX_SERVERS + " servers");
            }
        }
        if (servers.isEmpty()) {
            throw problem("expected 1 to " + MAX_SERVERS + " servers, found none");
        }
        return List.copyOf(servers);
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
