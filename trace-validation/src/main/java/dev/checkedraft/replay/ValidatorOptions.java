package dev.checkedraft.replay;

/**
 * Bounds on what a validation may use. Reaching one is the verdict {@link Verdict.Undecided}, never a wrong one.
 *
 * @param frontier how many spec states may explain what was seen so far
 * @param messages how many of the messages sent last are remembered as they are
 */
public record ValidatorOptions(int frontier, int messages) {
    /** 10,000 states, 1,000,000 messages. */
    public static final ValidatorOptions DEFAULT = new ValidatorOptions(10_000, 1_000_000);

    public ValidatorOptions {
        if (frontier < 1 || messages < 1) {
            throw new IllegalArgumentException("a frontier of " + frontier + ", " + messages + " messages");
        }
    }
}
