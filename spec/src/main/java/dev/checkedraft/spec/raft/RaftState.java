package dev.checkedraft.spec.raft;

import dev.checkedraft.spec.value.TlaValue;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A state of Raft, to ask for what its servers know. What is missing is as it is at the start. */
final class RaftState {
    private final Map<String, Map<String, TlaValue>> nodes;

    RaftState(Map<String, TlaValue> state) {
        nodes = Servers.of(state).split(state);
    }

    /** The variables of a server. */
    Map<String, TlaValue> node(String name) {
        return nodes.getOrDefault(name, Map.of());
    }

    int term(String name) {
        return integer(node(name).get("currentTerm"));
    }

    int commitIndex(String name) {
        return integer(node(name).get("commitIndex"));
    }

    boolean leads(String name, int term) {
        return term(name) == term && is(name, "Leader");
    }

    boolean follows(String name, int term) {
        return term(name) == term && is(name, "Follower");
    }

    private boolean is(String name, String role) {
        return Objects.equals(node(name).get("role"), new TlaValue.Str(role));
    }

    /** Whether the server has voted in its term, for another than {@code candidate}. */
    boolean votedAgainst(String name, String candidate) {
        TlaValue vote = node(name).get("votedFor");
        return vote != null
                && nodes.containsKey(Servers.name(vote))
                && !Servers.name(vote).equals(candidate);
    }

    List<TlaValue> log(String name) {
        return node(name).get("log") instanceof TlaValue.Tuple log ? log.elements() : List.of();
    }

    /** The term of the entry at an index, from 1; 0 at 0 and beyond the end. */
    int termAt(String name, int index) {
        List<TlaValue> log = log(name);
        boolean there = index >= 1 && index <= log.size();
        return there && log.get(index - 1) instanceof TlaValue.Struct entry
                ? integer(entry.fields().get("term"))
                : 0;
    }

    /** Whether two servers have the same entries up to an index, by the term of the last (Log Matching, 5.3). */
    boolean match(String one, String other, int index) {
        boolean bothHaveIt = log(one).size() >= index && log(other).size() >= index;
        return bothHaveIt && termAt(one, index) == termAt(other, index);
    }

    static int integer(@org.checkerframework.checker.nullness.qual.Nullable TlaValue value) {
        return value instanceof TlaValue.Int number ? number.value() : 0;
    }
}
