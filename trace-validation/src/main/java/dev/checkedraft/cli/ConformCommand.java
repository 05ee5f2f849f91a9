package dev.checkedraft.cli;

import dev.checkedraft.conform.ConformOptions;
import dev.checkedraft.conform.ConformReport;
import dev.checkedraft.conform.Conformance;
import dev.checkedraft.drive.Level;
import dev.checkedraft.explore.Bounds;
import dev.checkedraft.explore.PathCover;
import dev.checkedraft.explore.SpecStepCheck;
import dev.checkedraft.port.Json;
import dev.checkedraft.port.Pipe;
import dev.checkedraft.port.PortProcess;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.JUnitXml;
import dev.checkedraft.report.ProgressLine;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Send;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.ScheduleFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code raft conform}: tries a port of Raft in any language against the spec. */
@Command(
        name = "conform",
        description = {
            "Try a Raft in any language against the spec: starts one process a node, plays network, clock and crashes,"
                    + " and replays all that the nodes do. Prints \"conforms\", or the shortest schedule it finds on"
                    + " which the port does not. The protocol is in trace-validation/PORTING.md.",
            ""
        },
        footer = {
            "",
            "  ./raft conform -- python3 trace-validation/ports/python/raft.py",
            "",
            "Exit codes: 0 conforms, 1 does not, 2 wrong usage or the command does not start a port,",
            "3 too little was tried, or a limit was reached, and nothing is decided."
        },
        mixinStandardHelpOptions = true)
