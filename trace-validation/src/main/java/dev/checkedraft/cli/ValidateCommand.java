package dev.checkedraft.cli;

import dev.checkedraft.book.ByTheBook;
import dev.checkedraft.live.LimitReached;
import dev.checkedraft.live.LiveValidation;
import dev.checkedraft.picture.Picture;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.report.CoverageFile;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.JUnitXml;
import dev.checkedraft.report.Problem;
import dev.checkedraft.report.ProgressLine;
import dev.checkedraft.report.TraceReport;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.Merger;
import dev.checkedraft.validate.TraceValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.MonotonicNonNull;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raft validate}: replays traces against the spec. */
@Command(
        name = "validate",
        description =
                "Replay traces against the spec: one verdict a trace, and the first event that no step of the spec"
                        + " explains, explained. What a Raft chooses otherwise, and safely, is told; with --strict it"
                        + " diverges. The format is in trace-validation/FORMAT.md.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Of several traces: a line each, what failed first, then what took longest, and a summary.",
            "Exit codes: 0 accepted, 1 diverged or unsafe, 2 unreadable, 3 undecided because a limit was reached;",
            "of several verdicts the worst: 2 before 1 before 3."
        })
final class ValidateCommand implements Callable<Integer> {
    /** How a verdict is printed. */
    enum Format {
        TEXT,
        JSON
    }

    /** What is kept of a validated trace at most, in bytes: its verdict, in words. */
    private static final long ONE_REPORT = 32 << 10;

    /** What a thread that validates needs beside what is counted, in bytes: a line, its event, what is tried. */
    private static final long ONE_THREAD = 64 << 20;

