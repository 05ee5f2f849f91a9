package dev.checkedraft.spec.run;

import dev.checkedraft.spec.result.CheckResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How to run TLC. Start from {@link #defaults()}.
 *
 * @param workers threads that generate states; with more than one, the counterexample found may not be a shortest
 * @param heap the JVM's heap as {@code -Xmx} takes it, "4g"; null for the JVM's default, a quarter of the memory
 * @param timeout after this TLC is ended, without a verdict; null for never
 * @param metadir where TLC keeps its states and checkpoints, which stay there after a run that did not finish; null for
 *     a temporary directory
 * @param recover the checkpoint to start from, as {@link CheckResult#checkpoint()} gave it; null to start anew
 * @param checkpoint the time between checkpoints; null for TLC's default of 30 minutes. TLC looks at its clock 3 seconds
 *     after the start and then once a minute.
 * @param endAtCheckpoint whether to end TLC once it has written a checkpoint, to go on another time
 * @param brief whether the run is expected to be over in some ten seconds; then the JVM compiles less, which halves the
 *     time of such runs and prolongs longer ones by a third
 * @param tla2tools the jar to use; null for that of the system property {@code raft.tla2tools}, or else ours
 */
public record CheckOptions(
        int workers,
        @Nullable String heap,
        @Nullable Duration timeout,
        @Nullable Path metadir,
        @Nullable Path recover,
        @Nullable Duration checkpoint,
        boolean endAtCheckpoint,
        boolean brief,
        @Nullable Path tla2tools) {
    public CheckOptions {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, not " + workers);
        }
        if (heap != null && !heap.matches("\\d+[kmgKMG]?")) {
            throw new IllegalArgumentException("heap must be a size like 4g, not " + heap);
        }
    }

    /** As many workers as there are processors, and otherwise what null means. */
    public static CheckOptions defaults() {
        return new CheckOptions(
                Runtime.getRuntime().availableProcessors(), null, null, null, null, null, false, false, null);
    }

    public CheckOptions withWorkers(int newWorkers) {
        return new CheckOptions(
                newWorkers, heap, timeout, metadir, recover, checkpoint, endAtCheckpoint, brief, tla2tools);
    }

    public CheckOptions withHeap(@Nullable String newHeap) {
        return new CheckOptions(
                workers, newHeap, timeout, metadir, recover, checkpoint, endAtCheckpoint, brief, tla2tools);
    }

    public CheckOptions withTimeout(@Nullable Duration newTimeout) {
        return new CheckOptions(
                workers, heap, newTimeout, metadir, recover, checkpoint, endAtCheckpoint, brief, tla2tools);
    }

    public CheckOptions withMetadir(@Nullable Path newMetadir) {
        return new CheckOptions(
                workers, heap, timeout, newMetadir, recover, checkpoint, endAtCheckpoint, brief, tla2tools);
    }

    public CheckOptions withRecover(@Nullable Path newRecover) {
        return new CheckOptions(
                workers, heap, timeout, metadir, newRecover, checkpoint, endAtCheckpoint, brief, tla2tools);
    }

    public CheckOptions withCheckpoint(@Nullable Duration newCheckpoint) {
        return new CheckOptions(
                workers, heap, timeout, metadir, recover, newCheckpoint, endAtCheckpoint, brief, tla2tools);
    }

    public CheckOptions endingAtCheckpoint() {
        return new CheckOptions(workers, heap, timeout, metadir, recover, checkpoint, true, brief, tla2tools);
    }

    public CheckOptions forBriefRun() {
        return new CheckOptions(workers, heap, timeout, metadir, recover, checkpoint, endAtCheckpoint, true, tla2tools);
    }

    public CheckOptions withTla2tools(@Nullable Path newTla2tools) {
        return new CheckOptions(
                workers, heap, timeout, metadir, recover, checkpoint, endAtCheckpoint, brief, newTla2tools);
    }

    /** The same without a checkpoint to recover from, and without leaving any. */
    CheckOptions fromTheStart() {
        return withRecover(null).withMetadir(null);
    }

    /** The JVM's arguments that these options mean. */
    List<String> jvmArguments() {
        List<String> arguments = new ArrayList<>();
        if (heap != null) {
            arguments.add("-Xmx" + heap);
        }
        if (brief) {
            arguments.add("-XX:TieredStopAtLevel=1");
        }
        if (checkpoint != null) {
            arguments.add("-Dtlc2.TLCGlobals.chkpt=" + checkpoint.toMillis());
        }
        return arguments;
    }

    /** TLC's arguments that these options mean, but for the workers. */
    List<String> tlcArguments(Path config, Path states) {
        List<String> arguments = new ArrayList<>(List.of("-tool", "-config", config.toString()));
        arguments.addAll(List.of("-metadir", states.toAbsolutePath().toString()));
        if (recover != null) {
            arguments.addAll(List.of("-recover", recover.toAbsolutePath().toString()));
        }
        return arguments;
    }
}
