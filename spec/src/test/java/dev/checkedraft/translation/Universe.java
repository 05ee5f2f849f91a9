package dev.checkedraft.translation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What there is of each sort in one step: all that its two states are made of, and what is nowhere in them. */
record Universe(Map<String, List<Object>> bySort) {
    /** Of the values of all variables before and after. */
    static Universe of(List<Atom> servers, Map<String, Object> before, Map<String, Object> after, int wider) {
        Set<Integer> numbers = new TreeSet<>(List.of(0));
        Set<Object> messages = new LinkedHashSet<>();
        Set<Object> logs = new LinkedHashSet<>(List.of(List.of()));
        Set<Object> entries = new LinkedHashSet<>();
        for (Map<String, Object> state : List.of(before, after)) {
            state.forEach((name, value) -> {
                collect(value, numbers);
                if (name.equals("messages")) {
                    messages.addAll((Set<?>) value);
                } else if (name.equals("log") || name.equals("termLog")) {
                    logs.addAll(((Fun) value).map().values());
                }
            });
        }
        for (Object message : messages) {
            if (((Map<?, ?>) message).get("entries") instanceof List<?> list) {
                logs.add(list);
            }
        }
        logs.forEach(log -> entries.addAll((List<?>) log));
        messages.add(Samples.UNSENT);
        int high = 2 * numbers.stream().mapToInt(n -> n).max().orElse(0) + 2 + wider;
        List<Object> range = new ArrayList<>();
        for (int k = -2 - wider; k <= high; k++) {
            range.add(k);
        }
        List<Object> votes = new ArrayList<>(servers);
        votes.add(Atom.NIL);
        return new Universe(Map.of(
                "Int", range,
                "Bool", List.of(false, true),
                "Server", List.copyOf(servers),
                "Vote", votes,
                "Value", List.of(Atom.NO_OP, Atom.VALUE, Atom.OTHER),
                "Text", List.of("Follower", "Candidate", "Leader", "RequestVote", "AppendEntries"),
                "Message", List.copyOf(messages),
                "Entry", List.copyOf(entries),
                "Seq.Entry", List.copyOf(logs)));
    }

    private static void collect(Object value, Set<Integer> numbers) {
        if (value instanceof Integer number) {
            numbers.add(number);
        } else if (value instanceof List<?> list) {
            numbers.add(list.size());
            list.forEach(one -> collect(one, numbers));
        } else if (value instanceof Set<?> set) {
            set.forEach(one -> collect(one, numbers));
        } else if (value instanceof Map<?, ?> record) {
            record.values().forEach(one -> collect(one, numbers));
        } else if (value instanceof Fun function) {
            function.map().forEach((argument, result) -> {
                collect(argument, numbers);
                collect(result, numbers);
            });
        }
    }
}
