package dev.checkedraft.port;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * JSON as a tree: an object is a {@code Map} in the order of the text, an array a {@code List}, a number a {@code Long},
 * and there are {@code String}, {@code Boolean} and null. No other numbers occur in the protocol.
 */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(20)
                    .maxNumberLength(1000)
                    .maxNameLength(1000)
                    .build())
            .build();

    private Json() {}

    /** Reads a text that holds one value and nothing after it. */
    public static @Nullable Object read(String text) throws ProtocolException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new ProtocolException("an empty line");
            }
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new ProtocolException("something after the JSON value"
                        + column(parser.currentTokenLocation().getColumnNr()));
            }
            return value;
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            throw new ProtocolException("not JSON" + column(column) + ": " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException, ProtocolException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                return object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                return array;
            }
            case VALUE_STRING -> {
                return parser.getText();
            }
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    throw new ProtocolException("the number " + parser.getText() + " is beyond 64 bits"
                            + column(parser.currentTokenLocation().getColumnNr()));
                }
                return parser.getLongValue();
            }
            case VALUE_NUMBER_FLOAT ->
                throw new ProtocolException("the number " + parser.getText()
                        + " is not written as a whole one"
                        + column(parser.currentTokenLocation().getColumnNr()));
            case VALUE_TRUE -> {
                return true;
            }
            case VALUE_FALSE -> {
                return false;
            }
            default -> {
                return null;
            }
        }
    }

    private static String column(int column) {
        return column > 0 ? " at column " + column : "";
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    /** A value in one line. Besides what {@link #read} makes, takes entries, changes of a log, and optional values. */
    public static String write(@Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            write(generator, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
        if (value == null) {
            generator.writeNull();
        } else if (value instanceof Map<?, ?> object) {
            generator.writeStartObject();
            for (Map.Entry<?, ?> field : object.entrySet()) {
                generator.writeFieldName(String.valueOf(field.getKey()));
                write(generator, field.getValue());
            }
            generator.writeEndObject();
        } else if (value instanceof List<?> array) {
            generator.writeStartArray();
            for (Object element : array) {
                write(generator, element);
            }
            generator.writeEndArray();
        } else if (value instanceof String string) {
            generator.writeString(string);
        } else if (value instanceof Long number) {
            generator.writeNumber(number);
        } else if (value instanceof Integer number) {
            generator.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            generator.writeBoolean(flag);
        } else if (value instanceof Optional<?> optional) {
            write(generator, optional.isPresent() ? optional.get() : null);
        } else if (value instanceof Entry entry) {
            generator.writeStartObject();
            generator.writeNumberField("term", entry.term());
            generator.writeStringField("value", entry.value());
            generator.writeEndObject();
        } else if (value instanceof LogChange change) {
            generator.writeStartObject();
            generator.writeNumberField("from", change.from());
            generator.writeFieldName("entries");
            write(generator, change.entries());
            generator.writeEndObject();
        } else {
            throw new IllegalArgumentException("JSON has no form for " + value.getClass());
        }
    }
}
