package dev.checkedraft.port;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A JSON object of the protocol, asked for its fields one by one; whatever has the wrong type says where it stands. */
public final class Fields {
    /** The greatest number that is exact in every language. */
    private static final long GREATEST = (1L << 53) - 1;

    private final String path;
    private final Map<?, ?> object;

    private Fields(String path, Map<?, ?> object) {
        this.path = path;
        this.object = object;
    }

    /**
     * The fields of a value that must be an object.
     *
     * @param path what the value is, for messages, such as {@code send[0]}; empty for the whole line
     */
    public static Fields of(@Nullable Object value, String path) throws ProtocolException {
        if (value instanceof Map<?, ?> object) {
            return new Fields(path, object);
        }
        throw new ProtocolException((path.isEmpty() ? "the line" : path) + " must be an object, not " + show(value));
    }

    /** Refuses fields with any other name. */
    Fields only(List<String> names) throws ProtocolException {
        for (Object name : object.keySet()) {
            if (!names.contains(String.valueOf(name))) {
                throw new ProtocolException("unknown field " + path(shorten(String.valueOf(name)))
                        + ", which is none of " + String.join(", ", names));
            }
        }
        return this;
    }

    List<String> names() {
        return object.keySet().stream().map(String::valueOf).toList();
    }

    boolean has(String name) {
        return object.containsKey(name);
    }

    boolean isNull(String name) {
        return object.get(name) == null;
    }

    /** Whatever is there; not null. */
    public Object value(String name) throws ProtocolException {
        return require(name);
    }

    Fields object(String name) throws ProtocolException {
        return of(require(name), path(name));
    }

    /** A term or an index. */
    long number(String name, int least) throws ProtocolException {
        return number(name, least, GREATEST);
    }

    /** A number of ticks or entries. */
    int count(String name) throws ProtocolException {
        return (int) number(name, 1, Integer.MAX_VALUE);
    }

    private long number(String name, int least, long most) throws ProtocolException {
        if (require(name) instanceof Long number && number >= least && number <= most) {
            return number;
        }
        throw wrong(name, "a whole number from " + least + " to " + most);
    }

    /** A whole number of 64 bits. */
    long integer(String name) throws ProtocolException {
        if (require(name) instanceof Long number) {
            return number;
        }
        throw wrong(name, "a whole number");
    }

    public boolean flag(String name) throws ProtocolException {
        if (require(name) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    public String string(String name) throws ProtocolException {
        if (require(name) instanceof String string) {
            return string;
        }
        throw wrong(name, "a string");
    }

    /** One of some strings, which are named in the message if it is not. */
    String oneOf(String name, List<String> strings) throws ProtocolException {
        String string = string(name);
        if (!strings.contains(string)) {
            throw wrong(name, "one of " + String.join(", ", strings));
        }
        return string;
    }

    /** A string, or null. */
    Optional<String> optionalString(String name) throws ProtocolException {
        if (!has(name)) {
            throw missing(name);
        }
        Object value = object.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String string) {
            return Optional.of(string);
        }
        throw wrong(name, "a string or null");
    }

    List<String> strings(String name) throws ProtocolException {
        List<String> strings = new ArrayList<>();
        for (Object element : list(name)) {
            if (!(element instanceof String string)) {
                throw wrong(name, "an array of strings");
            }
            strings.add(string);
        }
        return strings;
    }

    List<?> list(String name) throws ProtocolException {
        if (require(name) instanceof List<?> list) {
            return list;
        }
        throw wrong(name, "an array");
    }

    public List<Fields> objects(String name) throws ProtocolException {
        List<Fields> objects = new ArrayList<>();
        int k = 0;
        for (Object element : list(name)) {
            objects.add(of(element, path(name) + "[" + k++ + "]"));
        }
        return objects;
    }

    List<Entry> entries(String name) throws ProtocolException {
        List<Entry> entries = new ArrayList<>();
        for (Fields entry : objects(name)) {
            entry.only(List.of("term", "value"));
            entries.add(new Entry(entry.number("term", 1), entry.string("value")));
        }
        return entries;
    }

    /** A log told by what changed. */
    LogChange logChange(String name) throws ProtocolException {
        Fields change = object(name).only(List.of("from", "entries"));
        return new LogChange(change.number("from", 1), change.entries("entries"));
    }

    private Object require(String name) throws ProtocolException {
        Object value = object.get(name);
        if (value == null) {
            throw has(name) ? new ProtocolException(path(name) + " must not be null") : missing(name);
        }
        return value;
    }

    private ProtocolException missing(String name) {
        return new ProtocolException((path.isEmpty() ? "the line" : path) + " has no field " + name);
    }

    private ProtocolException wrong(String name, String expected) {
        return new ProtocolException(path(name) + " must be " + expected + ", not " + show(object.get(name)));
    }

    private String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String show(@Nullable Object value) {
        return shorten(Json.write(value));
    }

    /** A text that fits in a line of a report. */
    public static String shorten(String text) {
        return shorten(text, 80);
    }

    /** A text of at most so many characters, all of them printable. */
    public static String shorten(String text, int most) {
        char[] printable = text.toCharArray();
        for (int k = 0; k < printable.length; k++) {
            if (Character.isISOControl(printable[k])) {
                printable[k] = ' ';
            }
        }
        return printable.length <= most
                ? new String(printable)
                : new String(Arrays.copyOf(printable, most - 3)) + "...";
    }
}
