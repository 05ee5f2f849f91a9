package dev.checkedraft.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads lines that are one JSON object each, and says in one line what is wrong with one that is not what was expected. Goes
 * down only where the format does, so depth needs no other bound.
 */
abstract class LineParser {
    /** How much of a trace's text an error shows, in characters. */
    private static final int SHOWN = 100;

    private final LineReader lines;
    private final JsonFactory json;

    /** What is left of the line. */
    JsonParser in;

    @SuppressWarnings("nullness:initialization.fields.uninitialized") // "in" is set before each use
    LineParser(LineReader lines, TraceLimits limits) {
        this.lines = lines;
        json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(10)
                        .maxStringLength(limits.lineBytes())
                        .maxNameLength(100)
                        .maxNumberLength(100)
                        .build())
                .build();
    }

    /** What is read from a line. */
    interface Body<T> {
        T read() throws IOException;
    }

    /** The object in the line that the reader is at. */
    <T> T object(String what, Body<T> body) throws IOException {
        byte[] buffer = lines.buffer();
        int start = lines.start();
        int length = lines.length();
        // Also keeps Jackson from taking the line for UTF-16 or UTF-32.
        if (length == 0 || buffer[start] != '{' || (length > 1 && buffer[start + 1] == 0)) {
            String found = length == 0 ? "an empty line" : "something else";
            throw new TraceFormatException(
                    lines.name(), lines.number(), 1, "expected " + what + ", a JSON object, found " + found);
        }
        try (JsonParser parser = json.createParser(buffer, start, length)) {
            in = parser;
            parser.nextToken();
            T result = body.read();
            if (parser.nextToken() != null) {
                throw expected("the end of the line");
            }
            return result;
        } catch (TraceFormatException e) {
            throw e;
        } catch (JsonEOFException e) {
            throw new TraceFormatException(
                    lines.name(),
                    lines.number(),
                    length + 1,
                    lines.isUnended() ? "the last line is cut short" : "the line is cut short");
        } catch (StreamConstraintsException e) {
            throw problem("beyond a limit: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            // A JsonProcessingException, or a CharConversionException about bytes that are not UTF-8.
            throw problem("not JSON: "
                    + firstLine(e instanceof JsonProcessingException p ? p.getOriginalMessage() : e.getMessage()));
        }
    }

    // ------------------------------------------------------------------------------------------------------- scalars

    void open(JsonToken bracket, String what) throws IOException {
        if (in.nextToken() != bracket) {
            throw expected(what);
        }
    }

    long integer() throws IOException {
        if (in.nextToken() != JsonToken.VALUE_NUMBER_INT
                || in.getNumberType() != JsonParser.NumberType.INT
                || in.getIntValue() < 0
                || in.getIntValue() > TraceEvent.MAX_NUMBER) {
            throw expected("an integer from 0 to " + TraceEvent.MAX_NUMBER);
        }
        return in.getIntValue();
    }

    boolean bool() throws IOException {
        JsonToken token = in.nextToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw expected("true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    String string(String what) throws IOException {
        in.nextToken();
        return stringHere(what);
    }

    String stringHere(String what) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw expected(what);
        }
        return in.getText();
    }

    // -------------------------------------------------------------------------------------------------------- errors

    /** The value here is of the wrong kind. */
    TraceFormatException expected(String what) throws IOException {
        JsonToken token = in.currentToken();
        String found = token == null
                ? "the end of the line"
                : switch (token) {
                    case START_OBJECT -> "an object";
                    case START_ARRAY -> "an array";
                    case VALUE_STRING -> "\"" + shown(in.getText()) + "\"";
                    default -> shown(in.getText());
                };
        return problem("expected " + what + ", found " + found);
    }

    TraceFormatException unknown(String key, String known) {
        return problem("unknown key \"" + shown(key) + "\", expected one of " + known);
    }

    TraceFormatException problem(String problem) {
        long offset = in.currentTokenLocation().getByteOffset();
        return new TraceFormatException(lines.name(), lines.number(), (int) Math.max(0, offset) + 1, problem);
    }

    /** Text from the trace as part of a line of ours. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < SHOWN; i++) {
            char c = text.charAt(i);
            shown.append(
                    c < ' ' || (c >= 0x7f && c < 0xa0) || Character.isSurrogate(c) || c == 0x2028 || c == 0x2029
                            ? '?'
                            : c);
        }
        return text.length() > SHOWN ? shown + "..." : shown.toString();
    }

    private static String firstLine(@Nullable String message) {
        if (message == null) {
            return "unreadable";
        }
        int end = message.indexOf('\n');
        return shown(end < 0 ? message : message.substring(0, end));
    }
}
