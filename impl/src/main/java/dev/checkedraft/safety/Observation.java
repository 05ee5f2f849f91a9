package dev.checkedraft.safety;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.schedule.Nodes;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a checker sees of a node after a step.
 *
 * @param node which node, 1 or more
 * @param restarted whether the step was a restart; else it was an input
 * @param term its term
 * @param votedFor its vote in that term, a node's name; null if it has none
 * @param leads whether it leads
 * @param commitIndex its commit index
 * @param matchIndex if it leads, what it knows of each other's log, by node, 0 for itself; else empty
 * @param log what it made durable of its log; null if nothing
 * @param core what only the Java core shows; null of a state of the spec
 */
public record Observation(
        int node,
        boolean restarted,
        long term,
        @Nullable String votedFor,
        boolean leads,
        long commitIndex,
        List<Long> matchIndex,
        @Nullable LogChange log,
        @Nullable Core core) {

    /**
     * What the Java core shows beyond the spec's state.
     *
     * @param hardState the term and vote that it made durable; null if none
     * @param logView its log, as it is right after the step
     * @param leader whom it names as the leader of its term; null if nobody
     * @param appliedFrom the index of the first entry it hands out to be applied
     * @param applied the entries it hands out to be applied
     */
    record Core(
            @Nullable HardState hardState,
            List<Entry> logView,
            @Nullable String leader,
            long appliedFrom,
            List<Entry> applied) {}

    /** A node of any Raft after it handled an input; who leads may leave out what it knows of the others' logs. */
    public static Observation of(
            int node, long term, @Nullable String votedFor, boolean leads, long commitIndex, @Nullable LogChange log) {
        return new Observation(node, false, term, votedFor, leads, commitIndex, List.of(), log, null);
    }

    /** A node of any Raft that restarted, with what was durable. */
    public static Observation restarted(int node, long term, @Nullable String votedFor) {
        return new Observation(node, true, term, votedFor, false, 0, List.of(), null, null);
    }

    public static Observation handled(int node, int nodes, RaftNode after, Ready ready) {
        Core core = new Core(ready.hardState(), after.log(), after.leader(), ready.committedFrom(), ready.committed());
        return of(node, nodes, false, after, ready.log(), core);
    }

    public static Observation restarted(int node, int nodes, RaftNode after) {
        return of(node, nodes, true, after, null, new Core(null, after.log(), after.leader(), 1, List.of()));
    }

    private static Observation of(
            int node, int nodes, boolean restarted, RaftNode after, @Nullable LogChange log, Core core) {
        return new Observation(
                node,
                restarted,
                after.currentTerm(),
                after.votedFor(),
                after.isLeader(),
                after.commitIndex(),
                matchIndex(node, nodes, after),
                log,
                core);
    }

    private static List<Long> matchIndex(int node, int nodes, RaftNode after) {
        if (!after.isLeader()) {
            return List.of();
        }
        Long[] matchIndex = new Long[nodes];
        for (int peer = 1; peer <= nodes; peer++) {
            matchIndex[peer - 1] = peer == node ? 0L : after.matchIndex(Nodes.name(peer));
        }
        return List.of(matchIndex);
    }

    /** What it knows of another's log, if it leads; else 0. */
    long matchOf(int peer) {
        return matchIndex.isEmpty() ? 0 : matchIndex.get(peer - 1);
    }
}
