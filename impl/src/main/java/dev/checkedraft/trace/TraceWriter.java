package dev.checkedraft.trace;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes a trace as NDJSON: the header, then one event a line, in UTF-8 (see {@code trace-validation/FORMAT.md}). The same
 * events give the same bytes. A failure to write is an {@link UncheckedIOException}.
 */
public final class TraceWriter implements TraceSink, AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator json;

    private TraceWriter(OutputStream out) {
        try {
            json = JSON.createGenerator(out, JsonEncoding.UTF8);
            json.setPrettyPrinter(new MinimalPrettyPrinter(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes on with a trace that has its header. Closing the writer closes {@code out}. */
    public static TraceWriter goOn(OutputStream out) {
        return new TraceWriter(out);
    }

    /** Writes the header. Closing the writer closes {@code out}. */
    public TraceWriter(OutputStream out, TraceHeader header) {
        this(out);
        try {
            json.writeStartObject();
            json.writeStringField("format", TraceHeader.FORMAT);
            json.writeNumberField("version", header.version());
            writeStrings("servers", header.servers());
            writeStrings(
                    "observes",
                    Stream.concat(TraceEvent.STATE_FIELDS.stream(), Stream.of(TraceEvent.STORED))
                            .filter(header.observes()::contains)
                            .toList());
            if (!header.omits().isEmpty()) {
                writeStrings(
                        "omits",
                        TraceHeader.OMITTABLE.stream()
                                .filter(header.omits()::contains)
                                .toList());
            }
            Quorums quorums = header.quorums();
            if (quorums != null) {
                json.writeObjectFieldStart("quorums");
                json.writeNumberField("election", quorums.election());
                json.writeNumberField("commit", quorums.commit());
                json.writeEndObject();
            }
            if (!header.initial().isEmpty()) {
                json.writeFieldName("initial");
                writeValue(header.initial());
            }
            json.writeObjectFieldStart("about");
            for (Map.Entry<String, String> fact : header.about().entrySet()) {
                json.writeStringField(fact.getKey(), fact.getValue());
            }
            json.writeEndObject();
            endLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void endLine() throws IOException {
        json.writeEndObject();
        json.writeRaw('\n');
    }

    /** Gives {@code out} all lines so far, and flushes it. */
    public void flush() {
        try {
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void accept(TraceEvent event) {
        try {
            json.writeStartObject();
            json.writeStringField("event", event.action().label());
            json.writeStringField("node", event.node());
            if (event.msg() != null) {
                json.writeFieldName("msg");
                writeValue(event.msg());
            }
            if (event.sent() != null) {
                json.writeFieldName("sent");
                writeValue(event.sent());
            }
            if (event.value() != null) {
                json.writeStringField("value", event.value());
            }
            if (!event.state().isEmpty()) {
                json.writeFieldName("state");
                writeValue(event.state());
            }
            if (!event.unknown().isEmpty()) {
                writeStrings("unknown", List.copyOf(event.unknown()));
            }
            endLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeStrings(String name, List<String> strings) throws IOException {
        json.writeArrayFieldStart(name);
        for (String string : strings) {
            json.writeString(string);
        }
        json.writeEndArray();
    }

    private void writeValue(@Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof String string) {
            json.writeString(string);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Optional<?> optional) {
            writeValue(optional.isPresent() ? optional.get() : null);
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : map.entrySet()) {
                json.writeFieldName(String.valueOf(field.getKey()));
                writeValue(field.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                writeValue(element);
            }
            json.writeEndArray();
        } else if (value instanceof Entry entry) {
            json.writeStartObject();
            json.writeNumberField("term", entry.term());
            json.writeStringField("value", entry.value());
            json.writeEndObject();
        } else if (value instanceof LogSize size) {
            json.writeStartObject();
            json.writeNumberField("length", size.length());
            if (size.lastTerm() != LogSize.UNKNOWN) {
                json.writeNumberField("lastTerm", size.lastTerm());
            }
            json.writeEndObject();
        } else if (value instanceof LogChange log) {
            json.writeStartObject();
            json.writeNumberField("from", log.from());
            json.writeFieldName("entries");
            writeValue(log.entries());
            json.writeEndObject();
        } else {
            throw new IllegalArgumentException("a trace has no form for " + value.getClass());
        }
    }

    /** Closes the stream. */
    @Override
    public void close() {
        try {
            json.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
