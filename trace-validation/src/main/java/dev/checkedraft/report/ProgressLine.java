package dev.checkedraft.report;

import java.util.Locale;

/**
 * One line on standard error that is written over and over while something long is running. It shows only on a terminal,
 * which the launcher tells by the system property {@code raft.terminal}. For use by several threads.
 */
public final class ProgressLine {
    private static final long MIN_NANOS = 200_000_000L;

    private final boolean shown = Boolean.getBoolean("raft.terminal");
    private long last = Long.MIN_VALUE;
    private int width = 0;

    /** Shows a line, unless one was shown just before. */
    public synchronized void show(String format, Object... values) {
        if (!shown) {
            return;
        }
        long now = System.nanoTime();
        if (last != Long.MIN_VALUE && now - last < MIN_NANOS) {
            return;
        }
        last = now;
        String text = String.format(Locale.ROOT, format, values);
        System.err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
        System.err.flush();
        width = text.length();
    }

    /** Takes the line away, before results are printed. */
    public synchronized void clear() {
        if (width > 0) {
            System.err.print("\r" + " ".repeat(width) + "\r");
            System.err.flush();
            width = 0;
        }
    }
}
