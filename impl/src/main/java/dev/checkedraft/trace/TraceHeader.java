package dev.checkedraft.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The first line of a trace.
 *
 * @param version of the format, 1 or 2
 * @param servers the servers of the cluster, 1 to 9 different names, or to 64 in version 2
 * @param observes the state fields reported whenever they change: in an event without one of them it is as it was in the
 *     server's event before (or at the start). Other fields are known only where they appear
 * @param about what made the trace, by name; not checked
 * @param omits kinds of event that the trace may lack, of {@link #OMITTABLE}
 * @param quorums how many servers elect and commit; null for majorities
 * @param initial for each server that does not begin empty, the fields of its state at the start, as in an event's {@code state}
 */
public record TraceHeader(
        int version,
        List<String> servers,
        Set<String> observes,
        Map<String, String> about,
        Set<String> omits,
        @Nullable Quorums quorums,
        Map<String, Map<String, Object>> initial) {
    /** The format's name, in the field {@code format}. */
    public static final String FORMAT = "checked-raft-trace";

    /** The format's versions, in the field {@code version}: this project's own Rafts need the first only. */
    public static final int VERSION = 1;

    /** The version for other Rafts. */
    public static final int ANY_RAFT = 2;

    /** What a server's name is, in words. */
    public static final String SERVER_NAME = "a server's name, 1 to 64 characters of A-Z a-z 0-9 _ . : -";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");

    /** Whether a server may be called so. */
    public static boolean isServerName(String name) {
        return NAME.matcher(name).matches();
    }

    public TraceHeader {
        servers = List.copyOf(servers);
        observes = Collections.unmodifiableSortedSet(new TreeSet<>(observes));
        about = Collections.unmodifiableSortedMap(new TreeMap<>(about));
        initial = Collections.unmodifiableMap(new LinkedHashMap<>(initial));
    }

    /** Sends of AppendEntries; of those, only the empty ones. */
    public static final List<String> OMITTABLE = List.of("SendAppendEntries", "Heartbeat");

    /** The header of a trace of version 1. */
    public TraceHeader(List<String> servers, Set<String> observes, Map<String, String> about, Set<String> omits) {
        this(VERSION, servers, observes, about, omits, null, Map.of());
    }

    /** The header of a trace of version 1 that lacks no event. */
    public TraceHeader(List<String> servers, Set<String> observes, Map<String, String> about) {
        this(servers, observes, about, Set.of());
    }
}
