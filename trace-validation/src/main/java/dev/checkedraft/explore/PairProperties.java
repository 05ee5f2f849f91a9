package dev.checkedraft.explore;

import dev.checkedraft.core.Entry;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The properties of {@code spec/RaftProperties.tla} that speak of two servers, by their names there. */
final class PairProperties {
    private PairProperties() {}

    /** The name of a property that the two violate; null if they violate none. */
    static @Nullable String violated(NodeState a, NodeState b) {
        if (!logsMatch(a.log(), b.log())) {
            return "LogMatching";
        }
        return matchIndexIsTrue(a, b) && matchIndexIsTrue(b, a) ? null : "MatchIndexIsTrue";
    }

    private static boolean logsMatch(List<Entry> a, List<Entry> b) {
        int common = Math.min(a.size(), b.size());
        while (common > 0 && a.get(common - 1).term() != b.get(common - 1).term()) {
            common--;
        }
        return a.subList(0, common).equals(b.subList(0, common));
    }

    private static boolean matchIndexIsTrue(NodeState leader, NodeState follower) {
        if (!leader.isLeader() || follower.currentTerm() != leader.currentTerm()) {
            return true;
        }
        int match = (int) leader.matchOf(follower.id());
        return match <= follower.log().size()
                && match <= leader.log().size()
                && leader.log().subList(0, match).equals(follower.log().subList(0, match));
    }
}
