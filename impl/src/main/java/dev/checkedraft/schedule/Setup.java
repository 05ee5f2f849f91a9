package dev.checkedraft.schedule;

import dev.checkedraft.core.Config;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import java.util.Map;
import java.util.Set;

/**
 * A simulated cluster as it starts. See {@link Config} for the last five.
 *
 * @param nodes how many nodes, 1 to 7
 */
public record Setup(
        int nodes, int minElectionTimeout, int maxElectionTimeout, int heartbeatInterval, int maxEntries, long seed) {
    public Setup {
        Nodes.check(nodes);
        // Validates the rest.
        new Config(
                Nodes.name(1),
                Nodes.names(nodes),
                minElectionTimeout,
                maxElectionTimeout,
                heartbeatInterval,
                maxEntries,
                seed);
    }

    /** A cluster with election timeouts of 10 to 20 ticks, a heartbeat each 3, and 16 entries a message. */
    public static Setup of(int nodes, long seed) {
        return new Setup(nodes, 10, 20, 3, 16, seed);
    }

    /** The same with other numbers of nodes and entries. */
    public Setup with(int newNodes, int newMaxEntries) {
        return new Setup(newNodes, minElectionTimeout, maxElectionTimeout, heartbeatInterval, newMaxEntries, seed);
    }

    public Config config(int node) {
        return new Config(
                Nodes.name(node),
                Nodes.names(nodes),
                minElectionTimeout,
                maxElectionTimeout,
                heartbeatInterval,
                maxEntries,
                seed);
    }

    /**
     * The header of the trace of a run: every state field is observed.
     *
     * @param about what made the trace, by name
     */
    public TraceHeader traceHeader(Map<String, String> about) {
        return new TraceHeader(Nodes.names(nodes), Set.copyOf(TraceEvent.STATE_FIELDS), about);
    }
}
