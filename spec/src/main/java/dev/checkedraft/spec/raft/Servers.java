package dev.checkedraft.spec.raft;

import dev.checkedraft.spec.value.TlaValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The servers of a state of Raft, and the variables that are functions of them. */
record Servers(List<String> names) {
    static final String MESSAGES = "messages";

    /** The variable whose domain is the servers, whatever else a model has. */
    private static final String TERMS = "currentTerm";

    Servers {
        names = List.copyOf(names);
    }

    /** The servers of a state; none if it is not one of Raft. */
    static Servers of(Map<String, TlaValue> state) {
        TlaValue terms = state.get(TERMS);
        return new Servers(
                terms == null ? List.of() : List.copyOf(byArgument(terms).keySet()));
    }

    /** A server's name, whether the model has it as a model value, a string or a number. */
    static String name(TlaValue server) {
        return server instanceof TlaValue.Str string ? string.value() : server.toString();
    }

    /** The state by server, then by variable. */
    Map<String, Map<String, TlaValue>> split(Map<String, TlaValue> state) {
        Map<String, Map<String, TlaValue>> nodes = new LinkedHashMap<>();
        names.forEach(name -> nodes.put(name, new LinkedHashMap<>()));
        state.forEach((variable, value) -> {
            Map<String, TlaValue> values = byArgument(value);
            if (!names.isEmpty() && List.copyOf(values.keySet()).containsAll(names) && values.size() == names.size()) {
                nodes.forEach((name, of) -> {
                    TlaValue its = values.get(name);
                    if (its != null) {
                        of.put(variable, its);
                    }
                });
            }
        });
        return nodes;
    }

    /** The one server of which something changed; null if there is none, or more than one. */
    @Nullable
    String changed(Map<String, TlaValue> before, Map<String, TlaValue> after) {
        Map<String, Map<String, TlaValue>> old = split(before);
        List<String> changed = new ArrayList<>();
        split(after).forEach((name, values) -> {
            if (!values.equals(old.get(name))) {
                changed.add(name);
            }
        });
        return changed.size() == 1 ? changed.get(0) : null;
    }

    /** What a value has for each argument by name, if it is a function in any of the forms that TLC prints one. */
    private static Map<String, TlaValue> byArgument(TlaValue value) {
        Map<String, TlaValue> values = new LinkedHashMap<>();
        if (value instanceof TlaValue.Function function) {
            function.values().forEach((argument, its) -> values.put(name(argument), its));
        } else if (value instanceof TlaValue.Struct struct) {
            values.putAll(struct.fields());
        } else if (value instanceof TlaValue.Tuple tuple) {
            for (int i = 0; i < tuple.elements().size(); i++) {
                values.put(Integer.toString(i + 1), tuple.elements().get(i));
            }
        }
        return values;
    }
}
