package dev.checkedraft.port;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * JSON as a tree: an object is a {@code Map} in the order of the text, an array a {@code List}, a number a {@code Long},
 * and there are {@code String}, {@code Boolean} and null. No other numbers occur in the protocol.
 */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(20)
                            .maxNumberLength(1000)
                            .maxNameLength(1000)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            // A record is its components: what else it answers is derived from them.
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .addModule(new Jdk8Module())
            .build();

    private Json() {}

    /** Reads a text that holds one value and nothing after it. */
    public static @Nullable Object read(String text) throws ProtocolException {
        try (JsonParser parser = new WholeNumbers(MAPPER.createParser(text))) {
            if (parser.nextToken() == null) {
                throw new ProtocolException("an empty line");
            }
            Object value = MAPPER.readValue(parser, Object.class);
            if (parser.nextToken() != null) {
                throw new ProtocolException("something after the JSON value"
                        + column(parser.currentTokenLocation().getColumnNr()));
            }
            return value;
        } catch (OtherNumber e) {
            throw new ProtocolException(
                    e.getOriginalMessage() + column(e.getLocation().getColumnNr()));
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            throw new ProtocolException("not JSON" + column(column) + ": " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String column(int column) {
        return column > 0 ? " at column " + column : "";
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    /** A value in one line. Besides what {@link #read} makes, takes records and optional values. */
    public static String write(@Nullable Object value) {
        try {
            return value == null ? "null" : MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("JSON has no form for " + value, e);
        }
    }

    /** Refuses a number that is not a whole one of 64 bits, where it stands. */
    private static final class WholeNumbers extends JsonParserDelegate {
        WholeNumbers(JsonParser parser) {
            super(parser);
        }

        @Override
        public JsonToken nextToken() throws IOException {
            JsonToken token = super.nextToken();
            if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                throw new OtherNumber(this, "the number " + getText() + " is not written as a whole one");
            }
            if (token == JsonToken.VALUE_NUMBER_INT && getNumberType() == NumberType.BIG_INTEGER) {
                throw new OtherNumber(this, "the number " + getText() + " is beyond 64 bits");
            }
            return token;
        }
    }

    private static final class OtherNumber extends JsonProcessingException {
        private static final long serialVersionUID = 1L;

        OtherNumber(JsonParser parser, String message) {
            super(message, parser.currentTokenLocation());
        }
    }
}
