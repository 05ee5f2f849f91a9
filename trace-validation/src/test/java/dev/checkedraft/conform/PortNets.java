package dev.checkedraft.conform;

import dev.checkedraft.drive.Level;
import dev.checkedraft.port.Failure;
import dev.checkedraft.port.JavaPort;
import dev.checkedraft.port.PortLines;
import dev.checkedraft.port.ProtocolException;
import dev.checkedraft.schedule.Setup;
import java.io.IOException;

/** What tries a port, in process: for hunting bugs that are planted in the Java core, which is a port too. */
public final class PortNets {
    private static final int STEPS = 200;

    private PortNets() {}

    /** What {@code raft conform} does, without processes: the number of the first run that fails, 0 if none does. */
    public static int firstFailingRun(int runs) throws InterruptedException {
        try (PortCluster cluster = new PortCluster(Kit.inProcess(), Kit.PATIENCE, Level.ALL)) {
            for (int run = 1; run <= runs; run++) {
                Setup setup = RandomSteps.setup(0, run, run);
                RandomSteps steps = new RandomSteps(run, setup, Level.ALL, STEPS);
                Failure failure = cluster.execute(setup, steps, () -> false, false, run == 1)
                        .failure();
                if (failure != null) {
                    return run;
                }
            }
        }
        return 0;
    }

    /** How many vectors fail, by the rules of {@code ports/python/run_vectors.py}. */
    public static int failingVectors() throws IOException, ProtocolException, InterruptedException {
        return Vectors.failing(PortLines.pipes(JavaPort::new), false).size();
    }
}
