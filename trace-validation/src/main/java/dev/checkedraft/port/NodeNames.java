package dev.checkedraft.port;

import dev.checkedraft.schedule.Nodes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the nodes of a port are told that they are called. The driver, its schedules and its traces call them n1 to n9; the
 * lines to a node and from it are translated.
 */
public final class NodeNames {
    private final boolean ours;
    private final Map<String, String> told = new LinkedHashMap<>();
    private final Map<String, String> meant = new LinkedHashMap<>();

    /** @param names of the nodes from n1 on */
    public NodeNames(List<String> names) {
        this.ours = names.equals(Nodes.names(names.size()));
        for (int node = 1; node <= names.size(); node++) {
            String name = Nodes.name(node);
            String called = names.get(node - 1);
            told.put(name, called);
            meant.putIfAbsent(name, name + " (which is called " + called + ")");
            meant.put(called, name);
        }
    }

    /** An input as the node is given it. */
    public String told(String input) {
        try {
            return ours ? input : Json.write(translated(Json.read(input), told));
        } catch (ProtocolException e) {
            throw new IllegalArgumentException(input, e);
        }
    }

    /** A node's answer as the driver has it; one that is not JSON, or names a server twice, is left as it is. */
    public String meant(String answer) {
        try {
            return ours ? answer : Json.write(translated(Json.read(answer), meant));
        } catch (ProtocolException e) {
            return answer;
        }
    }

    private static @Nullable Object translated(@Nullable Object value, Map<String, String> names) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> all = new ArrayList<>();
            list.forEach(item -> all.add(translated(item, names)));
            return all;
        }
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        map.forEach((key, item) -> {
            String field = String.valueOf(key);
            all.put(
                    field,
                    switch (field) {
                        case "id", "from", "to", "votedFor", "servers", "votesGranted", "votesRefused" ->
                            named(item, names);
                        case "matchIndex" -> byName(item, names);
                        // The values of clients are in these.
                        case "entries", "apply", "log", "propose" -> item;
                        default -> translated(item, names);
                    });
        });
        return all;
    }

    /** A name, or a list of them. */
    private static @Nullable Object named(@Nullable Object value, Map<String, String> names) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> all = new ArrayList<>();
            list.forEach(item -> all.add(named(item, names)));
            return all;
        }
        return value instanceof String name ? names.getOrDefault(name, name) : value;
    }

    private static @Nullable Object byName(@Nullable Object value, Map<String, String> names) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        map.forEach((key, item) -> {
            String name = String.valueOf(key);
            all.put(names.getOrDefault(name, name), item);
        });
        return all;
    }
}
