package dev.checkedraft.conform;

import dev.checkedraft.drive.Level;
import java.time.Duration;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How to try a port.
 *
 * @param nodes how many nodes, 1 to 7; 0 for a mix of sizes, mostly 3
 * @param seed what all randomness is drawn from
 * @param runs how many runs at most
 * @param limit no run begins after this time; null for no limit
 * @param level what the port is held to
 * @param steps the steps of a run
 * @param patience how long a node that is a process may take to an answer
 * @param workers how many runs go on at a time
 * @param shrinking how long to look for a shorter schedule once a run has failed
 */
public record ConformOptions(
        int nodes,
        long seed,
        int runs,
        @Nullable Duration limit,
        Level level,
        int steps,
        Duration patience,
        int workers,
        Duration shrinking) {
    private static final int MOST_WORKERS = 4;

    /** 500 runs of 200 steps, of clusters of mixed sizes, with crashes; 5 seconds to an answer. */
    public static final ConformOptions DEFAULT = new ConformOptions(
            0,
            1,
            500,
            null,
            Level.ALL,
            200,
            Duration.ofSeconds(5),
            Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors()),
            Duration.ofSeconds(30));

    public ConformOptions {
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

    /** The same for clusters of another size; 0 for a mix. */
    public ConformOptions withNodes(int newNodes) {
        return new ConformOptions(newNodes, seed, runs, limit, level, steps, patience, workers, shrinking);
    }

    /** The same from another seed. */
    public ConformOptions withSeed(long newSeed) {
        return new ConformOptions(nodes, newSeed, runs, limit, level, steps, patience, workers, shrinking);
    }

    /** The same with other numbers of runs and of steps in each. */
    public ConformOptions withRuns(int newRuns, int newSteps) {
        return new ConformOptions(nodes, seed, newRuns, limit, level, newSteps, patience, workers, shrinking);
    }

    /** The same that ends after a time. */
    public ConformOptions withLimit(@Nullable Duration newLimit) {
        return new ConformOptions(nodes, seed, runs, newLimit, level, steps, patience, workers, shrinking);
    }

    /** The same at another level. */
    public ConformOptions withLevel(Level newLevel) {
        return new ConformOptions(nodes, seed, runs, limit, newLevel, steps, patience, workers, shrinking);
    }

    /** The same with other times to wait for an answer, and to look for a shorter schedule. */
    public ConformOptions withPatience(Duration newPatience, Duration newShrinking) {
        return new ConformOptions(nodes, seed, runs, limit, level, steps, newPatience, workers, newShrinking);
    }

    /** The same with so many runs at a time. */
    public ConformOptions withWorkers(int newWorkers) {
        return new ConformOptions(nodes, seed, runs, limit, level, steps, patience, newWorkers, shrinking);
    }
}
