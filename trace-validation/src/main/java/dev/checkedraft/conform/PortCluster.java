package dev.checkedraft.conform;

import dev.checkedraft.drive.Level;
import dev.checkedraft.drive.PortNode;
import dev.checkedraft.drive.Run;
import dev.checkedraft.drive.RunResult;
import dev.checkedraft.drive.Scheduler;
import dev.checkedraft.drive.Step;
import dev.checkedraft.port.Answer;
import dev.checkedraft.port.Failure;
import dev.checkedraft.port.Pipe;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.trace.TraceSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The nodes of a port, to run schedules on one after another; used by one thread at a time. */
final class PortCluster implements AutoCloseable {
    private final Pipe.Launcher launcher;
    private final Duration patience;
    private final Level level;

    /** By node; a small cluster uses the first ones. */
    private final List<PortNode> pool = new ArrayList<>();

    private final Thread cleanup;
    private TraceSink sink = TraceSink.NONE;

    /** For nodes of any kind; none is started yet. */
    PortCluster(Pipe.Launcher launcher, Duration patience, Level level) {
        this.launcher = launcher;
        this.patience = patience;
        this.level = level;
        List<PortNode> nodes = pool;
        this.cleanup = new Thread(() -> List.copyOf(nodes).forEach(PortNode::kill), "conform-cleanup");
        Runtime.getRuntime().addShutdownHook(cleanup);
    }

    /** Has every event of later runs go to {@code newSink}. */
    void trace(TraceSink newSink) {
        sink = newSink;
    }

    /**
     * Runs a plan.
     *
     * @param fresh whether every node is to begin in a process of its own
     * @param probes whether to try inputs first that every node must refuse
     */
    RunResult execute(Setup setup, Scheduler plan, Run.KillPolicy kills, boolean fresh, boolean probes)
            throws InterruptedException {
        while (pool.size() < setup.nodes()) {
            pool.add(new PortNode(pool.size() + 1, launcher, patience));
        }
        List<PortNode> nodes = pool.subList(0, setup.nodes());
        RunResult result = new Run(setup, level, nodes, kills, sink).execute(plan, fresh, probes);
        Failure failure = result.failure();
        if (failure != null && failure.kind().isOfTheProcess()) {
            nodes.forEach(PortNode::kill);
        }
        return result;
    }

    /** Runs steps in processes that have run others before, if the port allows that. */
    RunResult quickly(Setup setup, List<Step> steps) throws InterruptedException {
        return execute(setup, Scheduler.of(steps), () -> false, false, false);
    }

    /** Runs steps in new processes, of which every crash is the end. */
    RunResult afresh(Setup setup, List<Step> steps) throws InterruptedException {
        return execute(setup, Scheduler.of(steps), () -> true, true, false);
    }

    /** Runs the steps of a run again: the answers must be the same. */
    RunResult again(RunResult first, boolean fresh) throws InterruptedException {
        RunResult second = fresh ? afresh(first.setup(), first.steps()) : quickly(first.setup(), first.steps());
        Failure failure = second.failure();
        return second.with(failure == null ? difference(first, second) : failure);
    }

    /** The first answer that differs. */
    private static @Nullable Failure difference(RunResult first, RunResult second) {
        List<Answer> a = first.answers();
        List<Answer> b = second.answers();
        for (int k = 0; k < Math.min(a.size(), b.size()); k++) {
            if (!a.get(k).equals(b.get(k))) {
                // The first answers are those to start, one a node.
                int step = Math.max(0, k + 1 - first.setup().nodes());
                return new Failure(
                        Failure.Kind.NOT_DETERMINISTIC,
                        Math.min(step, second.steps().size()),
                        null,
                        "the same inputs, from the same seed, gave two answers",
                        List.of(
                                "first:  " + a.get(k).summary(),
                                "second: " + b.get(k).summary()));
            }
        }
        return null;
    }

    /** Ends the nodes' processes. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(cleanup);
        } catch (IllegalStateException e) {
            // The JVM is going down already, and the hook with it.
        }
        pool.forEach(PortNode::close);
        pool.clear();
    }
}
