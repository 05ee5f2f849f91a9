package dev.checkedraft.core;

/**
 * One entry of the log (section 5.3, figure 6).
 *
 * @param term the term of the leader that appended it, 1 or more
 * @param value what a client proposed; empty in the no-op entry with which a leader begins its term (section 8)
 */
public record Entry(long term, String value) {
    /** The value of a no-op entry. No client may propose it. */
    public static final String NO_OP = "";

    public Entry {
        if (term < 1) {
            throw new IllegalArgumentException("an entry's term is 1 or more, not " + term);
        }
    }

    /** The entry with which a leader begins its term. */
    public static Entry noOp(long term) {
        return new Entry(term, NO_OP);
    }

    /** Whether this is an entry that a leader began its term with: nothing for the state machine to do. */
    public boolean isNoOp() {
        return value.isEmpty();
    }
}
