package dev.checkedraft.spec.raft;

import dev.checkedraft.spec.value.TlaValue;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The order in which Raft.tla declares variables and messages' fields; TLC's own depends on its hashes. */
final class ReadingOrder {
    private static final List<String> VARIABLES = List.of(
            "currentTerm", "votedFor", "log", "role", "commitIndex", "votesGranted", "votesRefused", "matchIndex");
    private static final List<String> FIELDS = List.of(
            "type",
            "term",
            "from",
            "to",
            "lastLogIndex",
            "lastLogTerm",
            "voteGranted",
            "prevLogIndex",
            "prevLogTerm",
            "entries",
            "leaderCommit",
            "success",
            "matchIndex");

    private ReadingOrder() {}

    /** A modifiable copy; what Raft does not declare comes after, and the messages last. */
    static Map<String, TlaValue> ofVariables(Map<String, TlaValue> state) {
        return sorted(state, VARIABLES);
    }

    /** A modifiable copy; fields that no message has come last. */
    static Map<String, TlaValue> ofFields(Map<String, TlaValue> message) {
        return sorted(message, FIELDS);
    }

    private static Map<String, TlaValue> sorted(Map<String, TlaValue> values, List<String> order) {
        Map<String, TlaValue> sorted = new LinkedHashMap<>();
        values.keySet().stream()
                .sorted(Comparator.comparingInt(name -> rank(name, order)))
                .forEach(name -> {
                    TlaValue value = values.get(name);
                    if (value != null) {
                        sorted.put(name, value);
                    }
                });
        return sorted;
    }

    private static int rank(String name, List<String> order) {
        int index = order.indexOf(name);
        if (name.equals(Servers.MESSAGES)) {
            return Integer.MAX_VALUE;
        }
        return index < 0 ? order.size() : index;
    }
}
