package dev.checkedraft.trace;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The first line of a trace.
 *
 * @param servers the servers of the cluster, 1 to 9 different names
 * @param observes the state fields reported whenever they change: in an event without one of them it is as it was in the
 *     server's event before (or at the start). Other fields are known only where they appear
 * @param about what made the trace, by name; not checked
 * @param omits kinds of event that the trace may lack, of {@link #OMITTABLE}
 */
public record TraceHeader(List<String> servers, Set<String> observes, Map<String, String> about, Set<String> omits) {
    /** The format's name, in the field {@code format}. */
    public static final String FORMAT = "checked-raft-trace";

    /** The format's version, in the field {@code version}. */
    public static final int VERSION = 1;

    public TraceHeader {
        servers = List.copyOf(servers);
        observes = Collections.unmodifiableSortedSet(new TreeSet<>(observes));
        about = Collections.unmodifiableSortedMap(new TreeMap<>(about));
    }

    /** Sends of AppendEntries; of those, only the empty ones. */
    public static final List<String> OMITTABLE = List.of("SendAppendEntries", "Heartbeat");

    /** The header of a trace that lacks no event. */
    public TraceHeader(List<String> servers, Set<String> observes, Map<String, String> about) {
        this(servers, observes, about, Set.of());
    }
}
