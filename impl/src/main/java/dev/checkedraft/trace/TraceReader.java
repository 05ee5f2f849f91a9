package dev.checkedraft.trace;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads a trace, one line at a time, and holds no more of it than a line. Everything that is not in the format (see
 * {@code trace-validation/FORMAT.md}) is a {@link TraceFormatException}: an input is never repaired, skipped or
 * guessed at. Lines may end in LF or CRLF, the last may lack its end, and a byte order mark at the start is passed over.
 *
 * <p>Reading blocks as the stream does, and asks the stream for more only when no whole line is left: a reader of a
 * growing trace returns an event as soon as its line has ended. Not for use by several threads at once.
 */
public final class TraceReader implements Closeable {
    private final InputStream in;
    private final LineReader lines;
    private final TraceHeader header;
    private final EventParser events;

    private TraceReader(InputStream in, String name, TraceLimits limits) throws IOException {
        this.in = in;
        lines = new LineReader(in, name, limits.lineBytes());
        if (!lines.next()) {
            throw new TraceFormatException(name, 1, 1, "expected a header line, found an empty file");
        }
        header = new HeaderParser(lines, limits).header();
        events = new EventParser(lines, limits, header);
    }

    /**
     * Reads the header of a trace in a file.
     *
     * @throws TraceFormatException if the first line is not a header
     */
    public static TraceReader open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            return new TraceReader(in, file.toString(), TraceLimits.DEFAULT);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Reads the header of a trace from a stream, which {@link #close()} closes.
     *
     * @param name what error messages call the trace
     * @throws TraceFormatException if the first line is not a header
     */
    public static TraceReader open(InputStream in, String name, TraceLimits limits) throws IOException {
        return new TraceReader(in, name, limits);
    }

    /** The trace's first line. */
    public TraceHeader header() {
        return header;
    }

    /**
     * The next event, or null at the trace's end.
     *
     * @throws TraceFormatException if the next line is not an event; there is nothing to read after that
     */
    public @Nullable TraceEvent next() throws IOException {
        return lines.next() ? events.event() : null;
    }

    /** The line of the event returned last, from 1; the header's before there was one. */
    public long line() {
        return lines.number();
    }

    /** How long that line is, in bytes. */
    public int lineBytes() {
        return lines.length();
    }

    /** The trace's name, as error messages give it. */
    public String name() {
        return lines.name();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
