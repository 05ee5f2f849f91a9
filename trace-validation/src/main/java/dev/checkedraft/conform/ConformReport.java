package dev.checkedraft.conform;

import dev.checkedraft.core.Action;
import dev.checkedraft.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What came of trying a port.
 *
 * @param verdict what is decided
 * @param run the number of the run that failed; 0 if there is none
 * @param text the verdict in a line
 * @param details more lines for a reader: why, or on what the verdict rests
 * @param schedule the steps of the failing run, in words; empty if none failed
 * @param replayable the failing run as a schedule; null if none failed, or before its first step
 */
public record ConformReport(
        Verdict verdict,
        int run,
        String text,
        List<String> details,
        List<String> schedule,
        @Nullable Schedule replayable,
        Totals totals) {
    public ConformReport {
        details = List.copyOf(details);
        schedule = List.copyOf(schedule);
    }

    /** All that a reader is told, a line each: the verdict, why, and the schedule. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(text));
        details.forEach(line -> lines.add("  " + line));
        if (!schedule.isEmpty()) {
            lines.add("");
            lines.add("The schedule:");
        }
        for (int k = 0; k < schedule.size(); k++) {
            lines.add(String.format(Locale.ROOT, "%4d  %s", k + 1, schedule.get(k)));
        }
        return lines;
    }

    /**
     * For a test: fails, with all that a reader is told and the schedule to run again, unless the port conforms.
     *
     * @throws AssertionError if it does not conform, or nothing is decided
     */
    public ConformReport mustConform() {
        if (verdict == Verdict.CONFORMS) {
            return this;
        }
        List<String> lines = new ArrayList<>(lines());
        if (replayable != null) {
            lines.add("");
            lines.add("To run it again: Conformance.replay(nodes, options, Schedule.parse(text)) with this text:");
            lines.add(replayable.text());
        }
        throw new AssertionError(String.join("\n", lines));
    }

    /** What is decided. */
    public enum Verdict {
        /** Everything that was tried is a behavior of the spec. */
        CONFORMS,
        /** Something is not. */
        DOES_NOT_CONFORM,
        /** The command does not start a port. */
        NOT_STARTED,
        /** Too little was tried, or a limit was reached. */
        UNDECIDED
    }

    /**
     * What was tried.
     *
     * @param repeated how many runs were run twice, to compare the answers
     * @param events the events replayed, by action
     * @param checked in how many events a state field was compared
     */
    public record Totals(
            long runs,
            long steps,
            long repeated,
            long crashes,
            long kills,
            long applied,
            Map<Action, Long> events,
            Map<String, Long> checked,
            double seconds) {
        /** All events. */
        public long allEvents() {
            return events.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
