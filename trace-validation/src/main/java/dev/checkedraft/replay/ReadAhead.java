package dev.checkedraft.replay;

import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads a trace in a thread of its own, some way ahead of whoever validates it. For traces that are there as a whole: what
 * was read is handed over in batches, so an event may wait for those after it.
 */
final class ReadAhead implements Closeable {
    private static final int BATCH = 256;
    private static final int BATCHES = 8;

    /** Events in the trace's order, each with its line; after the last batch of a trace, one that ends it. */
    private record Batch(List<TraceEvent> events, long[] lines, boolean isLast, @Nullable Throwable failure) {}

    private final TraceReader reader;
    private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(BATCHES);
    private final Thread thread;

    private Batch batch = new Batch(List.of(), new long[0], false, null);
    private int next = 0;
    private long line = 1;

    ReadAhead(TraceReader reader) {
        this.reader = reader;
        thread = new Thread(this::read, "reads " + reader.name());
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try {
            Batch made;
            do {
                made = make();
                queue.put(made);
            } while (!made.isLast);
        } catch (InterruptedException e) {
            // Closed: nobody wants the rest.
            Thread.currentThread().interrupt();
        }
    }

    private Batch make() {
        List<TraceEvent> events = new ArrayList<>(BATCH);
        long[] lines = new long[BATCH];
        try {
            while (events.size() < BATCH) {
                TraceEvent event = reader.next();
                if (event == null) {
                    return new Batch(events, lines, true, null);
                }
                lines[events.size()] = reader.line();
                events.add(event);
            }
            return new Batch(events, lines, false, null);
        } catch (IOException | RuntimeException | Error e) {
            return new Batch(events, lines, true, e);
        }
    }

    /** The next event, or null at the trace's end. Throws what the reader threw, after the events before it. */
    @Nullable
    TraceEvent next() throws IOException {
        while (next == batch.events.size()) {
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
        line = batch.lines[next];
        return batch.events.get(next++);
    }

    /** The line of the event returned last; the header's before there was one. */
    long line() {
        return line;
    }

    /** Ends the thread; returns once it does not use the reader any more. */
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            queue.clear();
            try {
                thread.join(100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
