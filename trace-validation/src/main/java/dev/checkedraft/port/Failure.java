package dev.checkedraft.port;

import dev.checkedraft.core.Action;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Why a run does not conform.
 *
 * @param step the number of the step in the run, from 1; 0 for what comes before the first
 * @param action the event that is not a step of the spec; null if it is something else
 * @param text what went wrong, in a line, beginning with the node's name
 * @param details more lines for a reader; may be empty
 */
public record Failure(Kind kind, int step, @Nullable Action action, String text, List<String> details) {
    public Failure {
        details = List.copyOf(details);
    }

    /** The kinds of failure. */
    public enum Kind {
        /** No step of the spec explains what the port did. */
        DIVERGED,
        /** A limit of the replay was reached. */
        UNDECIDED,
        /** It did something else than what it was asked, such as refusing a message or answering another server. */
        MISBEHAVED,
        /** The entries it applied are not those of its log, or not committed. */
        APPLIED,
        /** The same inputs gave other answers. */
        NOT_DETERMINISTIC,
        /** An election or a heartbeat came when it was not due, or did not come when it was. */
        CLOCK,
        /** Nothing goes wrong any more, and yet the cluster does not get on. */
        STUCK,
        /** An answer does not have the form it should. */
        MALFORMED,
        /** It wrote lines that nobody asked for. */
        UNASKED,
        /** No answer, or a late one. */
        LATE,
        /** The process ended. */
        DIED,
        /** The process ended before it ever answered, or could not be started at all. */
        NOT_STARTED;

        /** Whether it is told by the process's pipes, which nobody knows the contents of any more. */
        public boolean isOfTheProcess() {
            return switch (this) {
                case MALFORMED, UNASKED, LATE, DIED, NOT_STARTED -> true;
                default -> false;
            };
        }

        /** Whether it is told by the contents of an answer, and so would be wrong if that were another input's. */
        public boolean isOfAnAnswer() {
            return switch (this) {
                case DIVERGED, MISBEHAVED, APPLIED, CLOCK, MALFORMED -> true;
                default -> false;
            };
        }
    }

    /** The same with more lines for a reader. */
    public Failure with(List<String> more) {
        List<String> all = new ArrayList<>(details);
        all.addAll(more);
        return new Failure(kind, step, action, text, all);
    }

    /** Whether another run that failed like that found, for all we know, the same fault. */
    public boolean isLike(Failure other) {
        return kind == other.kind && action == other.action;
    }
}
