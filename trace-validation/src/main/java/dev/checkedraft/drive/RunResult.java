package dev.checkedraft.drive;

import dev.checkedraft.port.Answer;
import dev.checkedraft.port.Failure;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.schedule.Setup;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How a run ended.
 *
 * @param steps the steps that applied, the failing one last
 * @param story for each step, what happened, in a line
 * @param failure why it does not conform; null if it does
 * @param evidence what the replay checked
 * @param answers every answer to a step or a start, in order
 * @param applied how many entries were applied on all nodes
 * @param kills how many of its crashes ended the process
 * @param clock what came by ticks alone
 */
public record RunResult(
        Setup setup,
        List<Step> steps,
        List<String> story,
        @Nullable Failure failure,
        Evidence evidence,
        List<Answer> answers,
        long applied,
        int crashes,
        int kills,
        Clock clock) {
    /**
     * What came by ticks alone.
     *
     * @param waited the election timeouts that ended
     * @param heartbeats how often a leader's tick made it send
     * @param recoveries how often the cluster got on once all faults had ended
     */
    public record Clock(List<Timers.Waited> waited, int heartbeats, int recoveries) {
        public Clock {
            waited = List.copyOf(waited);
        }
    }

    public RunResult {
        steps = List.copyOf(steps);
        story = List.copyOf(story);
        answers = List.copyOf(answers);
    }

    /** The same run with another failure. */
    public RunResult with(@Nullable Failure other) {
        return new RunResult(setup, steps, story, other, evidence, answers, applied, crashes, kills, clock);
    }
}
