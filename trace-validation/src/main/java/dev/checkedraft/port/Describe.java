package dev.checkedraft.port;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Values for a reader: short, and in the terms of the paper. */
public final class Describe {
    private Describe() {}

    /** An entry is written as its value and its term, {@code x@2}, a no-op as {@code no-op@2}. */
    public static String value(@Nullable Object value) {
        if (value instanceof Entry entry) {
            return (entry.isNoOp() ? "no-op" : Fields.shorten(entry.value())) + "@" + entry.term();
        } else if (value instanceof List<?> list) {
            return list.stream().map(Describe::value).collect(Collectors.joining(" ", "[", "]"));
        } else if (value instanceof LogChange change) {
            return "from index " + change.from() + " " + value(change.entries());
        } else if (value instanceof Optional<?> optional) {
            return optional.isPresent() ? value(optional.get()) : "nobody";
        } else if (value instanceof String string) {
            return Fields.shorten(string);
        }
        return Fields.shorten(Json.write(value));
    }
}
