package dev.checkedraft.replay;

import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads a trace in a thread of its own, some way ahead of whoever validates it. For traces that are there as a whole: what
 * was read is handed over in batches, so an event may wait for those after it.
 *
 * @param <T> what is made of each event, in that thread
 */
final class ReadAhead<T> implements Closeable {
    private static final int BATCH = 256;
    private static final int BATCHES = 32;

    /** Part of a trace; after its last, there may be what the reader threw. */
    private record Batch<T>(
            List<Line<T>> lines, boolean isLast, @Nullable Throwable failure) {}

    private record Line<T>(T event, long number) {}

    private final TraceReader reader;
    private final Function<TraceEvent, T> make;
    private final BlockingQueue<Batch<T>> queue = new ArrayBlockingQueue<>(BATCHES);
    private @Nullable Thread thread;

    private Batch<T> batch = new Batch<>(List.of(), false, null);
    private int next = 0;
    private long line = 1;

    private ReadAhead(TraceReader reader, Function<TraceEvent, T> make) {
        this.reader = reader;
        this.make = make;
    }

    /** Begins to read. The reader is not to be used until this is closed. */
    static <T> ReadAhead<T> of(TraceReader reader, Function<TraceEvent, T> make) {
        ReadAhead<T> ahead = new ReadAhead<>(reader, make);
        Thread thread = new Thread(ahead::read, "reads " + reader.name());
        thread.setDaemon(true);
        ahead.thread = thread;
        thread.start();
        return ahead;
    }

    private void read() {
        try {
            Batch<T> made;
            do {
                made = readBatch();
                queue.put(made);
            } while (!made.isLast);
        } catch (InterruptedException e) {
            // Closed: nobody wants the rest.
            Thread.currentThread().interrupt();
        }
    }

    private Batch<T> readBatch() {
        List<Line<T>> lines = new ArrayList<>(BATCH);
        try {
            while (lines.size() < BATCH) {
                TraceEvent event = reader.next();
                if (event == null) {
                    return new Batch<>(lines, true, null);
                }
                lines.add(new Line<>(make.apply(event), reader.line()));
            }
            return new Batch<>(lines, false, null);
        } catch (IOException | RuntimeException | Error e) {
            return new Batch<>(lines, true, e);
        }
    }

    /** The next event, or null at the trace's end. Throws what the reader threw, after the events before it. */
    @Nullable
    T next() throws IOException {
        while (next == batch.lines.size()) {
            if (batch.isLast) {
                if (batch.failure instanceof IOException e) {
                    throw e;
                }
                if (batch.failure != null) {
                    throw new IllegalStateException(batch.failure);
                }
                return null;
            }
            try {
                batch = queue.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            next = 0;
        }
        Line<T> read = batch.lines.get(next++);
        line = read.number;
        return read.event;
    }

    /** The line of the event returned last; the header's before there was one. */
    long line() {
        return line;
    }

    /** Ends the thread; returns once it does not use the reader any more. */
    @Override
    public void close() {
        Thread its = thread;
        if (its == null) {
            return;
        }
        its.interrupt();
        boolean interrupted = false;
        while (its.isAlive()) {
            queue.clear();
            try {
                its.join(100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
