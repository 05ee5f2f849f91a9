package dev.checkedraft.spec.value;

import java.util.ArrayList;
import java.util.List;

/** Values for people: on one line where it fits, and else an element a line. */
public final class Pretty {
    private Pretty() {}

    /**
     * The value after a label.
     *
     * @param indent columns before the label
     * @param width the columns there are
     */
    public static String format(String label, TlaValue value, int indent, int width) {
        StringBuilder out = new StringBuilder(" ".repeat(indent)).append(label);
        append(out, value, out.length(), width, 0);
        return out.toString();
    }

    /** Appends a value at {@code column}, which must leave {@code after} columns of its last line for what follows. */
    private static void append(StringBuilder out, TlaValue value, int column, int width, int after) {
        String line = value.toString();
        if (column + line.length() + after <= width) {
            out.append(line);
        } else if (value instanceof TlaValue.Set set) {
            List<Element> elements = set.elements().stream()
                    .map(element -> new Element("", element))
                    .toList();
            list(out, "{ ", elements, ", ", " }", column, width, after);
        } else if (value instanceof TlaValue.Tuple tuple) {
            List<Element> elements = tuple.elements().stream()
                    .map(element -> new Element("", element))
                    .toList();
            list(out, "<< ", elements, ", ", " >>", column, width, after);
        } else if (value instanceof TlaValue.Struct struct) {
            List<Element> elements = new ArrayList<>();
            struct.fields().forEach((field, element) -> elements.add(new Element(field + " |-> ", element)));
            list(out, "[ ", elements, ", ", " ]", column, width, after);
        } else if (value instanceof TlaValue.Function function) {
            List<Element> elements = new ArrayList<>();
            function.values().forEach((argument, element) -> elements.add(new Element(argument + " :> ", element)));
            list(out, "( ", elements, " @@ ", " )", column, width, after);
        } else {
            out.append(line);
        }
    }

    private record Element(String label, TlaValue value) {}

    private static void list(
            StringBuilder out,
            String open,
            List<Element> elements,
            String separator,
            String close,
            int column,
            int width,
            int after) {
        out.append(open);
        int inner = column + open.length();
        for (int i = 0; i < elements.size(); i++) {
            if (i > 0) {
                out.append(separator.stripTrailing()).append('\n').append(" ".repeat(inner));
            }
            Element element = elements.get(i);
            out.append(element.label());
            int rest = i < elements.size() - 1 ? separator.length() : close.length() + after;
            append(out, element.value(), inner + element.label().length(), width, rest);
        }
        out.append(close);
    }
}
