package dev.checkedraft.explore;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.RaftNode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * All of a server's state on which its future depends, but for its clock: in an exploration a timeout may end at any time,
 * so that no tick need be counted.
 */
record NodeState(
        String id,
        long currentTerm,
        @Nullable String votedFor,
        String role,
        long commitIndex,
        List<String> votesGranted,
        List<String> votesRefused,
        SortedMap<String, Long> matchIndex,
        SortedMap<String, Long> nextIndex,
        List<Entry> log) {

    static NodeState of(RaftNode node) {
        return new NodeState(
                node.id(),
                node.currentTerm(),
                node.votedFor(),
                node.role(),
                node.commitIndex(),
                node.votesGranted(),
                node.votesRefused(),
                byPeer(node, node::matchIndex),
                byPeer(node, node::nextIndex),
                List.copyOf(node.log()));
    }

    /** The same but for what the spec does not have. */
    NodeState withoutNextIndex() {
        return new NodeState(
                id,
                currentTerm,
                votedFor,
                role,
                commitIndex,
                votesGranted,
                votesRefused,
                matchIndex,
                new TreeMap<>(),
                log);
    }

    private static SortedMap<String, Long> byPeer(RaftNode node, ToLongFunction<String> index) {
        SortedMap<String, Long> result = new TreeMap<>();
        for (String peer : node.config().peers()) {
            result.put(peer, index.applyAsLong(peer));
        }
        return result;
    }

    boolean isLeader() {
        return role.equals("Leader");
    }

    boolean isCandidate() {
        return role.equals("Candidate");
    }

    long matchOf(String peer) {
        return matchIndex.getOrDefault(peer, 0L);
    }
}
