package dev.checkedraft.explore;

import dev.checkedraft.core.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What no server need remember and the properties speak of: the history variables of {@code spec/RaftProperties.tla}.
 *
 * @param leaders the leader of each term that had one
 * @param committed every entry ever committed, in the order of the index, with the term of the server that first knew
 */
record History(SortedMap<Long, String> leaders, List<Committed> committed) {
    record Committed(Entry entry, long term) {}

    static final History EMPTY = new History(new TreeMap<>(), List.of());

    /**
     * The history after a server came to a state.
     *
     * @return null if its term has had another leader: Election Safety is violated
     */
    @Nullable
    History after(NodeState state) {
        SortedMap<Long, String> ledBy = leaders;
        if (state.isLeader()) {
            String known = leaders.get(state.currentTerm());
            if (known == null) {
                ledBy = new TreeMap<>(leaders);
                ledBy.put(state.currentTerm(), state.id());
            } else if (!known.equals(state.id())) {
                return null;
            }
        }
        List<Committed> all = committed;
        if (state.commitIndex() > all.size()) {
            all = new ArrayList<>(committed);
            for (int k = all.size(); k < state.commitIndex(); k++) {
                all.add(new Committed(state.log().get(k), state.currentTerm()));
            }
            all = List.copyOf(all);
        }
        return ledBy == leaders && all == committed ? this : new History(ledBy, all);
    }

    History rename(UnaryOperator<String> names) {
        SortedMap<Long, String> renamed = new TreeMap<>();
        leaders.forEach((term, leader) -> renamed.put(term, names.apply(leader)));
        return new History(renamed, committed);
    }

    /** Up to which index a log agrees with what was committed. */
    int heldBy(NodeState state) {
        int held = 0;
        while (held < committed.size()
                && held < state.log().size()
                && committed.get(held).entry().equals(state.log().get(held))) {
            held++;
        }
        return held;
    }
}
