package dev.checkedraft.cli;

import dev.checkedraft.explain.Explanation;
import dev.checkedraft.fuzz.CheckedRun;
import dev.checkedraft.fuzz.CheckedRun.Failure;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.search.Minimizer;
import dev.checkedraft.sim.Transcript;
import dev.checkedraft.trace.TraceSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** What is told of a run in which something is wrong. */
final class FailingRun {
    /** How many shorter schedules are tried at most. */
    private static final int TRIES = 20_000;

    private FailingRun() {}

    /**
     * Makes the schedule short, saves it, and tells what happens in it.
     *
     * @param failure what is wrong in the run
     * @param folder where the short schedule is saved
     * @param foundBy how it was found, for the saved file
     */
    static String report(CheckedRun run, Failure failure, Path folder, String foundBy) throws IOException {
        Schedule found = run.outcome().schedule();
        Schedule minimal = Minimizer.minimize(found, schedule -> CheckedRun.failsLike(failure, schedule), TRIES);
        CheckedRun again = CheckedRun.of(minimal, TraceSink.NONE);
        Failure minimalFailure = again.failure() == null ? failure : again.failure();
        Path file = folder.resolve(String.format(
                Locale.ROOT, "failure-%08x.schedule", minimal.text().hashCode()));
        minimal.save(file, minimalFailure.what() + "\nFound by " + foundBy);
        String explanation = again.verdict() instanceof Verdict.Diverged diverged
                ? Explanation.of(diverged.divergence()).text(false)
                : "";
        return String.format(
                Locale.ROOT,
                "FAILED: %s%nA schedule of %d decisions, reduced to %d, saved as %s (raft simulate --schedule %s runs it):%n%s%n%s",
                minimalFailure.what(),
                found.size(),
                minimal.size(),
                file,
                file,
                Transcript.of(minimal),
                explanation);
    }
}
