package dev.checkedraft.schedule;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A simulated cluster as it starts. See {@link Config} for those that are not told here.
 *
 * @param nodes how many nodes, 1 to {@value Nodes#MOST}
 * @param baseTerm the term that all nodes begin in, without a vote; 0 if they have never run
 * @param baseLog how many entries, the same ones of term 1, all their logs begin with; 0 if they have never run
 * @param names what the nodes are told that they are called, if they are a port's; schedules and traces call them n1 to n9
 */
public record Setup(
        int nodes,
        int minElectionTimeout,
        int maxElectionTimeout,
        int heartbeatInterval,
        int maxEntries,
        long seed,
        long baseTerm,
        int baseLog,
        List<String> names) {
    public Setup {
        Nodes.check(nodes);
        if (baseTerm < 0 || baseLog < 0 || (baseTerm == 0 && baseLog > 0)) {
            throw new IllegalArgumentException(
                    "a cluster cannot begin in term " + baseTerm + " with " + baseLog + " entries of term 1");
        }
        if (names.size() != nodes || Set.copyOf(names).size() != nodes) {
            throw new IllegalArgumentException("a cluster of " + nodes + " has as many different names, not " + names);
        }
        for (String name : names) {
            if (!TraceHeader.isServerName(name)) {
                throw new IllegalArgumentException(TraceHeader.SERVER_NAME + " is expected, not \"" + name + "\"");
            }
        }
        names = List.copyOf(names);
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

    /** A cluster whose nodes have never run. */
    public Setup(
            int nodes,
            int minElectionTimeout,
            int maxElectionTimeout,
            int heartbeatInterval,
            int maxEntries,
            long seed) {
        this(
                nodes,
                minElectionTimeout,
                maxElectionTimeout,
                heartbeatInterval,
                maxEntries,
                seed,
                0,
                0,
                Nodes.names(nodes));
    }

    /** A cluster with election timeouts of 10 to 20 ticks, a heartbeat each 3, and 16 entries a message. */
    public static Setup of(int nodes, long seed) {
        return new Setup(nodes, 10, 20, 3, 16, seed);
    }

    /** The same with other numbers of nodes and entries; with fewer nodes, the last names are gone. */
    public Setup with(int newNodes, int newMaxEntries) {
        return new Setup(
                newNodes,
                minElectionTimeout,
                maxElectionTimeout,
                heartbeatInterval,
                newMaxEntries,
                seed,
                baseTerm,
                baseLog,
                newNodes <= nodes ? names.subList(0, newNodes) : Nodes.names(newNodes));
    }

    /** The same that begins in another term, with another log. */
    public Setup from(long newBaseTerm, int newBaseLog) {
        return new Setup(
                nodes,
                minElectionTimeout,
                maxElectionTimeout,
                heartbeatInterval,
                maxEntries,
                seed,
                newBaseTerm,
                newBaseLog,
                names);
    }

    /** The same whose nodes are called something else. */
    public Setup named(List<String> newNames) {
        return new Setup(
                nodes,
                minElectionTimeout,
                maxElectionTimeout,
                heartbeatInterval,
                maxEntries,
                seed,
                baseTerm,
                baseLog,
                newNames);
    }

    /** What is durable on every node as it begins. */
    public DurableState durableState() {
        return new DurableState(new HardState(baseTerm, null), Collections.nCopies(baseLog, Entry.noOp(1)));
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
     * The header of the trace of a run: every state field is observed. Where a cluster does not begin with nothing, the
     * terms and indexes of its traces count from where it begins.
     *
     * @param about what made the trace, by name
     */
    public TraceHeader traceHeader(Map<String, String> about) {
        return new TraceHeader(Nodes.names(nodes), Set.copyOf(TraceEvent.STATE_FIELDS), about);
    }
}
