package dev.checkedraft.proof;

import java.util.List;

/**
 * What the solver said of an obligation.
 *
 * @param seconds how long it took
 * @param effort what it took, in the solver's own measure, which is the same each time
 * @param reason why it is not proved, in the solver's words; empty if it is
 * @param candidate where it is not proved, what a step may be like that breaks the claim, a value a line: none of the lines
 *     is sure, since the solver does not check all of its axioms at all values
 */
public record Verdict(
        Obligation obligation, Result result, double seconds, long effort, String reason, List<String> candidate) {
    public Verdict {
        candidate = List.copyOf(candidate);
    }

    /** How it ended. */
    public enum Result {
        /** The claim holds. */
        PROVED,
        /** The solver tried all that its triggers call for, and the claim may not hold. */
        OPEN,
        /** The solver was stopped at its limit. */
        LIMIT
    }

    public boolean isProved() {
        return result == Result.PROVED;
    }
}
