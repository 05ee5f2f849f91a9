package dev.checkedraft.bench;

import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceSink;
import dev.checkedraft.trace.TraceWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The core against MicroRaft: operations for each second that the loop's thread has had a processor, in JVMs of their own
 * and in turns. No {@code *Test}, so that it runs only when it is asked for; the command is in {@code impl/README.md}.
 */
final class PeerBenchmark {
    private static final int FORKS = 5;
    private static final int[] WINDOWS = {1, 64, 256};
    private static final int WARM_UP_ROUNDS = 4;
    private static final int ROUNDS = 4;
    private static final long COMMANDS = 50_000;

    private enum Contender {
        MICRO_RAFT("MicroRaft"),
        CORE("core"),
        CORE_TRACED("core, traced");

        private final String label;

        Contender(String label) {
            this.label = label;
        }

        Cluster start(Loop loop) {
            return switch (this) {
                case MICRO_RAFT -> new MicroRaftCluster(loop);
                case CORE -> new CoreCluster(loop, null);
                case CORE_TRACED -> new CoreCluster(loop, tracesToNowhere());
            };
        }
    }

    private record Row(int window, Contender contender) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            return window != other.window
                    ? Integer.compare(window, other.window)
                    : contender.compareTo(other.contender);
        }
    }

    @Test
    void printsTheTable() throws IOException, InterruptedException {
        Map<Row, List<Double>> rates = new TreeMap<>();
        for (int fork = 1; fork <= FORKS; fork++) {
            measureInAnotherJvm(rates);
        }
        System.out.printf(
                "%nMicroRaft and the core, JDK %s, %d processors: thousands of operations a processor's second%n%n",
                System.getProperty("java.version"), Runtime.getRuntime().availableProcessors());
        System.out.println("| window | | median | least to most | of MicroRaft's |");
        System.out.println("| --- | --- | --- | --- | --- |");
        rates.forEach((row, ofForks) -> {
            double peer = median(rates.get(new Row(row.window, Contender.MICRO_RAFT)));
            System.out.printf(
                    "| %d | %s | %.0f | %.0f to %.0f | %.2f |%n",
                    row.window,
                    row.contender.label,
                    median(ofForks) / 1_000,
                    ofForks.stream().min(Double::compare).orElseThrow() / 1_000,
                    ofForks.stream().max(Double::compare).orElseThrow() / 1_000,
                    median(ofForks) / peer);
        });
    }

    private static void measureInAnotherJvm(Map<Row, List<Double>> rates) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PeerBenchmark.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                Row row = new Row(Integer.parseInt(words[0]), Contender.valueOf(words[1]));
                rates.computeIfAbsent(row, none -> new ArrayList<>()).add(Double.parseDouble(words[2]));
            }
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException("a JVM of the benchmark ended with " + process.exitValue());
        }
    }

    /** One fork: prints a line for each window and contender. */
    public static void main(String[] args) {
        for (int window : WINDOWS) {
            Map<Contender, Long> nanos = new EnumMap<>(Contender.class);
            for (int round = 1; round <= WARM_UP_ROUNDS + ROUNDS; round++) {
                for (Contender contender : Contender.values()) {
                    long took = round(contender, window);
                    if (round > WARM_UP_ROUNDS) {
                        nanos.merge(contender, took, Long::sum);
                    }
                }
            }
            nanos.forEach((contender, took) ->
                    System.out.println(window + " " + contender.name() + " " + ROUNDS * COMMANDS * 1e9 / took));
        }
    }

    /** The processor's time in nanoseconds, from the first command to the last node that applied the last. */
    private static long round(Contender contender, int window) {
        Loop loop = new Loop(System::nanoTime);
        Cluster cluster = contender.start(loop);
        loop.runUntil(cluster::hasLeader);
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long start = thread.getCurrentThreadCpuTime();
        Client.run(loop, cluster, window, COMMANDS);
        return thread.getCurrentThreadCpuTime() - start;
    }

    private static Function<String, TraceSink> tracesToNowhere() {
        TraceHeader header = new TraceHeader(Cluster.NODES, Set.copyOf(TraceEvent.STATE_FIELDS), Map.of());
        return id -> new TraceWriter(OutputStream.nullOutputStream(), header);
    }

    private static double median(List<Double> rates) {
        double[] ascending = rates.stream().mapToDouble(rate -> rate).toArray();
        Arrays.sort(ascending);
        return ascending[ascending.length / 2];
    }
}
