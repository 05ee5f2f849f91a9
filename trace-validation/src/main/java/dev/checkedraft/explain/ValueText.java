package dev.checkedraft.explain;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.FcnRcdValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;
import util.UniqueString;

/** Values of traces and of TLC as people and traces write them, in a line that does not grow with a log. */
final class ValueText {
    private static final int ENTRIES = 3;

    private ValueText() {}

    /** A value of a {@code TraceEvent}. */
    static String of(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.isPresent() ? of(optional.get()) : "null";
        }
        if (value instanceof LogChange change) {
            return of(change.entries()) + " from index " + change.from();
        }
        if (value instanceof Entry entry) {
            return "(term " + entry.term() + ", " + (entry.isNoOp() ? "no-op" : quoted(entry.value())) + ")";
        }
        if (value instanceof Map<?, ?> map) {
            List<String> fields = new ArrayList<>();
            map.forEach((key, field) -> fields.add(key + " " + of(field)));
            return String.join(", ", fields);
        }
        if (value instanceof Collection<?> list) {
            List<String> shown = new ArrayList<>();
            for (Object element : list) {
                if (shown.size() == ENTRIES && list.size() > ENTRIES + 1) {
                    shown.add("and " + (list.size() - ENTRIES) + " more");
                    break;
                }
                shown.add(of(element));
            }
            return "[" + String.join(", ", shown) + "]";
        }
        return String.valueOf(value);
    }

    /** Text from a trace, cut short and in one line. */
    static String quoted(String text) {
        StringBuilder shown = new StringBuilder("\"");
        for (int k = 0; k < text.length() && k < 40; k++) {
            char c = text.charAt(k);
            shown.append(
                    c < ' ' || c == '"' || Character.getType(c) == Character.CONTROL || Character.isSurrogate(c)
                            ? '?'
                            : c);
        }
        return shown.append(text.length() > 40 ? "...\"" : "\"").toString();
    }

    /** A value of TLC. */
    static String of(Value value) {
        if (value instanceof StringValue string) {
            return string.val.length() == 0 ? "null" : string.val.toString();
        }
        if (value instanceof BoolValue flag) {
            return flag.val ? "true" : "false";
        }
        if (value instanceof SetEnumValue set) {
            set.normalize();
            List<String> members = new ArrayList<>();
            for (int k = 0; k < set.elems.size(); k++) {
                members.add(of(set.elems.elementAt(k)));
            }
            members.sort(Comparator.naturalOrder());
            return "[" + String.join(", ", members) + "]";
        }
        if (value instanceof RecordValue record) {
            Map<String, String> fields = new TreeMap<>();
            for (int k = 0; k < record.names.length; k++) {
                fields.put(record.names[k].toString(), of(record.values[k]));
            }
            List<String> shown = new ArrayList<>();
            fields.forEach((name, field) -> shown.add(name + " " + field));
            return String.join(", ", shown);
        }
        return value.toString();
    }

    /** An entry of the spec's log. */
    static String entry(Value entry) {
        return of(new Entry(Long.parseLong(of(field(entry, "term"))), rawText(field(entry, "value"))));
    }

    private static String rawText(Value value) {
        return ((StringValue) value).val.toString();
    }

    /** A record's field, or a function's value at a string. */
    static Value field(Value value, String name) {
        if (value instanceof RecordValue record) {
            UniqueString unique = UniqueString.uniqueStringOf(name);
            for (int k = 0; k < record.names.length; k++) {
                if (record.names[k].equals(unique)) {
                    return record.values[k];
                }
            }
        }
        if (value instanceof FcnRcdValue function) {
            return function.apply(new StringValue(name), 0);
        }
        throw new IllegalArgumentException("no " + name + " in " + value);
    }
}
