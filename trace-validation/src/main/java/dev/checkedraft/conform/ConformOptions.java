package dev.checkedraft.conform;

import dev.checkedraft.drive.Level;
import java.time.Duration;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How to try a port.
 *
 * @param command the command that starts a node
 * @param nodes how many nodes, 1 to 7; 0 for a mix of sizes, mostly 3
 * @param seed what all randomness is drawn from
 * @param runs how many runs at most
 * @param limit no run begins after this time; null for no limit
 * @param level what the port is held to
 * @param steps the steps of a run
 * @param patience how long a node may take to an answer
 * @param workers how many runs go on at a time
 * @param shrinking how long to look for a shorter schedule once a run has failed
 */
public record ConformOptions(
        List<String> command,
        int nodes,
        long seed,
        int runs,
        @Nullable Duration limit,
        Level level,
        int steps,
        Duration patience,
        int workers,
        Duration shrinking) {
    /** What is enough, mostly, to look for a shorter schedule. */
    public static final Duration SHRINKING = Duration.ofSeconds(30);

    /** The steps of a run, if nothing else is asked for. */
    public static final int STEPS = 200;

    public ConformOptions {
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("no command that starts a node");
        }
        if (nodes < 0 || nodes > 7) {
            throw new IllegalArgumentException("a cluster has 1 to 7 nodes, not " + nodes);
        }
        if (runs < 1 || steps < 1 || steps > 1000) {
            throw new IllegalArgumentException("1 run or more, of 1 to 1000 steps, not " + runs + " of " + steps);
        }
        if (workers < 1) {
            throw new IllegalArgumentException("one worker or more, not " + workers);
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("an answer takes more time than " + patience);
        }
    }
}
