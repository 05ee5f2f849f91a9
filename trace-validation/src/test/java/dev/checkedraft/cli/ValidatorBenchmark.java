package dev.checkedraft.cli;

import dev.checkedraft.core.Action;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.search.FaultProfile;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.trace.TraceSink;
import dev.checkedraft.trace.TraceWriter;
import dev.checkedraft.validate.TraceValidator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Prints how fast traces are validated on this machine, each in a JVM of its own with 512 MB of heap whose start counts:
 *
 * <pre>java -cp trace-validation/target/test-classes:trace-validation/target/checked-raft.jar \
 *     dev.checkedraft.cli.ValidatorBenchmark</pre>
 *
 * <p>Times are the clock's, and in brackets the processors', of all threads: where the machine is shared, the second tells
 * more. An argument is how often all is measured; 1 if left out.
 */
public final class ValidatorBenchmark {
    private static final int SHORT = 100_000;
    private static final int LONG = 1_000_000;

    private ValidatorBenchmark() {}

    /** Measures. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 4 && args[0].equals("--validate")) {
            validate(Path.of(args[1]), Integer.parseInt(args[2]), Boolean.parseBoolean(args[3]));
            return;
        }
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        Path dir = Files.createTempDirectory("raft-benchmark");
        try {
            System.out.println("making traces...");
            Path hundredThousand = trace(dir.resolve("100k.ndjson"), SHORT);
            Path million = trace(dir.resolve("1m.ndjson"), LONG);
            Path many = Files.createDirectory(dir.resolve("many"));
            for (int k = 0; k < 1000; k++) {
                write(many.resolve("t" + k + ".ndjson"), 1000 + k, 300, 3000, Set.of());
            }
            Set<String> half = Set.of("votedFor", "votesGranted", "votesRefused", "matchIndex");
            Set<String> otherHalf = new TreeSet<>(TraceEvent.STATE_FIELDS);
            otherHalf.removeAll(half);
            Path inexact = dir.resolve("inexact.ndjson");
            Path inexactToo = dir.resolve("inexact-too.ndjson");
            write(inexact, 3, 5000, 20_000, half);
            write(inexactToo, 3, 5000, 20_000, otherHalf);
            for (int round = 1; round <= rounds; round++) {
                rates("100,000 events", hundredThousand, SHORT, true);
                rates("100,000 events, by AnyRaft.tla", hundredThousand, SHORT, false);
                rates("1,000,000 events", million, LONG, true);
                run("1,000 traces of 300 events", "validate", "--strict", many.toString());
                run(
                        "5,000 events, no msg, no " + String.join(", ", new TreeSet<>(half)),
                        "validate",
                        "--strict",
                        inexact.toString());
                run(
                        "5,000 events, no msg, no " + String.join(", ", otherHalf),
                        "validate",
                        "--strict",
                        inexactToo.toString());
                System.out.printf(
                        Locale.ROOT,
                        "load %.1f on %d processors, JDK %s%n",
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version());
            }
        } finally {
            try (Stream<Path> files = Files.walk(dir)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    // -------------------------------------------------------------------------------------------------------- traces

    private static Path trace(Path file, int events) throws IOException {
        write(file, 1, events, 3 * events, Set.of());
        return file;
    }

    /**
     * Writes the first events of a simulated run of three servers.
     *
     * @param lacking state fields that the trace lacks; if there are any, it lacks the messages handled, too
     */
    private static void write(Path file, long seed, int events, int steps, Set<String> lacking) throws IOException {
        Setup setup = Setup.of(3, seed);
        TraceHeader whole = setup.traceHeader(Map.of());
        Set<String> observes = new TreeSet<>(whole.observes());
        observes.removeAll(lacking);
        TraceHeader header = new TraceHeader(whole.servers(), observes, Map.of());
        try (TraceWriter writer = new TraceWriter(new BufferedOutputStream(Files.newOutputStream(file)), header)) {
            int[] written = {0};
            TraceSink sink = event -> {
                if (written[0]++ < events) {
                    writer.accept(lacking.isEmpty() ? event : without(event, lacking));
                }
            };
            new Plan(setup, FaultProfile.steady(0.05, 0.02, 0.001, 0), seed, steps).run(sink);
            if (written[0] < events) {
                throw new IllegalStateException("only " + written[0] + " events in " + steps + " steps");
            }
        }
    }

    private static TraceEvent without(TraceEvent event, Set<String> fields) {
        Map<String, Object> state = new LinkedHashMap<>(event.state());
        state.keySet().removeAll(fields);
        boolean isSend = event.action().is(Action.SEND_APPEND_ENTRIES);
        return new TraceEvent(
                event.action(), event.node(), isSend ? event.msg() : null, event.sent(), event.value(), state);
    }

    // -------------------------------------------------------------------------------------------------- measurements

    private static void rates(String what, Path trace, int events, boolean strict)
            throws IOException, InterruptedException {
        List<String> out = run(
                what,
                ValidatorBenchmark.class,
                "--validate",
                trace.toString(),
                Integer.toString(events),
                Boolean.toString(strict));
        double whole = Double.parseDouble(out.get(0));
        double second = Double.parseDouble(out.get(1));
        System.out.printf(
                Locale.ROOT,
                "%35s %,.0f events/s from JVM start; second half %,.0f events/s%n",
                "",
                events / whole,
                events / 2.0 / second);
    }

    /** What the JVM of a measurement does: prints the seconds that all and that the second half of the events took. */
    private static void validate(Path trace, int events, boolean strict) throws IOException {
        ValidatorOptions options = strict ? ValidatorOptions.DEFAULT : ValidatorOptions.DEFAULT.anyRaft();
        long[] half = {0};
        Verdict verdict;
        try (TraceReader reader = TraceReader.open(trace)) {
            verdict = TraceValidator.validateReadingAhead(reader, options, done -> {
                if (done == events / 2) {
                    half[0] = System.currentTimeMillis();
                }
            });
        }
        long now = System.currentTimeMillis();
        if (!(verdict instanceof Verdict.Accepted)) {
            throw new IllegalStateException(verdict.toString());
        }
        long start = ManagementFactory.getRuntimeMXBean().getStartTime();
        System.out.println((now - start) / 1e3);
        System.out.println((now - half[0]) / 1e3);
    }

    private static void run(String what, String... args) throws IOException, InterruptedException {
        List<String> out = run(what, Main.class, args);
        System.out.printf(
                "%35s %s%n",
                "",
                out.stream()
                        .filter(line -> line.contains("accepted"))
                        .reduce((a, b) -> b)
                        .orElse(out.toString()));
    }

    private static List<String> run(String what, Class<?> main, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path", ""),
                main.getName()));
        command.addAll(List.of(args));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Sampler sampler = new Sampler(process.toHandle());
        sampler.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        sampler.join();
        System.out.printf(
                Locale.ROOT,
                "%-35s %6.1f s (%.1f s)%n",
                what,
                (System.nanoTime() - start) / 1e9,
                sampler.processors.toMillis() / 1e3);
        return out.lines().toList();
    }

    /** Looks at how much processor time a process has used, until it ends. */
    private static final class Sampler extends Thread {
        private final ProcessHandle process;
        private volatile Duration processors = Duration.ZERO;

        Sampler(ProcessHandle process) {
            super("sampler");
            this.process = process;
        }

        @Override
        public void run() {
            while (process.isAlive()) {
                process.info().totalCpuDuration().ifPresent(now -> processors = now);
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }
}
