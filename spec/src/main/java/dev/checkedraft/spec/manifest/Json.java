package dev.checkedraft.spec.manifest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * An object of a manifest. What is missing, or is not of the kind asked for, is an error that names the file and the
 * object.
 */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String where;
    private final JsonNode fields;

    private Json(String where, JsonNode fields) {
        this.where = where;
        this.fields = fields;
    }

    /**
     * Reads a file that holds one object.
     *
     * @throws IOException if it cannot be read; one line, with the place
     */
    public static Json read(Path file) throws IOException {
        try {
            JsonNode tree = MAPPER.readTree(file.toFile());
            if (!tree.isObject()) {
                throw new IOException(file + ": expected an object");
            }
            return new Json(file.toString(), tree);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
            throw new IOException(file + place + ": " + e.getOriginalMessage(), e);
        }
    }

    public String where() {
        return where;
    }

    public boolean has(String name) {
        return fields.has(name);
    }

    public String string(String name) throws IOException {
        return optionalString(name).orElseThrow(() -> missing(name, "a string"));
    }

    public Optional<String> optionalString(String name) throws IOException {
        return optional(name, JsonNode::isTextual, "a string").map(JsonNode::textValue);
    }

    public boolean bool(String name, boolean ifAbsent) throws IOException {
        return optional(name, JsonNode::isBoolean, "true or false")
                .map(JsonNode::booleanValue)
                .orElse(ifAbsent);
    }

    public OptionalLong number(String name) throws IOException {
        Optional<JsonNode> number = optional(name, JsonNode::canConvertToLong, "an integer");
        return number.isPresent() ? OptionalLong.of(number.get().longValue()) : OptionalLong.empty();
    }

    public Json object(String name) throws IOException {
        JsonNode object = optional(name, JsonNode::isObject, "an object").orElseThrow(() -> missing(name, "an object"));
        return new Json(where + ", " + name, object);
    }

    public List<Json> objects(String name) throws IOException {
        List<Json> objects = new ArrayList<>();
        for (JsonNode element : list(name, JsonNode::isObject, "objects")) {
            objects.add(new Json(where + ", " + name + " " + (objects.size() + 1), element));
        }
        return objects;
    }

    /** Empty if the field is absent. */
    public List<String> strings(String name) throws IOException {
        List<String> strings = new ArrayList<>();
        if (has(name)) {
            for (JsonNode element : list(name, JsonNode::isTextual, "strings")) {
                strings.add(element.textValue());
            }
        }
        return strings;
    }

    /** One of an enum's constants, in lower case. */
    public <E extends Enum<E>> E constant(String name, Class<E> type, List<E> constants) throws IOException {
        String text = string(name);
        for (E constant : constants) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        throw new IOException(where + ": " + name + " is \"" + text + "\", which is no " + type.getSimpleName());
    }

    private Iterable<JsonNode> list(String name, Predicate<JsonNode> kind, String what) throws IOException {
        JsonNode list = fields.get(name);
        if (list == null || !list.isArray() || !list.valueStream().allMatch(kind)) {
            throw missing(name, "a list of " + what);
        }
        return list;
    }

    private Optional<JsonNode> optional(String name, Predicate<JsonNode> kind, String what) throws IOException {
        JsonNode value = fields.get(name);
        if (value != null && !kind.test(value)) {
            throw missing(name, what);
        }
        return Optional.ofNullable(value);
    }

    private IOException missing(String name, String what) {
        return new IOException(where + ": " + name + " must be " + what);
    }
}
