package dev.checkedraft.kv;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** JSON from strangers: within limits, without repeated names, and each field asked for by its type. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(10)
                            .maxNumberLength(20)
                            .maxNameLength(100)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage());
        }
    }

    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage());
        }
    }

    /** A JSON object that has no fields but these. */
    public static JsonNode object(byte[] json, List<String> names) {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + firstLine(e.getMessage()));
        }
        return object(node, names);
    }

    /** The same of a value that is there already. */
    public static JsonNode object(@Nullable JsonNode node, List<String> names) {
        if (node == null || !node.isObject()) {
            throw new IllegalArgumentException("expected a JSON object");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("expected no field but " + String.join(", ", names) + ", found "
                        + text(name.length() > 40 ? name.substring(0, 40) : name));
            }
        });
        return node;
    }

    public static String string(JsonNode object, String field) {
        String value = stringOrNull(object, field);
        if (value == null) {
            throw new IllegalArgumentException(field + ": expected a string");
        }
        return value;
    }

    /** A text, or null where there is none. */
    public static @Nullable String stringOrNull(JsonNode object, String field) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + ": expected a string");
        }
        String text = value.textValue();
        for (int k = 0; k < text.length(); k++) {
            boolean pair = k + 1 < text.length() && Character.isSurrogatePair(text.charAt(k), text.charAt(k + 1));
            if (!pair && Character.isSurrogate(text.charAt(k))) {
                throw new IllegalArgumentException(field + ": expected text, found half a character");
            }
            k += pair ? 1 : 0;
        }
        return text;
    }

    public static long number(JsonNode object, String field) {
        JsonNode value = object.get(field);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new IllegalArgumentException(field + ": expected a number, 0 or more");
        }
        return value.longValue();
    }

    /** A number that may be missing: 0. */
    public static long numberOrZero(JsonNode object, String field) {
        return object.has(field) ? number(object, field) : 0;
    }

    public static boolean flag(JsonNode object, String field) {
        JsonNode value = object.get(field);
        if (value == null || !value.isBoolean()) {
            throw new IllegalArgumentException(field + ": expected true or false");
        }
        return value.booleanValue();
    }

    private static String firstLine(@Nullable String message) {
        String text = String.valueOf(message);
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
