package dev.checkedraft.spec.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An object of a manifest. What is missing, or is not of the kind asked for, is an error that names the file and the
 * object.
 */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String where;
    private final Map<String, Object> fields;

    private Json(String where, Map<String, Object> fields) {
        this.where = where;
        this.fields = fields;
    }

    /**
     * Reads a file that holds one object.
     *
     * @throws IOException if it cannot be read; one line, with the place
     */
    public static Json read(Path file) throws IOException {
        try (JsonParser parser = FACTORY.createParser(file.toFile())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException(file + ": expected an object");
            }
            return new Json(file.toString(), object(parser, file.toString()));
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
            throw new IOException(file + place + ": " + e.getOriginalMessage(), e);
        }
    }

    private static Map<String, Object> object(JsonParser parser, String where) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser, where + ", " + name));
        }
        return fields;
    }

    private static Object value(JsonParser parser, String where) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> new Json(where, object(parser, where));
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser, where + " " + (elements.size() + 1)));
                }
                yield elements;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> parser.getLongValue();
            default -> throw new IOException(where + ": unexpected " + parser.getText());
        };
    }

    public String where() {
        return where;
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    public String string(String name) throws IOException {
        return optionalString(name).orElseThrow(() -> missing(name, "a string"));
    }

    public Optional<String> optionalString(String name) throws IOException {
        return optional(name, String.class, "a string");
    }

    public boolean bool(String name, boolean ifAbsent) throws IOException {
        return optional(name, Boolean.class, "true or false").orElse(ifAbsent);
    }

    public OptionalLong number(String name) throws IOException {
        Optional<Long> number = optional(name, Long.class, "an integer");
        return number.isPresent() ? OptionalLong.of(number.get()) : OptionalLong.empty();
    }

    public Json object(String name) throws IOException {
        return optional(name, Json.class, "an object").orElseThrow(() -> missing(name, "an object"));
    }

    public List<Json> objects(String name) throws IOException {
        return list(name, Json.class, "objects");
    }

    /** Empty if the field is absent. */
    public List<String> strings(String name) throws IOException {
        return has(name) ? list(name, String.class, "strings") : List.of();
    }

    /** One of an enum's constants, in lower case. */
    public <E extends Enum<E>> E constant(String name, Class<E> type, List<E> constants) throws IOException {
        String text = string(name);
        for (E constant : constants) {
            if (constant.name().toLowerCase(java.util.Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        throw new IOException(where + ": " + name + " is \"" + text + "\", which is no " + type.getSimpleName());
    }

    private <T> List<T> list(String name, Class<T> type, String what) throws IOException {
        List<T> elements = new ArrayList<>();
        Object value = fields.get(name);
        if (!(value instanceof List<?> list)) {
            throw missing(name, "a list of " + what);
        }
        for (Object element : list) {
            if (!type.isInstance(element)) {
                throw missing(name, "a list of " + what);
            }
            elements.add(type.cast(element));
        }
        return elements;
    }

    private <T> Optional<T> optional(String name, Class<T> type, String what) throws IOException {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw missing(name, what);
        }
        return Optional.of(type.cast(value));
    }

    private IOException missing(String name, String what) {
        return new IOException(where + ": " + name + " must be " + what);
    }
}
