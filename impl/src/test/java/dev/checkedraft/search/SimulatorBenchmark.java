package dev.checkedraft.search;

import dev.checkedraft.schedule.Setup;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.trace.TraceSink;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Prints how many steps a second the simulator makes on this machine, in one thread: with no traces, safety checked after
 * every step. Arguments: nodes, 3 if left out; steps a round, 1,000,000 if left out.
 */
public final class SimulatorBenchmark {
    private SimulatorBenchmark() {}

    /** Runs five rounds; the first are slower, until the JVM has compiled the code. */
    public static void main(String[] args) {
        int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int steps = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        for (int round = 1; round <= 5; round++) {
            Plan quiet = new Plan(Setup.of(nodes, round), FaultProfile.steady(0.05, 0.02, 0.001, 0), round, steps);
            print("one run", steps, () -> quiet.run(TraceSink.NONE));
            long seed = 1_000L * round;
            print("runs of 300", steps, () -> {
                for (int k = 0; k < steps / 300; k++) {
                    Plan.of(seed + k, 300).run(TraceSink.NONE);
                }
            });
        }
    }

    private static void print(String what, int steps, Runnable run) {
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long start = System.nanoTime();
        long startOfWork = thread.getCurrentThreadCpuTime();
        run.run();
        long took = System.nanoTime() - start;
        long worked = thread.getCurrentThreadCpuTime() - startOfWork;
        System.out.printf(
                "%-12s %,d steps: %,d a second; %,d a second of this thread's time on a core%n",
                what, steps, steps * 1_000_000_000L / took, steps * 1_000_000_000L / worked);
    }
}