    /** As many as a trace may have. */
    private static final int MOST_SERVERS = 64;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "traces, or directories of *.ndjson; - is standard input, validated as it comes")
    private @MonotonicNonNull List<String> files;

    @Option(names = "--merge", description = "the files are one run, one file a server, each in its own order")
    private boolean merge;

    @Option(
            names = "--follow",
            description = "keep up with files that grow, until the first divergence; Ctrl-C prints the verdict so far")
    private boolean follow;

    @Option(
            names = "--by-the-book",
            description = "let TLC itself decide, by RaftTrace.tla as it is written: for traces of up to "
                    + ByTheBook.MOST_EVENTS + " events, each in a file of its own; slow, and explains nothing")
    private boolean byTheBook;

    @Option(
            names = "--verbose",
            description = "explain a divergence at full length, and say which branches no event took")
    private boolean verbose;

    @Option(names = "--format", paramLabel = "F", description = "text or json, an object a line; default: text")
    private Format format = Format.TEXT;

    @Option(
            names = "--frontier",
            paramLabel = "N",
            description = "states of the spec that may explain a trace at one time; default: ${DEFAULT-VALUE}")
    private int frontier = ValidatorOptions.DEFAULT.frontier();

    @Option(
            names = "--strict",
            description = "judge by Raft.tla alone: what AnyRaft.tla allows besides is a divergence, too")
    private boolean strict;

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "also write the verdicts as a JUnit report")
    private @Nullable Path junitXml;

    @Option(
            names = "--coverage",
            paramLabel = "FILE",
            description =
                    "add to FILE, in JSON, how many events took each action and each branch of the spec, and in how"
                            + " many each field was checked")
    private @Nullable Path coverage;

    @Option(names = "--html", paramLabel = "FILE", description = "also draw the trace, one file, as render does")
    private @Nullable Path html;

    /** What was decided of the only trace; null if it cannot be read. */
    private @Nullable Verdict decided;

    private final ProgressLine progress = new ProgressLine();
    private final long start = System.nanoTime();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (frontier < 1) {
            throw new IllegalArgumentException("--frontier is 1 or more, not " + frontier);
        }
        List<String> traces = new ArrayList<>();
        for (String file : files == null ? List.<String>of() : files) {
            traces.addAll(expand(file));
        }
        if (traces.indexOf("-") != traces.lastIndexOf("-")) {
            throw new IllegalArgumentException("standard input can be read only once");
        }
        if (merge && traces.size() > MOST_SERVERS) {
            throw new IllegalArgumentException(
                    "--merge takes a file a server, " + MOST_SERVERS + " at most, not " + traces.size());
        }
        if (html != null && (merge || follow || byTheBook || traces.size() != 1 || traces.contains("-"))) {
            throw new IllegalArgumentException("--html draws one trace that is a file,"
                    + " so neither several, -, --merge, --follow nor --by-the-book");
        }
        if (byTheBook) {
            if (merge
                    || follow
                    || traces.contains("-")
                    || format == Format.JSON
                    || junitXml != null
                    || coverage != null) {
                throw new IllegalArgumentException("--by-the-book takes files of a run each and prints lines,"
                        + " so neither -, --merge, --follow, --format json, --junit-xml nor --coverage");
            }
            return BookValidation.run(traces);
        }
        long most = Math.max(1, options().bytes() / ONE_REPORT);
        if (traces.size() > most) {
            throw new LimitReached(traces.size() + " traces in one call, of which this heap has room for " + most
                    + ": make several calls, or give the JVM more, as in RAFT_JAVA_OPTS=-Xmx4g");
        }
        if (follow || traces.contains("-")) {
            return followed(traces);
        }
        if (merge || traces.size() == 1) {
            String name = String.join(" + ", traces);
            return finish(List.of(report(name, () -> {
                Verdict verdict = merge ? merged(traces) : single(traces.get(0), options(), true);
                decided = verdict;
                return verdict;
            })));
        }
        return finish(each(traces));
    }

    /** The traces that an argument stands for. */
    private static List<String> expand(String file) throws IOException {
        if (file.equals("-") || !Files.isDirectory(Path.of(file))) {
            return List.of(file);
        }
        try (Stream<Path> inside = Files.list(Path.of(file))) {
            List<String> traces = inside.map(Path::toString)
                    .filter(name -> name.endsWith(".ndjson"))
                    .sorted()
                    .toList();
            if (traces.isEmpty()) {
                throw new IOException(file + ": no *.ndjson in this directory");
            }
            return traces;
        }
    }

    // ---------------------------------------------------------------------------------------------------- validation

    private interface Validation {
        Verdict run() throws IOException;
    }

    /** Validates each trace by itself, on all processors. */
    private List<TraceReport> each(List<String> traces) throws InterruptedException {
        long room = Math.max(1, Runtime.getRuntime().maxMemory() / ONE_THREAD);
        int threads = (int) Math.min(room, Runtime.getRuntime().availableProcessors());
        ValidatorOptions share = options().sharedBy(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        AtomicInteger done = new AtomicInteger();
        try {
            List<Future<TraceReport>> futures = new ArrayList<>();
            for (String trace : traces) {
                futures.add(pool.submit(() -> {
                    TraceReport report = report(trace, () -> single(trace, share, false));
                    done.incrementAndGet();
                    return report;
                }));
            }
            List<TraceReport> reports = new ArrayList<>();
            for (Future<TraceReport> future : futures) {
                reports.add(future.get());
                progress.show("traces: %,d of %,d", done.get(), traces.size());
            }
            return reports;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            progress.clear();
            pool.shutdownNow();
        }
    }

    private Verdict single(String file, ValidatorOptions bounds, boolean alone) throws IOException {
        try (TraceReader reader = TraceReader.open(Path.of(file))) {
            return alone
                    ? TraceValidator.validateReadingAhead(reader, bounds, this::showProgress)
                    : TraceValidator.validate(reader, bounds);
        } finally {
            if (alone) {
                progress.clear();
            }
        }
    }

    private void showProgress(long events) {
        double seconds = (System.nanoTime() - start) / 1e9;
        progress.show("%,d events, %,.0f a second", events, events / seconds);
    }

    private Verdict merged(List<String> traces) throws IOException {
        List<TraceReader> readers = new ArrayList<>();
        try {
            for (String trace : traces) {
                readers.add(TraceReader.open(Path.of(trace)));
            }
            return Merger.validate(readers, options());
        } finally {
            for (TraceReader reader : readers) {
                reader.close();
            }
        }
    }

    private ValidatorOptions options() {
        return new ValidatorOptions(
                frontier, ValidatorOptions.DEFAULT.messages(), ValidatorOptions.DEFAULT.bytes(), strict);
    }

    private static TraceReport report(String name, Validation validation) {
        long began = System.nanoTime();
        try {
            Verdict verdict = validation.run();
            return TraceReport.of(name, verdict, (System.nanoTime() - began) / 1e9);
        } catch (IOException | IllegalArgumentException e) {
            return TraceReport.unreadable(name, Problem.ofTrace(e), (System.nanoTime() - began) / 1e9);
        }
    }

    /** Validates traces while they are written. Ends at what decides, or with the JVM, whose end prints what is decided then. */
    private int followed(List<String> traces) throws IOException, InterruptedException {
        List<TraceReport> reports = new ArrayList<>();
        LiveValidation following = LiveValidation.of(traces, merge, follow, options(), report -> {
            reports.add(report);
            if (traces.size() > 1) {
                printOneOfMany(report);
            }
        });
        Thread atExit = new Thread(() -> {
            following.stop();
            int exit;
            try {
                exit = finish(reports, true);
                exit = System.out.checkError() ? ExitCode.FAULT : exit;
            } catch (Throwable e) { // the JVM is to end whatever it is
                exit = Main.failed(e);
            }
            System.err.flush();
            Runtime.getRuntime().halt(exit);
        });
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            following.run();
        } finally {
            leaveTo(atExit);
        }
        return finish(reports, true);
    }

    /** Takes back what was to be done at the JVM's end, or waits for it if that has begun: Ctrl-C prints the verdict. */
    private static void leaveTo(Thread atExit) throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            atExit.join();
        }
    }

    // ------------------------------------------------------------------------------------------------------- results

    private int finish(List<TraceReport> reports) throws IOException {
        return finish(reports, false);
    }

    /** Prints what is left to print and writes the files that were asked for; the exit code. */
    private int finish(List<TraceReport> reports, boolean told) throws IOException {
        if (reports.size() == 1) {
            TraceReport only = reports.get(0);
            print(only, only.explained(verbose) + TraceReport.text(only.evidence(), verbose));
        } else {
            if (!told) {
                reports.stream().sorted(TraceReport.WORST_FIRST).forEach(this::printOneOfMany);
            }
            if (format == Format.TEXT) {
                System.out.println(summary(reports) + TraceReport.text(evidence(reports), verbose));
            }
        }
        if (junitXml != null) {
            JUnitXml.write(junitXml, reports);
        }
        if (html != null && decided != null) {
            new Picture(Path.of(reports.get(0).name()), decided, reports.get(0)).write(html);
        }
        if (coverage != null) {
            CoverageFile.add(coverage, evidence(reports));
        }
        return TraceReport.exit(reports);
    }

    private void printOneOfMany(TraceReport report) {
        print(report, verbose ? report.explained(true) : report.line());
    }

    /** Verdicts go to standard output; what keeps a trace from being read is an error. */
    private void print(TraceReport report, String text) {
        if (report.kind() == TraceReport.Kind.UNREADABLE) {
            System.err.println(report.line());
        } else {
            System.out.println(format == Format.JSON ? report.json() : text);
        }
    }

    private static Evidence evidence(List<TraceReport> reports) {
        return reports.stream().map(TraceReport::evidence).reduce(Evidence.NONE, Evidence::plus);
    }

    private static String summary(List<TraceReport> reports) {
        long[] byExit = new long[4];
        reports.forEach(report -> byExit[report.exit()]++);
        long unsafe = reports.stream()
                .filter(report -> report.kind() == TraceReport.Kind.UNSAFE)
                .count();
        return String.format(
                Locale.ROOT,
                "%,d traces: %,d accepted, %,d diverged, %,d unsafe, %,d undecided, %,d unreadable; %,d events",
                reports.size(),
                byExit[ExitCode.OK],
                byExit[ExitCode.FAILED] - unsafe,
                unsafe,
                byExit[ExitCode.UNDECIDED],
                byExit[ExitCode.USAGE],
                evidence(reports).events());
    }
}
