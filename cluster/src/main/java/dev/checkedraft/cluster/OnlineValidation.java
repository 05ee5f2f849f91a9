package dev.checkedraft.cluster;

import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.report.TraceReport;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceLocation;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.Merger;
import dev.checkedraft.validate.TraceValidator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Holds the nodes' traces against the spec while they are written, a thread a node, merged without clocks. {@code Raft.tla} is
 * the only judge: what else would be safe is a divergence.
 */
public final class OnlineValidation {
    /** How far a trace may be read ahead of the others, in events. */
    private static final int AHEAD = 50_000;

    private static final ValidatorOptions STRICT = new ValidatorOptions(
            ValidatorOptions.DEFAULT.frontier(),
            ValidatorOptions.DEFAULT.messages(),
            ValidatorOptions.DEFAULT.bytes(),
            true);

    private final List<Path> directories;
    private final long start = System.nanoTime();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean complete = false;
    private int open;
    private long events = 0;
    private @Nullable TraceHeader header;
    private @Nullable Merger merger;
    private @Nullable TraceReport report;

    private OnlineValidation(List<Path> directories) {
        this.directories = List.copyOf(directories);
        open = directories.size();
    }

    /** Follows the traces of these nodes. */
    public static OnlineValidation start(List<Path> directories) {
        OnlineValidation validation = new OnlineValidation(directories);
        for (int k = 0; k < directories.size(); k++) {
            int source = k;
            Thread thread = new Thread(() -> validation.follow(source), "follows " + directories.get(k));
            thread.setDaemon(true);
            validation.threads.add(thread);
            thread.start();
        }
        return validation;
    }

    /** Whether there is a verdict before the traces end: an event that no step of the spec explains, or a limit. */
    public boolean isOver() {
        return over.getCount() == 0;
    }

    /** How many events were taken in so far. */
    public synchronized long events() {
        return events;
    }

    /** The nodes have stopped: reads to the end, and says what came of it. */
    public TraceReport finish() throws InterruptedException {
        complete = true;
        over.await();
        synchronized (this) {
            TraceReport result = report;
            if (result == null) {
                throw new IllegalStateException("no verdict");
            }
            return result;
        }
    }

    private void follow(int source) {
        Path directory = directories.get(source);
        try (TraceReader reader = TraceReader.open(
                new TraceParts(directory, () -> complete), directory.toString(), TraceLimits.DEFAULT)) {
            begin(reader.header(), reader.name());
            for (TraceEvent event = reader.next(); event != null; event = reader.next()) {
                if (!take(source, event, new TraceLocation(reader.name(), reader.line()))) {
                    return;
                }
            }
            ended(source);
        } catch (IOException | IllegalArgumentException e) {
            end(TraceReport.unreadable(name(), String.valueOf(e.getMessage()), seconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) { // nobody else would ever hear of it
            end(TraceReport.unreadable(name(), "a fault of raft itself: " + e, seconds()));
        }
    }

    private synchronized void begin(TraceHeader its, String name) {
        TraceHeader first = header;
        if (first != null) {
            Merger.checkSame(first, its, name);
            return;
        }
        header = its;
        merger = new Merger(TraceValidator.open(its, STRICT, name()), directories.size());
    }

    private synchronized boolean take(int source, TraceEvent event, TraceLocation where) throws InterruptedException {
        Merger all = merger;
        while (all != null && report == null && all.waiting(source) > AHEAD) {
            wait();
        }
        if (all == null || report != null) {
            return false;
        }
        events++;
        all.add(source, event, where);
        if (!all.drain()) {
            end(TraceReport.of(name(), all.verdict(), seconds()));
            return false;
        }
        notifyAll();
        return true;
    }

    private synchronized void ended(int source) {
        Merger all = merger;
        if (all == null || report != null) {
            return;
        }
        all.end(source);
        open--;
        if (!all.drain() || open == 0) {
            end(TraceReport.of(name(), all.verdict(), seconds()));
        }
        notifyAll();
    }

    private synchronized void end(TraceReport verdict) {
        if (report == null) {
            report = verdict;
            over.countDown();
            notifyAll();
        }
    }

    private String name() {
        return String.join(" + ", directories.stream().map(Path::toString).toList());
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }
}
