package dev.checkedraft.spec.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a step changed of one variable: of its value at one argument where the variable is a function, as those of the
 * servers are.
 *
 * @param where the variable and its arguments: {@code matchIndex[s1][s2]}
 * @param from the value before; null where {@code to} was put into a set
 * @param to the value after; null where {@code from} was taken out of a set
 */
public record Change(
        String where, @Nullable TlaValue from, @Nullable TlaValue to) {

    /** The changes between two states, each a value by variable, in the order of the second. */
    public static List<Change> between(Map<String, TlaValue> before, Map<String, TlaValue> after) {
        List<Change> changes = new ArrayList<>();
        after.forEach((variable, to) -> {
            TlaValue from = before.get(variable);
            if (from != null) {
                collect(variable, from, to, changes);
            }
        });
        return List.copyOf(changes);
    }

    private static void collect(String where, TlaValue from, TlaValue to, List<Change> changes) {
        if (from.equals(to)) {
            return;
        }
        if (from instanceof TlaValue.Function before
                && to instanceof TlaValue.Function after
                && before.values().keySet().equals(after.values().keySet())) {
            after.values().forEach((argument, value) -> {
                TlaValue old = before.values().get(argument);
                if (old != null) {
                    collect(where + "[" + argument + "]", old, value, changes);
                }
            });
        } else if (from instanceof TlaValue.Struct before
                && to instanceof TlaValue.Struct after
                && before.fields().keySet().equals(after.fields().keySet())) {
            after.fields().forEach((field, value) -> {
                TlaValue old = before.fields().get(field);
                if (old != null) {
                    collect(where + "." + field, old, value, changes);
                }
            });
        } else if (from instanceof TlaValue.Set before && to instanceof TlaValue.Set after && isLarge(before, after)) {
            before.elements().stream()
                    .filter(element -> !after.elements().contains(element))
                    .forEach(element -> changes.add(new Change(where, element, null)));
            after.elements().stream()
                    .filter(element -> !before.elements().contains(element))
                    .forEach(element -> changes.add(new Change(where, null, element)));
        } else {
            changes.add(new Change(where, from, to));
        }
    }

    /** Whether the difference of two sets says more than the two. */
    private static boolean isLarge(TlaValue.Set before, TlaValue.Set after) {
        return java.util.stream.Stream.concat(before.elements().stream(), after.elements().stream())
                .anyMatch(element -> element instanceof TlaValue.Struct || element instanceof TlaValue.Function);
    }

    /** On one line if it fits in {@code width} columns after {@code indent}; more lines are indented deeper. */
    public String format(int indent, int width) {
        if (from == null && to != null) {
            return Pretty.format(where + ": + ", to, indent, width);
        } else if (to == null && from != null) {
            return Pretty.format(where + ": - ", from, indent, width);
        } else if (from == null || to == null) {
            return " ".repeat(indent) + where;
        }
        String line = " ".repeat(indent) + where + ": " + from + " -> " + to;
        if (line.length() <= width) {
            return line;
        }
        return Pretty.format(where + ": ", from, indent, width)
                + "\n"
                + Pretty.format(" ".repeat(where.length() - 1) + "-> ", to, indent, width);
    }

    @Override
    public String toString() {
        return format(0, Integer.MAX_VALUE);
    }
}
