package dev.checkedraft.cli;

import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.WholeFile;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.search.FaultProfile;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.Outcome;
import dev.checkedraft.sim.Transcript;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceSink;
import dev.checkedraft.trace.TraceWriter;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.MonotonicNonNull;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raft simulate}: a run of a simulated cluster, written as a trace. */
@Command(
        name = "simulate",
        description =
                "Run a simulated cluster with faults and write its trace. The same arguments give the same bytes.",
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
    @Option(names = "--nodes", paramLabel = "N", description = "servers, 1 to 9; default: ${DEFAULT-VALUE}")
    private int nodes = 3;

    @Option(names = "--seed", paramLabel = "S", description = "the random seed; default: ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(names = "--steps", paramLabel = "N", description = "decisions of the run; default: ${DEFAULT-VALUE}")
    private int steps = 1000;

    @Option(names = "--drop", paramLabel = "P", description = "probability that a message is lost; default: 0")
    private double drop;

    @Option(
            names = "--duplicate",
            paramLabel = "P",
            description = "probability that a message arrives again; default: 0")
    private double duplicate;

    @Option(
            names = "--crash",
            paramLabel = "P",
            description = "probability at each step that a server crashes; default: 0")
    private double crash;

    @Option(
            names = "--partition",
            paramLabel = "P",
            description = "probability at each step that links are cut; default: 0")
    private double partition;

    @Option(
            names = "--schedule",
            paramLabel = "FILE",
            description =
                    "run this saved schedule, and tell its steps on standard error; the other options are ignored then")
    private @Nullable Path schedule;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "where the trace goes; - is standard output")
    private @MonotonicNonNull String output;

    @Override
    public Integer call() throws IOException {
        if (steps < 0) {
            throw new IllegalArgumentException("--steps is 0 or more, not " + steps);
        }
        String file = output == null ? "-" : output;
        if (schedule != null) {
            return run(Schedule.load(schedule), file);
        }
        Setup setup = Setup.of(nodes, seed);
        Plan plan = new Plan(setup, FaultProfile.steady(drop, duplicate, crash, partition), seed, steps);
        Map<String, String> about =
                Map.of("generator", "raft simulate", "seed", Long.toString(seed), "steps", Integer.toString(steps));
        return run(plan::run, setup.traceHeader(about), file);
    }

    private static int run(Schedule schedule, String file) throws IOException {
        System.err.print(Transcript.of(schedule));
        TraceHeader header = schedule.setup().traceHeader(Map.of("generator", "raft simulate"));
        return run(sink -> Outcome.of(schedule, sink), header, file);
    }

    private static int run(Function<TraceSink, Outcome> simulation, TraceHeader header, String file)
            throws IOException {
        if (file.equals("-")) {
            return told(run(simulation, header, standardOutput()));
        }
        int[] exit = {ExitCode.FAULT};
        WholeFile.write(Path.of(file), out -> exit[0] = told(run(simulation, header, out)));
        return exit[0];
    }

    private static Outcome run(Function<TraceSink, Outcome> simulation, TraceHeader header, OutputStream out) {
        try (TraceWriter writer = new TraceWriter(out, header)) {
            return simulation.apply(writer);
        }
    }

    private static int told(Outcome outcome) {
        if (outcome.failure() != null) {
            System.err.println("raft: " + outcome.failure().getMessage());
            return ExitCode.FAILED;
        }
        System.err.println(outcome.reached().table());
        return ExitCode.OK;
    }

    private static OutputStream standardOutput() {
        return new FilterOutputStream(new BufferedOutputStream(System.out)) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                flush(); // standard output stays open
            }
        };
    }
}
