package dev.checkedraft.cli;

import dev.checkedraft.explain.Explanation;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.replay.Merger;
import dev.checkedraft.replay.TraceValidator;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceFormatException;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceReader;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.MonotonicNonNull;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raft validate}: replays traces against the spec. */
@Command(
        name = "validate",
        description =
                "Replay traces against the spec: one verdict a trace, and the first event that no step of the spec"
                        + " explains, explained. The format is in trace-validation/FORMAT.md.",
        mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
    /** How a verdict is printed. */
    enum Format {
        TEXT,
        JSON
    }

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "traces, or directories of *.ndjson; - is standard input")
    private @MonotonicNonNull List<String> files;

    @Option(names = "--merge", description = "the files are one run, one file a server, each in its own order")
    private boolean merge;

    @Option(names = "--verbose", description = "explain a divergence at full length, and say what was exercised")
    private boolean verbose;

    @Option(names = "--format", paramLabel = "F", description = "text or json, an object a line; default: text")
    private Format format = Format.TEXT;

    @Option(
            names = "--frontier",
            paramLabel = "N",
            description = "states of the spec that may explain a trace at one time; default: ${DEFAULT-VALUE}")
    private int frontier = ValidatorOptions.DEFAULT.frontier();

    /** What there is to print of a trace, and on which stream. */
    private record Report(int exit, String out, String err) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (frontier < 1) {
            throw new IllegalArgumentException("--frontier is 1 or more, not " + frontier);
        }
        List<String> traces = new ArrayList<>();
        for (String file : files == null ? List.<String>of() : files) {
            traces.addAll(expand(file));
        }
        int worst = Main.OK;
        if (merge) {
            return print(report(String.join(" + ", traces), () -> merged(traces)));
        }
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Future<Report>> reports = new ArrayList<>();
            for (String trace : traces) {
                reports.add(pool.submit(() -> report(trace, () -> single(trace))));
            }
            for (Future<Report> report : reports) {
                worst = worse(worst, print(report.get()));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
        return worst;
    }

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

    /** Unreadable input outweighs a divergence, which outweighs an open verdict. */
    private static int worse(int a, int b) {
        List<Integer> order = List.of(Main.OK, Main.UNDECIDED, Main.FAILED, Main.USAGE);
        return order.indexOf(a) >= order.indexOf(b) ? a : b;
    }

    private static int print(Report report) {
        if (!report.out().isEmpty()) {
            System.out.println(report.out());
        }
        if (!report.err().isEmpty()) {
            System.err.println(report.err());
        }
        return report.exit();
    }

    private interface Validation {
        Verdict run() throws IOException;
    }

    private Verdict single(String file) throws IOException {
        try (TraceReader reader = open(file)) {
            return TraceValidator.validate(reader, options());
        }
    }

    private Verdict merged(List<String> traces) throws IOException {
        List<TraceReader> readers = new ArrayList<>();
        try {
            for (String trace : traces) {
                readers.add(open(trace));
            }
            return Merger.validate(readers, options());
        } finally {
            for (TraceReader reader : readers) {
                reader.close();
            }
        }
    }

    private ValidatorOptions options() {
        return new ValidatorOptions(frontier, ValidatorOptions.DEFAULT.messages());
    }

    private static TraceReader open(String file) throws IOException {
        return file.equals("-")
                ? TraceReader.open(System.in, "standard input", TraceLimits.DEFAULT)
                : TraceReader.open(Path.of(file));
    }

    private Report report(String name, Validation validation) {
        long start = System.nanoTime();
        try {
            Verdict verdict = validation.run();
            double seconds = (System.nanoTime() - start) / 1e9;
            int exit = verdict instanceof Verdict.Accepted
                    ? Main.OK
                    : verdict instanceof Verdict.Undecided ? Main.UNDECIDED : Main.FAILED;
            return new Report(exit, format == Format.JSON ? json(verdict) : text(name, verdict, seconds), "");
        } catch (TraceFormatException e) {
            return new Report(Main.USAGE, "", String.valueOf(e.getMessage()));
        } catch (IOException | IllegalArgumentException e) {
            return new Report(Main.USAGE, "", "raft: " + Main.message(e));
        }
    }

    private String text(String name, Verdict verdict, double seconds) {
        long events = verdict.evidence().events();
        String head;
        if (verdict instanceof Verdict.Accepted) {
            head = String.format(Locale.ROOT, "%s: accepted, %,d events in %.1f s", name, events, seconds);
        } else if (verdict instanceof Verdict.Undecided open) {
            head = String.format(Locale.ROOT, "%s: undecided after %,d events: %s", open.where(), events, open.limit());
        } else if (verdict instanceof Verdict.Diverged diverged) {
            head = Explanation.of(diverged.divergence()).text(verbose);
        } else {
            throw new AssertionError(verdict);
        }
        return head.stripTrailing() + evidence(verdict.evidence());
    }

    private String evidence(Evidence evidence) {
        List<String> unchecked = evidence.neverChecked();
        String never = unchecked.isEmpty() ? "" : "\n  never checked: " + String.join(", ", unchecked);
        if (!verbose) {
            return never;
        }
        String actions = evidence.byAction().entrySet().stream()
                .map(action -> action.getKey().label() + " " + action.getValue())
                .collect(Collectors.joining(", "));
        String branches = evidence.neverTaken().stream()
                .map(branch -> "\n  never taken: " + branch.operator() + " " + branch.location() + " " + branch.text())
                .collect(Collectors.joining());
        return "\n  by action: " + actions + never + branches;
    }

    private static String json(Verdict verdict) {
        if (verdict instanceof Verdict.Diverged diverged) {
            return Explanation.of(diverged.divergence()).json();
        }
        String evidence = verdict.evidence().json();
        String name = verdict instanceof Verdict.Accepted ? "accepted" : "undecided";
        return "{\"verdict\":\"" + name + "\",\"evidence\":" + evidence + "}";
    }
}
