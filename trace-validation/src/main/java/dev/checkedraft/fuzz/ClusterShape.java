package dev.checkedraft.fuzz;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Follows the spec's state through a run's events, and tells after each how the cluster looks from afar: roles, which
 * terms are newer, which logs longer, conflicting or committed, but no names, terms or values. Runs that come to looks which
 * no run has come to before are worth going on from.
 */
final class ClusterShape implements TraceSink {
    /** How many hashes are told after each event. */
    static final int LOOKS_AN_EVENT = 2;

    /** Differences above this look alike. */
    private static final long FAR = 2;

    private final Map<String, Node> nodes = new HashMap<>();
    private final List<Node> all = new ArrayList<>();
    private final LongConsumer looks;

    private static final class Node {
        private final String name;
        private String role = "Follower";
        private long term = 0;
        private String votedFor = "";
        private long commitIndex = 0;
        private final List<Entry> log = new ArrayList<>();
        private int granted = 0;

        Node(String name) {
            this.name = name;
        }

        long lastTerm() {
            return log.isEmpty() ? 0 : log.get(log.size() - 1).term();
        }
    }

    /**
     * For a cluster that has never run.
     *
     * @param looks is told, after every event, hashes of how the cluster looks and of what the event was
     */
    ClusterShape(List<String> servers, LongConsumer looks) {
        this.looks = looks;
        for (String server : servers) {
            Node node = new Node(server);
            nodes.put(server, node);
            all.add(node);
        }
    }

    @Override
    public void accept(TraceEvent event) {
        Node node = nodes.get(event.node());
        if (node == null) {
            throw new IllegalArgumentException("no server is called " + event.node());
        }
        long oldTerm = node.term;
        event.state().forEach((field, value) -> take(node, field, value));
        if (node.role.equals("Leader") && node.granted > 0) {
            node.granted = 0;
        }
        long[] seen = new long[all.size()];
        long own = 0;
        for (int k = 0; k < seen.length; k++) {
            seen[k] = look(all.get(k));
            own = all.get(k) == node ? seen[k] : own;
        }
        Arrays.sort(seen);
        long hash = seen.length;
        for (long look : seen) {
            hash = mix(hash ^ look);
        }
        looks.accept(hash);
        Map<String, Object> msg = event.msg();
        long age = msg != null && msg.get("term") instanceof Long term ? Long.compare(term, oldTerm) : 2;
        long did = event.action().label().hashCode() * 4L + age + 1;
        looks.accept(mix(mix(did) ^ own));
    }

    private static void take(Node node, String field, Object value) {
        if (value instanceof LogChange change) {
            int kept = (int) Math.min(change.from() - 1, node.log.size());
            node.log.subList(kept, node.log.size()).clear();
            node.log.addAll(change.entries());
        } else if (value instanceof Optional<?> vote) {
            node.votedFor = vote.map(String::valueOf).orElse("");
        } else if (value instanceof String role) {
            node.role = role;
        } else if (value instanceof Long number) {
            if (field.equals("currentTerm")) {
                node.term = number;
            } else {
                node.commitIndex = number;
            }
        } else if (field.equals("votesGranted") && value instanceof List<?> granted) {
            node.granted = granted.size();
        }
    }

    /** How a node looks beside the others, as a number. */
    private long look(Node node) {
        long newerTerms = 0;
        long newerLogs = 0;
        long longerLogs = 0;
        long conflicts = 0;
        long ahead = 0;
        for (Node other : all) {
            newerTerms += other.term > node.term ? 1 : 0;
            newerLogs += other.lastTerm() > node.lastTerm() ? 1 : 0;
            longerLogs += other.log.size() > node.log.size() ? 1 : 0;
            ahead += other.commitIndex > node.commitIndex ? 1 : 0;
            int common = Math.min(other.log.size(), node.log.size());
            conflicts += common > 0
                            && other.log.get(common - 1).term()
                                    != node.log.get(common - 1).term()
                    ? 1
                    : 0;
        }
        long look = node.role.charAt(0);
        look = look * 3 + (node.votedFor.isEmpty() ? 0 : node.votedFor.equals(node.name) ? 1 : 2);
        look = look * 8 + Math.min(7, node.granted);
        look = look * 3 + Math.min(FAR, newerTerms);
        look = look * 3 + Math.min(FAR, newerLogs);
        look = look * 3 + Math.min(FAR, longerLogs);
        look = look * 3 + Math.min(FAR, ahead);
        look = look * 3 + Math.min(FAR, conflicts);
        look = look * 3 + Math.min(FAR, node.log.size() - node.commitIndex);
        look = look * 2 + (node.lastTerm() == node.term ? 1 : 0);
        return mix(look * 2 + (node.commitIndex == 0 ? 1 : 0));
    }

    /** SplitMix64's finish. */
    private static long mix(long x) {
        long z = x + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
