package dev.checkedraft.trace;

/**
 * A log, or entries in a message, told without their contents.
 *
 * @param length how many entries there are
 * @param lastTerm the last one's term; {@link #UNKNOWN} if it is not told, 0 if there is no entry
 */
public record LogSize(long length, long lastTerm) {
    /** A term that is not told. */
    public static final long UNKNOWN = -1;

    @Override
    public String toString() {
        return length
                + (length == 1 ? " entry" : " entries")
                + (lastTerm == UNKNOWN || length == 0 ? "" : ", the last of term " + lastTerm);
    }
}
