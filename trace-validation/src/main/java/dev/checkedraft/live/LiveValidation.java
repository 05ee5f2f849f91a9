package dev.checkedraft.live;

import dev.checkedraft.judge.Bytes;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.report.Problem;
import dev.checkedraft.report.TraceReport;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceLocation;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.Merger;
import dev.checkedraft.validate.TraceValidator;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Validates traces while they are being written, a thread a trace: an event is validated as soon as its line has ended. A run
 * is over at its first event that decides, or when all its traces have ended, which growing files never do by themselves.
 */
public final class LiveValidation {
    /** How long a file that did not grow is left alone. */
    private static final long POLL_MILLIS = 50;

    /** What a trace that is being read takes at most, in bytes: its line, and the event in it. */
    private static final long ONE_TRACE = 8L << 20;

    private final ValidatorOptions options;

    /** How far, in bytes of events, one of several merged traces may be read ahead of the others. */
    private final long ahead;

    private final boolean grow;
    private final Consumer<TraceReport> decided;
    private final List<Run> runs = new ArrayList<>();
    private final CountDownLatch open;
    private volatile boolean stopped = false;

    /** The first thing that is wrong with this program and ended a thread; null if nothing is. */
    private volatile @Nullable Throwable fault;

    private LiveValidation(
            int traces, int runs, boolean grow, ValidatorOptions options, Consumer<TraceReport> decided) {
        if ((long) traces * ONE_TRACE > options.bytes()) {
            throw new LimitReached(traces + " traces at one time, of which this heap has room for "
                    + options.bytes() / ONE_TRACE + ": give the JVM more, as in RAFT_JAVA_OPTS=-Xmx4g");
        }
        this.options = options.sharedBy(runs);
        ahead = options.bytes() / 4 / traces;
        this.grow = grow;
        this.decided = decided;
        open = new CountDownLatch(runs);
    }

    /**
     * One for these traces.
     *
     * @param names files, or - for standard input
     * @param merge whether they are one run, else each is its own
     * @param grow whether files may grow, else they end where they end now
     * @param decided told of each run that is over, in one thread at a time
     */
    public static LiveValidation of(
            List<String> names, boolean merge, boolean grow, ValidatorOptions options, Consumer<TraceReport> decided) {
        LiveValidation following = new LiveValidation(names.size(), merge ? 1 : names.size(), grow, options, decided);
        if (merge) {
            following.runs.add(following.new Run(names));
        } else {
            names.forEach(name -> following.runs.add(following.new Run(List.of(name))));
        }
        return following;
    }

    /**
     * Follows until all runs are over.
     *
     * @throws IllegalStateException if a thread of this ended by a fault of this program, the cause
     */
    public void run() throws InterruptedException {
        for (Run run : runs) {
            for (int k = 0; k < run.names.size(); k++) {
                int source = k;
                Thread thread = new Thread(() -> read(run, source), "follows " + run.names.get(k));
                thread.setDaemon(true);
                thread.start();
            }
        }
        open.await();
        Throwable cause = fault;
        if (cause != null) {
            throw new IllegalStateException(cause);
        }
    }

    /** A thread cannot go on, so no verdict can be had. */
    private void fail(Throwable cause) {
        if (fault == null) {
            fault = cause;
        }
        stopped = true;
        while (open.getCount() > 0) {
            open.countDown();
        }
    }

    /** Stops following, and tells of the runs that were not over, as far as they are decided. */
    public void stop() {
        stopped = true;
        runs.forEach(run -> run.end(run.verdict()));
    }

    private void read(Run run, int source) {
        String name = run.names.get(source);
        try (InputStream in = open(name);
                TraceReader reader =
                        TraceReader.open(in, name.equals("-") ? "standard input" : name, TraceLimits.DEFAULT)) {
            run.begin(reader.header(), reader.name());
            TraceEvent event = reader.next();
            while (event != null && run.take(source, event, new TraceLocation(reader.name(), reader.line()))) {
                event = reader.next();
            }
            if (event == null && !stopped) {
                run.traceEnded(source);
            }
        } catch (IOException | IllegalArgumentException e) {
            if (!stopped) {
                run.end(TraceReport.unreadable(name, Problem.ofTrace(e), run.seconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) { // nobody else would ever hear of it
            fail(e);
        }
    }

    private InputStream open(String name) throws IOException {
        if (name.equals("-")) {
            return System.in;
        }
        InputStream file = Files.newInputStream(Path.of(name));
        return grow ? new Growing(file) : file;
    }

    /** A file that is waited for at its end. */
    private final class Growing extends FilterInputStream {
        Growing(InputStream file) {
            super(file);
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            while (true) {
                int count = in.read(buffer, from, length);
                if (count >= 0 || stopped) {
                    return count;
                }
                try {
                    Thread.sleep(POLL_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return -1;
                }
            }
        }
    }

    /** One run, from one trace or several. Guarded by itself. */
    private final class Run {
        private final List<String> names;
        private final long start = System.nanoTime();
        private final boolean[] ended;
        private @Nullable TraceHeader header;
        private @Nullable TraceValidator validator;
        private @Nullable Merger merger;
        private boolean isOver;

        /** What the largest event so far took in memory, by trace. */
        private final long[] largest;

        Run(List<String> names) {
            this.names = names;
            ended = new boolean[names.size()];
            largest = new long[names.size()];
        }

        double seconds() {
            return (System.nanoTime() - start) / 1e9;
        }

        synchronized void begin(TraceHeader its, String name) {
            TraceHeader first = header;
            if (first != null) {
                Merger.checkSame(first, its, name);
                return;
            }
            TraceValidator made = TraceValidator.open(its, options, name);
            header = its;
            validator = made;
            merger = names.size() == 1 ? null : new Merger(made, names.size());
        }

        /** Takes a trace's next event; false once the run is over. */
        synchronized boolean take(int source, TraceEvent event, TraceLocation where) throws InterruptedException {
            Merger all = merger;
            TraceValidator only = validator;
            if (isOver || only == null) {
                return false;
            }
            boolean goesOn;
            if (all == null) {
                goesOn = only.feed(event, where);
            } else {
                largest[source] = Math.max(largest[source], Bytes.of(event));
                while (all.waiting(source) * largest[source] > ahead && !isOver) {
                    wait();
                }
                all.add(source, event, where);
                goesOn = all.drain();
                notifyAll();
            }
            if (!goesOn) {
                end(verdict());
            }
            return goesOn;
        }

        synchronized void traceEnded(int source) {
            ended[source] = true;
            Merger all = merger;
            if (all != null && !isOver) {
                all.end(source);
                if (!all.drain()) {
                    end(verdict());
                }
                notifyAll();
            }
            for (boolean hasEnded : ended) {
                if (!hasEnded) {
                    return;
                }
            }
            end(verdict());
        }

        synchronized TraceReport verdict() {
            String name = names.size() == 1 && names.get(0).equals("-") ? "standard input" : String.join(" + ", names);
            if (validator == null) {
                return TraceReport.unreadable(name, name + ": nothing to read so far", seconds());
            }
            Merger all = merger;
            Verdict verdict = all == null ? validator.verdict() : all.verdict();
            return TraceReport.of(name, verdict, seconds());
        }

        synchronized void end(TraceReport report) {
            if (!isOver) {
                isOver = true;
                notifyAll();
                synchronized (LiveValidation.this) {
                    decided.accept(report);
                }
                open.countDown();
            }
        }
    }
}
