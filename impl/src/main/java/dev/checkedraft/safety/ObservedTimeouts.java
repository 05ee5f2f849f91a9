package dev.checkedraft.safety;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How long nodes waited, where nothing put an election off: the timeouts of a node are not all alike, nor in each term
 * are those of two nodes (section 5.2: "randomized election timeouts to ensure that split votes are rare").
 */
final class ObservedTimeouts {
    /** So many timeouts of a node, or terms of two nodes, tell: chance makes one in a million of them all alike. */
    static final int ENOUGH = 30;

    /** Of {@value #ENOUGH} timeouts of a node at least so many are different. */
    static final int DIFFERENT = 5;

    /** By node, then by term, in ticks. */
    private final List<Map<Long, Integer>> waited = new ArrayList<>();

    ObservedTimeouts(int nodes) {
        for (int node = 0; node <= nodes; node++) {
            waited.add(new HashMap<>());
        }
    }

    /** A node waited so many ticks in a term; returns what is wrong with its timeouts, null if nothing. */
    @Nullable
    String add(int node, long term, int ticks) {
        Map<Long, Integer> own = waited.get(node);
        own.put(term, ticks);
        if (own.size() >= ENOUGH && new HashSet<>(own.values()).size() < DIFFERENT) {
            return "in " + own.size() + " terms only these timeouts, in ticks: " + new HashSet<>(own.values());
        }
        for (int other = 1; other < waited.size(); other++) {
            if (other != node) {
                int both = 0;
                int same = 0;
                for (Map.Entry<Long, Integer> in : waited.get(other).entrySet()) {
                    Integer mine = own.get(in.getKey());
                    both += mine == null ? 0 : 1;
                    same += in.getValue().equals(mine) ? 1 : 0;
                }
                if (both >= ENOUGH && 2 * same > both) {
                    return "in " + same + " terms of " + both + " as long as node " + other;
                }
            }
        }
        return null;
    }
}
