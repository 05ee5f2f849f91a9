package dev.checkedraft.cli;

import dev.checkedraft.fuzz.CheckedRun;
import dev.checkedraft.fuzz.CheckedRun.Failure;
import dev.checkedraft.fuzz.Fuzzer;
import dev.checkedraft.fuzz.Fuzzer.Result;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.ProgressLine;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.ScheduleFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raft fuzz}: looks for a schedule under which something is wrong, until it has one or the time is up. */
@Command(
        name = "fuzz",
        description =
                "Run the Java core under one schedule after the other, each checked at every step and replayed against"
                        + " the spec, until something is wrong or the time is up. A failing schedule is made short, told and saved.",
        mixinStandardHelpOptions = true)
final class FuzzCommand implements Callable<Integer> {
    private static final String SUFFIX = ".schedule";

    @Option(names = "--minutes", paramLabel = "M", description = "how long; default: ${DEFAULT-VALUE}")
    private double minutes = 1;

    @ArgGroup
    private @Nullable Mode mode;

    /** How schedules are drawn. */
    private static final class Mode {
        @Option(
                names = "--guided",
                description =
                        "make half of the schedules out of those that reached new states of the spec (the default)")
        private boolean guided;

        @Option(names = "--random", description = "draw every schedule afresh")
        private boolean random;
    }

    @Option(
            names = "--corpus",
            paramLabel = "DIR",
            description =
                    "where schedules that reached new states are kept, for the next time too; default: in memory only")
    private @Nullable Path corpus;

    @Option(names = "--seed", paramLabel = "S", description = "what all is drawn from; default: ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(names = "--steps", paramLabel = "N", description = "the most decisions a run; default: ${DEFAULT-VALUE}")
    private int steps = 300;

    private final ProgressLine line = new ProgressLine();
    private final AtomicReference<@Nullable CheckedRun> failed = new AtomicReference<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(minutes > 0 && minutes <= 1e6) || steps < 1) {
            throw new IllegalArgumentException("--minutes is above 0, and --steps 1 or more");
        }
        boolean guided = mode == null || mode.guided || !mode.random;
        long start = System.nanoTime();
        List<Path> known = corpusFiles();
        // Not the same schedules again when the corpus is taken up again.
        Fuzzer fuzzer = new Fuzzer(guided, seed + known.size(), steps);
        fuzz(fuzzer, new ConcurrentLinkedQueue<>(known), start);
        line.clear();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s, seed %d: %,d runs (the corpus had %d schedules), %,d events replayed against the spec; %,d abstract states and"
                        + " steps reached, by %,d schedules kept; %.1f s, %,.0f runs, %,.0f events and %,.1f new a second%n",
                guided ? "guided" : "random",
                seed,
                fuzzer.runs(),
                known.size(),
                fuzzer.events(),
                fuzzer.looks(),
                fuzzer.kept(),
                seconds,
                fuzzer.runs() / seconds,
                fuzzer.events() / seconds,
                fuzzer.looks() / seconds);
        CheckedRun run = failed.get();
        Failure failure = run == null ? null : run.failure();
        if (run == null || failure == null) {
            System.out.println("nothing is wrong");
            return ExitCode.OK;
        }
        Path folder = corpus == null ? Path.of("") : corpus.resolve("failures");
        System.out.println(FailingRun.report(run, failure, folder, "raft fuzz, seed " + seed));
        return ExitCode.FAILED;
    }

    private void fuzz(Fuzzer fuzzer, Queue<Path> known, long start) throws InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> workers = Stream.<Future<?>>generate(() -> pool.submit(() -> work(fuzzer, known, start)))
                    .limit(threads)
                    .toList();
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UncheckedIOException unreadable
                    ? unreadable
                    : new IllegalStateException(String.valueOf(e.getCause()), e);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Runs what was kept before, then new schedules. */
    private void work(Fuzzer fuzzer, Queue<Path> known, long start) {
        long nanos = (long) (minutes * TimeUnit.MINUTES.toNanos(1));
        while (failed.get() == null && System.nanoTime() - start < nanos) {
            Path file = known.poll();
            Result result = file == null ? fuzzer.next() : fuzzer.run(load(file));
            Schedule worth = file == null ? result.worth() : null;
            if (result.run().failure() != null) {
                failed.compareAndSet(null, result.run());
            } else if (worth != null && corpus != null) {
                save(corpus, worth);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            line.show(
                    "%,d runs, %,d abstract states and steps, %,d kept, %,.1f new a second",
                    fuzzer.runs(), fuzzer.looks(), fuzzer.kept(), fuzzer.looks() / seconds);
        }
    }

    private List<Path> corpusFiles() throws IOException {
        Path folder = corpus;
        if (folder == null) {
            return List.of();
        }
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private static Schedule load(Path file) {
        try {
            return Schedule.load(file);
        } catch (ScheduleFormatException e) {
            throw new UncheckedIOException(new IOException(String.valueOf(e.getMessage()), e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void save(Path folder, Schedule schedule) {
        Path file = folder.resolve(
                String.format(Locale.ROOT, "%08x%s", schedule.text().hashCode(), SUFFIX));
        try {
            schedule.save(file, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
