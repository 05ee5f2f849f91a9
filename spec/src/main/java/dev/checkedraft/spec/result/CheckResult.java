package dev.checkedraft.spec.result;

import dev.checkedraft.spec.raft.Counterexample;
import java.nio.file.Path;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The result of a run of TLC. The counts are those TLC gave last: final if the run came to an end.
 *
 * @param outcome what it came to
 * @param generated states generated, repetitions included; 0 if TLC came to none
 * @param distinct states that differ; -1 in a simulation
 * @param queue states left whose successors were not generated; 0 when the search is exhaustive
 * @param depth states on the longest of the shortest runs; -1 in a simulation
 * @param seconds from the start of the JVM to its end
 * @param counterexample the run that violates the property, if TLC printed one
 * @param checkpoint the directory that a later run can recover from, if TLC wrote one and did not finish
 */
public record CheckResult(
        Outcome outcome,
        long generated,
        long distinct,
        long queue,
        int depth,
        double seconds,
        @Nullable Counterexample counterexample,
        @Nullable Path checkpoint) {

    public boolean isOk() {
        return outcome instanceof Outcome.Ok;
    }

    public CheckResult withoutCheckpoint() {
        return new CheckResult(outcome, generated, distinct, queue, depth, seconds, counterexample, null);
    }

    public CheckResult with(@Nullable Counterexample newCounterexample) {
        return new CheckResult(outcome, generated, distinct, queue, depth, seconds, newCounterexample, checkpoint);
    }

    /** States generated a second. */
    public double rate() {
        return seconds > 0 ? generated / seconds : 0;
    }
}
