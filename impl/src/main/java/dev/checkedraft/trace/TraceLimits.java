package dev.checkedraft.trace;

/**
 * How much of an untrusted trace the reader takes in before it refuses.
 *
 * @param lineBytes the longest line, in bytes without its end
 * @param logEntries the longest log that an event may speak of, in entries
 */
public record TraceLimits(int lineBytes, int logEntries) {
    /** A line of 1 MiB, a log of 5,000,000 entries. */
    public static final TraceLimits DEFAULT = new TraceLimits(1 << 20, 5_000_000);

    public TraceLimits {
        if (lineBytes < 2 || lineBytes > 1 << 28 || logEntries < 0) {
            throw new IllegalArgumentException("a line of " + lineBytes + " bytes, a log of " + logEntries);
        }
    }
}
