package dev.checkedraft.safety;

/** Looks at the cluster after every step. */
public interface StepChecker {
    /** Checks nothing. */
    StepChecker NONE = (step, seen) -> {};

    /**
     * A node did something.
     *
     * @param step the number of the decision
     * @throws SafetyViolation if a property does not hold any more; then it is not to be called again
     */
    void check(long step, Observation seen);
}
