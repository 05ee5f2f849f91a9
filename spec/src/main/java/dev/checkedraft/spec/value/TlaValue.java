package dev.checkedraft.spec.value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * A value of TLA+ as TLC prints it. Two values are equal when TLA+ says so, with one exception: a function over
 * {@code 1..n} and the tuple that it is are not told to be the same; TLC prints both as the tuple.
 *
 * <p>{@code toString()} gives TLA+ again, on one line.
 */
public sealed interface TlaValue {

    /** Reads a value; what cannot be read (TLC prints some sets unevaluated) is kept as {@link Opaque}. */
    static TlaValue parse(String text) {
        try {
            return TlaParser.parse(text);
        } catch (IllegalArgumentException e) {
            return new Opaque(text.strip().replaceAll("\\s+", " "));
        }
    }

    /** An integer; TLC's have 32 bits. */
    record Int(int value) implements TlaValue {
        @Override
        public String toString() {
            return Integer.toString(value);
        }
    }

    /** TRUE or FALSE. */
    record Bool(boolean value) implements TlaValue {
        @Override
        public String toString() {
            return value ? "TRUE" : "FALSE";
        }
    }

    /** A string, without its quotes. */
    record Str(String value) implements TlaValue {
        @Override
        public String toString() {
            return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }

    /** A model value: a constant that equals only itself, like a server. */
    record Atom(String name) implements TlaValue {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A finite set, in TLC's order. Equality disregards the order. */
    record Set(java.util.Set<TlaValue> elements) implements TlaValue {
        public Set {
            elements = Collections.unmodifiableSet(new LinkedHashSet<>(elements));
        }

        @Override
        public String toString() {
            return elements.stream().map(TlaValue::toString).collect(Collectors.joining(", ", "{", "}"));
        }
    }

    /** A tuple or sequence; its first index is 1. */
    record Tuple(List<TlaValue> elements) implements TlaValue {
        public Tuple {
            elements = List.copyOf(elements);
        }

        @Override
        public String toString() {
            return elements.stream().map(TlaValue::toString).collect(Collectors.joining(", ", "<<", ">>"));
        }
    }

    /** A record, its fields by name, in TLC's order. Equality disregards the order. */
    record Struct(Map<String, TlaValue> fields) implements TlaValue {
        public Struct {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        @Override
        public String toString() {
            StringJoiner joiner = new StringJoiner(", ", "[", "]");
            fields.forEach((name, value) -> joiner.add(name + " |-> " + value));
            return joiner.toString();
        }
    }

    /** A function that is neither a tuple nor a record, by its arguments, in TLC's order. */
    record Function(Map<TlaValue, TlaValue> values) implements TlaValue {
        public Function {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        @Override
        public String toString() {
            StringJoiner joiner = new StringJoiner(" @@ ", "(", ")");
            values.forEach((argument, value) -> joiner.add(argument + " :> " + value));
            return joiner.toString();
        }
    }

    /** What TLC printed, unread. */
    record Opaque(String text) implements TlaValue {
        @Override
        public String toString() {
            return text;
        }
    }
}
