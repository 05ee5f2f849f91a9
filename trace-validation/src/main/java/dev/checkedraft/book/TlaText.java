package dev.checkedraft.book;

import java.util.ArrayList;
import java.util.List;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;

/** A value as a TLA+ expression that any parser of TLA+ reads. */
final class TlaText {
    private TlaText() {}

    /**
     * A value as an expression.
     *
     * @throws IllegalArgumentException if a string has what a string of TLA+ cannot have
     */
    static String of(Value value) {
        if (value instanceof StringValue string) {
            return quoted(string.getVal().toString());
        }
        if (value instanceof IntValue || value instanceof BoolValue) {
            return value.toString();
        }
        if (value instanceof TupleValue tuple) {
            return "<<" + list(tuple.elems) + ">>";
        }
        if (value instanceof SetEnumValue set) {
            return "{" + list(set.elems.toArray()) + "}";
        }
        if (value instanceof RecordValue record) {
            // A record without fields is the function without arguments, which the empty sequence is too.
            if (record.names.length == 0) {
                return "<<>>";
            }
            List<String> fields = new ArrayList<>();
            for (int k = 0; k < record.names.length; k++) {
                fields.add(record.names[k] + " |-> " + of(record.values[k]));
            }
            return "[" + String.join(", ", fields) + "]";
        }
        throw new IllegalArgumentException("no expression for a " + value.getKindString());
    }

    static String quoted(String text) {
        if (!text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\')) {
            throw new IllegalArgumentException("a string of TLA+ is printable ASCII without \" and \\, unlike " + text);
        }
        return '"' + text + '"';
    }

    private static String list(Value[] elements) {
        List<String> texts = new ArrayList<>();
        for (Value element : elements) {
            texts.add(of(element));
        }
        return String.join(", ", texts);
    }
}
