package dev.checkedraft.cli;

import dev.checkedraft.explore.Bounds;
import dev.checkedraft.explore.Exploration;
import dev.checkedraft.explore.Explorer;
import dev.checkedraft.explore.SpecStepCheck;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.ProgressLine;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raft explore}: every schedule of the Java core within bounds, each step held against the spec. */
@Command(
        name = "explore",
        description =
                "Take the Java core through every schedule within bounds, with every message that the spec lets correct"
                        + " servers send: every state is held against the safety properties, every step against the spec.",
        mixinStandardHelpOptions = true)
final class ExploreCommand implements Callable<Integer> {
    /** What a state takes, with how it was reached and its place in the queue, in bytes. */
    private static final long ONE_STATE = 200;

    @Option(names = "--nodes", paramLabel = "N", description = "servers, 1 to 5; default: ${DEFAULT-VALUE}")
    private int nodes = 3;

    @Option(names = "--max-term", paramLabel = "T", description = "the highest term; default: ${DEFAULT-VALUE}")
    private int maxTerm = 2;

    @Option(
            names = "--max-log",
            paramLabel = "L",
            description = "the most entries in a log, no-ops included; default: ${DEFAULT-VALUE}")
    private int maxLog = 2;

    @Option(
            names = "--max-restarts",
            paramLabel = "R",
            description = "restarts, all servers together; default: ${DEFAULT-VALUE}")
    private int maxRestarts = 1;

    @Option(
            names = "--max-states",
            paramLabel = "S",
            description = "give up after so many states, exit code 3; default: ${DEFAULT-VALUE}")
    private long maxStates = 50_000_000;

    @Override
    public Integer call() {
        Bounds bounds = new Bounds(nodes, maxTerm, maxLog, maxRestarts);
        ProgressLine line = new ProgressLine();
        long room = Runtime.getRuntime().maxMemory() / ONE_STATE;
        Exploration found = new Explorer(bounds, new SpecStepCheck(bounds.servers()))
                .run(
                        Math.min(room, maxStates),
                        (states, transitions) -> line.show("%,d states, %,d transitions", states, transitions));
        line.clear();
        System.out.printf(
                Locale.ROOT,
                "%d servers, %d terms, %d entries, %d restarts: %,d states, %,d transitions, depth %d%n"
                        + "%,d states of a server, %,d steps of one, each held against Raft.tla%n"
                        + "%.1f s, %,.0f transitions a second%n",
                nodes,
                maxTerm,
                maxLog,
                maxRestarts,
                found.states(),
                found.transitions(),
                found.depth(),
                found.localStates(),
                found.localSteps(),
                found.seconds(),
                found.transitions() / found.seconds());
        if (found.violation() != null) {
            System.out.println("violated: " + found.violation() + ", by the schedule");
            for (int k = 0; k < found.schedule().size(); k++) {
                System.out.printf(
                        Locale.ROOT, "%3d  %s%n", k + 1, found.schedule().get(k));
            }
            return ExitCode.FAILED;
        }
        System.out.println(
                found.exhausted()
                        ? "exhausted: every state is safe, every step is the spec's"
                        : "not exhausted: the limit of states was reached, "
                                + (room < maxStates
                                        ? "all that this heap has room for: give the JVM more, as in RAFT_JAVA_OPTS=-Xmx4g"
                                        : "--max-states"));
        return found.exhausted() ? ExitCode.OK : ExitCode.UNDECIDED;
    }
}
