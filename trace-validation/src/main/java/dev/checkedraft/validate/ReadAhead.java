package dev.checkedraft.validate;

import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads a trace in a thread of its own, some way ahead of whoever validates it. For traces that are there as a whole: what
 * was read is handed over in batches, so an event may wait for those after it. How far ahead is bounded in bytes.
 *
 * @param <T> what is made of each event, in that thread
 */
final class ReadAhead<T> implements Closeable {
    /** A batch has so many lines, or fewer that are longer. */
    private static final int BATCH = 256;

    private static final int BATCH_BYTES = 1 << 16;

    /** So many bytes of lines are read ahead; an event takes some ten times its line. */
    private static final int AHEAD_BYTES = 1 << 21;

    /** How often it is looked whether the thread is alive, while nothing comes. */
    private static final int ALIVE_SECONDS = 1;

    /** Part of a trace; after its last, there may be what the reader threw. */
    private record Batch<T>(
            List<Line<T>> lines,
            int bytes,
            boolean isLast,
            @Nullable Throwable failure) {}

    private record Line<T>(T event, long number) {}

    private final TraceReader reader;
    private final Function<TraceEvent, T> make;
    private final BlockingQueue<Batch<T>> queue = new LinkedBlockingQueue<>();

    /** How many bytes may still be read ahead. */
    private final Semaphore room = new Semaphore(AHEAD_BYTES);

    private @Nullable Thread thread;

    private Batch<T> batch = new Batch<>(List.of(), 0, false, null);
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
                room.acquire(made.bytes);
                queue.put(made);
            } while (!made.isLast);
        } catch (InterruptedException e) {
            // Closed: nobody wants the rest.
            Thread.currentThread().interrupt();
        }
    }

    private Batch<T> readBatch() {
        List<Line<T>> lines = new ArrayList<>(BATCH);
        int bytes = 0;
        try {
            while (lines.size() < BATCH && bytes < BATCH_BYTES) {
                TraceEvent event = reader.next();
                if (event == null) {
                    return new Batch<>(lines, 0, true, null);
                }
                lines.add(new Line<>(make.apply(event), reader.line()));
                bytes += reader.lineBytes();
            }
            return new Batch<>(lines, Math.min(bytes, AHEAD_BYTES), false, null);
        } catch (IOException | RuntimeException | Error e) {
            return new Batch<>(lines, 0, true, e);
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
                if (batch.failure instanceof Error e) {
                    throw e;
                }
                if (batch.failure != null) {
                    throw new IllegalStateException(batch.failure);
                }
                return null;
            }
            try {
                room.release(batch.bytes);
                batch = take();
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

    /** The next batch; if its thread died before it could say why, it is waited for no longer. */
    private Batch<T> take() throws InterruptedException {
        Thread its = thread;
        while (true) {
            boolean alive = its != null && its.isAlive();
            Batch<T> next = queue.poll(ALIVE_SECONDS, TimeUnit.SECONDS);
            if (next != null) {
                return next;
            }
            if (!alive) {
                throw new IllegalStateException("the thread that reads " + reader.name() + " died");
            }
        }
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
