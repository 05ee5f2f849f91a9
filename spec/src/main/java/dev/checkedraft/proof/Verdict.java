package dev.checkedraft.proof;

/**
 * What the solver said of an obligation.
 *
 * @param seconds how long it took
 * @param effort what it took, in the solver's own measure, which is the same each time
 * @param reason why it is not proved, if it is not
 */
public record Verdict(Obligation obligation, Result result, double seconds, long effort, String reason) {
    /** How it ended. */
    public enum Result {
        PROVED,
        /** The solver found nothing more to try, or what does not fit the obligation. */
        OPEN,
        /** The solver was stopped at its limit. */
        LIMIT
    }

    public boolean isProved() {
        return result == Result.PROVED;
    }
}
