package dev.checkedraft.safety;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@link SafetyChecker}'s twin: word for word what {@code spec/RaftProperties.tla} says, worked out anew for the whole
 * cluster after every step. It only says what is violated; of {@link Property#PERSISTED} it knows nothing.
 */
final class NaiveSafetyChecker {
    private record State(Observation seen, List<Entry> log) {}

    private record Committed(Entry entry, long term) {}

    private final int nodes;
    private final List<State> states = new ArrayList<>();
    private final List<List<Entry>> applied = new ArrayList<>();
    private final Set<String> elected = new TreeSet<>();
    private final List<Committed> committed = new ArrayList<>();

    NaiveSafetyChecker(int nodes) {
        this.nodes = nodes;
        for (int node = 0; node <= nodes; node++) {
            Observation initial = new Observation(node, true, 0, null, false, 0, List.of(), null, null);
            states.add(new State(initial, List.of()));
            applied.add(new ArrayList<>());
        }
    }

    /** Whether the change goes on where the log ends, or before. */
    boolean fits(Observation now) {
        LogChange change = now.log();
        return change == null || change.from() <= states.get(now.node()).log.size() + 1;
    }

    int logSize(int node) {
        return states.get(node).log.size();
    }

    int appliedSize(int node) {
        return applied.get(node).size();
    }

    List<Entry> logAfter(Observation now) {
        List<Entry> log = states.get(now.node()).log;
        LogChange change = now.log();
        if (change == null) {
            return log;
        }
        List<Entry> changed = new ArrayList<>(log.subList(0, (int) change.from() - 1));
        changed.addAll(change.entries());
        return changed;
    }

    Set<Property> check(Observation now) {
        Set<Property> violated = EnumSet.noneOf(Property.class);
        State before = states.get(now.node());
        State after = new State(now, logAfter(now));
        states.set(now.node(), after);
        checkStep(before, after, violated);
        List<Entry> life = applied.get(now.node());
        if (now.restarted()) {
            life.clear();
        }
        boolean inOrder = now.core().applied().isEmpty() || now.core().appliedFrom() == life.size() + 1;
        life.addAll(now.core().applied());
        extendHistory();
        checkState(violated);
        if (!inOrder || life.size() != now.commitIndex() || !isCommitted(life)) {
            violated.add(Property.STATE_MACHINE_SAFETY);
        }
        return violated;
    }

    private static void checkStep(State before, State after, Set<Property> violated) {
        Observation old = before.seen;
        Observation now = after.seen;
        boolean sameTerm = old.term() == now.term();
        if (now.term() < old.term()) {
            violated.add(Property.TERM_NEVER_GOES_BACK);
        }
        if (sameTerm && old.votedFor() != null && !Objects.equals(old.votedFor(), now.votedFor())) {
            violated.add(Property.ONE_VOTE_A_TERM);
        }
        if (!now.restarted() && now.commitIndex() < old.commitIndex()) {
            violated.add(Property.COMMIT_INDEX_NEVER_GOES_BACK);
        }
        if (old.leads() && now.leads() && sameTerm) {
            if (after.log.size() < before.log.size()
                    || !after.log.subList(0, before.log.size()).equals(before.log)) {
                violated.add(Property.LEADER_APPEND_ONLY);
            }
            for (int peer = 1; peer <= old.matchIndex().size(); peer++) {
                if (now.matchOf(peer) < old.matchOf(peer)) {
                    violated.add(Property.MATCH_INDEX_NEVER_GOES_BACK);
                }
            }
        }
    }

    private void extendHistory() {
        for (State state : states) {
            if (state.seen.leads()) {
                elected.add(state.seen.term() + " " + state.seen.node());
            }
            for (int k = committed.size(); k < Math.min(state.seen.commitIndex(), state.log.size()); k++) {
                committed.add(new Committed(state.log.get(k), state.seen.term()));
            }
        }
    }

    private void checkState(Set<Property> violated) {
        long terms = elected.stream()
                .map(led -> led.replaceAll(" .*", ""))
                .distinct()
                .count();
        if (terms < elected.size()) {
            violated.add(Property.ELECTION_SAFETY);
        }
        for (int i = 1; i <= nodes; i++) {
            State a = states.get(i);
            for (int j = 1; j <= nodes; j++) {
                checkPair(a, states.get(j), violated);
            }
            for (int k = 0; k < committed.size(); k++) {
                if (a.seen.leads() && committed.get(k).term < a.seen.term() && !holds(a, k)) {
                    violated.add(Property.LEADER_COMPLETENESS);
                }
            }
            for (int k = 0; k < a.seen.commitIndex(); k++) {
                if (k >= committed.size() || !holds(a, k)) {
                    violated.add(Property.STATE_MACHINE_SAFETY);
                }
            }
        }
        for (int k = 0; k < committed.size(); k++) {
            int index = k;
            long holders = states.subList(1, nodes + 1).stream()
                    .filter(state -> holds(state, index))
                    .count();
            if (2 * holders <= nodes) {
                violated.add(Property.COMMITTED_ENTRIES_SURVIVE);
            }
        }
    }

    private static void checkPair(State a, State b, Set<Property> violated) {
        for (int k = 0; k < Math.min(a.log.size(), b.log.size()); k++) {
            if (a.log.get(k).term() == b.log.get(k).term()
                    && !a.log.subList(0, k + 1).equals(b.log.subList(0, k + 1))) {
                violated.add(Property.LOG_MATCHING);
            }
        }
        if (a.seen.leads() && a.seen.node() != b.seen.node() && a.seen.term() == b.seen.term()) {
            int match = (int) a.seen.matchOf(b.seen.node());
            if (match > a.log.size()
                    || match > b.log.size()
                    || !a.log.subList(0, match).equals(b.log.subList(0, match))) {
                violated.add(Property.MATCH_INDEX_IS_TRUE);
            }
        }
    }

    private boolean holds(State state, int k) {
        return k < state.log.size() && state.log.get(k).equals(committed.get(k).entry);
    }

    private boolean isCommitted(List<Entry> entries) {
        return entries.size() <= committed.size()
                && entries.equals(committed.subList(0, entries.size()).stream()
                        .map(Committed::entry)
                        .toList());
    }
}
