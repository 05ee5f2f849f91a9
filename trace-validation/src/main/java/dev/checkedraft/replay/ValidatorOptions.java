package dev.checkedraft.replay;

/**
 * Bounds on what a validation may use. Reaching one is the verdict {@link Verdict.Undecided}, never a wrong one.
 *
 * @param frontier how many spec states may explain what was seen so far
 * @param messages how many of the messages sent last are remembered as they are
 * @param bytes how much memory all that is held may take, as estimated: at most three quarters of it the logs and the spec
 *     states, the rest the messages remembered, of which fewer are remembered if there is no room for so many
 * @param strict whether Raft.tla is the only judge; else what it does not explain may be a choice that AnyRaft.tla allows
 */
public record ValidatorOptions(int frontier, int messages, long bytes, boolean strict) {
    /** 10,000 states, 1,000,000 messages, half of the heap. */
    public static final ValidatorOptions DEFAULT = new ValidatorOptions(10_000, 1_000_000);

    public ValidatorOptions {
        if (frontier < 1 || messages < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "a frontier of " + frontier + ", " + messages + " messages, " + bytes + " bytes");
        }
    }

    /** Judged by Raft.tla. */
    public ValidatorOptions(int frontier, int messages, long bytes) {
        this(frontier, messages, bytes, true);
    }

    /** The same bounds, judged by AnyRaft.tla where Raft.tla does not explain an event. */
    public ValidatorOptions anyRaft() {
        return new ValidatorOptions(frontier, messages, bytes, false);
    }

    /** With half of the heap. */
    public ValidatorOptions(int frontier, int messages) {
        this(frontier, messages, Runtime.getRuntime().maxMemory() / 2);
    }

    /** The same where so many traces are validated at one time. */
    public ValidatorOptions sharedBy(int traces) {
        return new ValidatorOptions(frontier, messages, Math.max(1, bytes / traces), strict);
    }
}
