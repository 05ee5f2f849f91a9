package dev.checkedraft.explore;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How far an exploration goes. A step that would leave the bounds is not taken.
 *
 * @param nodes the number of servers, 1 to 5
 * @param maxTerm the highest term
 * @param maxLog the most entries in a log, no-ops included
 * @param maxRestarts how often servers restart, all together
 */
public record Bounds(int nodes, int maxTerm, int maxLog, int maxRestarts) {
    public Bounds {
        if (nodes < 1 || nodes > 5 || maxTerm < 1 || maxLog < 1 || maxRestarts < 0) {
            throw new IllegalArgumentException("bounds: 1 to 5 nodes, a term, an entry, no less than 0 restarts");
        }
    }

    /** The servers' names: n1, n2, and so on. */
    public List<String> servers() {
        return IntStream.rangeClosed(1, nodes).mapToObj(k -> "n" + k).toList();
    }
}