final class ConformCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "nodes in the cluster, 1 to 7; default: 3 mostly, and 1, 2, 4 and 5 in some runs")
    private @Nullable Integer nodes;

    @Option(names = "--seed", paramLabel = "S", description = "what all randomness is drawn from; default: 1")
    private long seed = 1;

    @Option(names = "--runs", paramLabel = "N", description = "runs; default: 500, or no end with --minutes")
    private @Nullable Integer runs;

    @Option(names = "--minutes", paramLabel = "M", description = "begin no run after so many minutes")
    private @Nullable Double minutes;

    @Option(names = "--steps", paramLabel = "N", description = "steps of a run, up to 1000; default: 200")
    private @Nullable Integer steps;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description = "what the port is held to: election, replication (and elections), all (and crashes);"
                    + " default: all")
    private String level = "all";

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            description = "how long a node may take to an answer; default: 5, and 30 for a new process's first")
    private double deadline = 5;

    @Option(names = "--replay", paramLabel = "FILE", description = "carry out the schedule in that file, and no other")
    private @Nullable Path replay;

    @Option(
            names = "--cover",
            description = "instead of runs at random, every step that a server can take in a cluster of 3 with 2 terms,"
                    + " 2 entries and 1 restart; with --nodes 2, of 2")
    private boolean cover;

    @Option(
            names = "--save",
            paramLabel = "FILE",
            description = "where the schedule of a failing run goes; default: conform-seed<S>-run<N>.schedule")
    private @Nullable Path save;

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "also write the verdict as a JUnit report")
    private @Nullable Path junitXml;

    @Option(names = "--format", paramLabel = "F", description = "text or json, one object in one line; default: text")
    private String format = "text";

    @Parameters(paramLabel = "-- CMD ARG", arity = "0..*", description = "the command that starts a node")
    private List<String> command = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ConformOptions options = options();
        Path file = replay;
        if (file != null) {
            return report(new Conformance(launcher(), options).replay(load(file)), options, file);
        }
        ProgressLine progress = new ProgressLine();
        Conformance conformance = new Conformance(launcher(), options);
        Consumer<ConformReport.Totals> shown = totals -> {
            synchronized (progress) {
                progress.show("conform: %,d runs, %,d steps, %,.0f s", totals.runs(), totals.steps(), totals.seconds());
            }
        };
        ConformReport report = cover ? conformance.cover(paths(), shown) : conformance.check(shown);
        progress.clear();
        return report(report, options, null);
    }

    private PathCover.Paths paths() {
        int size = nodes == null ? 3 : nodes;
        if (size != 2 && size != 3) {
            throw usage("--cover is of 2 or 3 nodes, not " + size);
        }
        Bounds bounds = new Bounds(size, 2, 2, 1);
        return PathCover.of(bounds, new SpecStepCheck(bounds.servers()));
    }

    private Pipe.Launcher launcher() {
        return () -> PortProcess.start(command);
    }

    private ConformOptions options() {
        if (command.isEmpty()) {
            throw usage("after -- goes the command that starts a node, such as: -- python3 my_raft.py");
        }
        if (!List.of("text", "json").contains(format)) {
            throw usage("--format must be text or json, not " + format);
        }
        if (nodes != null && nodes < 1) {
            throw usage("a cluster has 1 to 7 nodes, not " + nodes);
        }
        if (minutes != null && !(minutes > 0 && minutes < 1e6)) {
            throw usage("--minutes must be more than 0");
        }
        if (!(deadline > 0 && deadline < 1e6)) {
            throw usage("--deadline must be more than 0");
        }
        try {
            ConformOptions defaults = ConformOptions.DEFAULT;
            return defaults.withNodes(nodes == null ? 0 : nodes)
                    .withSeed(seed)
                    .withRuns(
                            runs != null ? runs : minutes != null ? Integer.MAX_VALUE : defaults.runs(),
                            steps == null ? defaults.steps() : steps)
                    .withLimit(minutes == null ? null : Duration.ofMillis((long) (minutes * 60_000)))
                    .withLevel(Level.valueOf(oneOfTheLevels().toUpperCase(Locale.ROOT)))
                    .withPatience(Duration.ofMillis((long) Math.ceil(deadline * 1000)), defaults.shrinking());
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private String oneOfTheLevels() {
        if (!List.of("election", "replication", "all").contains(level)) {
            throw usage("--level must be election, replication or all, not " + level);
        }
        return level;
    }

    private Schedule load(Path file) throws IOException {
        try {
            Schedule schedule = Schedule.load(file);
            for (Decision decision : schedule.decisions()) {
                if (decision instanceof CrashDuring crash && crash.input() instanceof Send) {
                    throw usage(
                            file + ": \"" + decision.text() + "\": what is sent in a node's name does not crash it");
                }
            }
            return schedule;
        } catch (ScheduleFormatException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private static int exit(ConformReport report) {
        return switch (report.verdict()) {
            case CONFORMS -> ExitCode.OK;
            case UNDECIDED -> ExitCode.UNDECIDED;
            case NOT_STARTED -> ExitCode.USAGE;
            case DOES_NOT_CONFORM -> ExitCode.FAILED;
        };
    }

    private int report(ConformReport report, ConformOptions options, @Nullable Path replayed) throws IOException {
        Path xml = junitXml;
        if (xml != null) {
            List<String> lines = new ArrayList<>(report.details());
            lines.addAll(report.schedule());
            JUnitXml.write(
                    xml,
                    "conform",
                    List.of(new JUnitXml.Case(
                            String.join(" ", command),
                            report.totals().seconds(),
                            exit(report),
                            report.text(),
                            String.join("\n", lines))));
        }
        if (format.equals("json")) {
            System.out.println(json(report));
            save(report, options, replayed, false);
            return exit(report);
        }
        if (report.verdict() == ConformReport.Verdict.NOT_STARTED) {
            System.err.println(report.text());
            report.details().forEach(line -> System.err.println("  " + line));
            return ExitCode.USAGE;
        }
        report.lines().forEach(System.out::println);
        save(report, options, replayed, true);
        return exit(report);
    }

    /** Saves the schedule of a failing run. If that cannot be done, the verdict stands all the same. */
    private void save(ConformReport report, ConformOptions options, @Nullable Path replayed, boolean says) {
        Schedule schedule = report.replayable();
        if (schedule == null || replayed != null) {
            return;
        }
        Path file = save != null ? save : Path.of("conform-seed" + seed + "-run" + report.run() + ".schedule");
        try {
            schedule.save(file, report.text());
        } catch (IOException e) {
            System.err.println("the schedule could not be saved: " + e.getMessage());
            return;
        }
        if (says) {
            System.out.println();
            System.out.println("Saved. To run it again:");
            System.out.println("  " + replayCommand(file, options));
        }
    }

    private static String json(ConformReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("verdict", report.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        json.put("text", report.text());
        json.put("run", report.run());
        json.put("details", report.details());
        json.put("schedule", report.schedule());
        json.put("runs", report.totals().runs());
        json.put("steps", report.totals().steps());
        json.put("events", report.totals().allEvents());
        return Json.write(json);
    }

    private String replayCommand(Path file, ConformOptions options) {
        StringBuilder text = new StringBuilder(quoted(System.getProperty("raft.launcher", "./raft")) + " conform");
        if (options.level() != Level.ALL) {
            text.append(" --level ").append(level);
        }
        text.append(" --replay ")
                .append(quoted(file.toAbsolutePath().normalize().toString()))
                .append(" --");
        command.forEach(word -> text.append(' ').append(quoted(word)));
        return text.toString();
    }

    /** A word as a shell reads it. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets this");
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
