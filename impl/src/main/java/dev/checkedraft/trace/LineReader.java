package dev.checkedraft.trace;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Cuts a stream into lines of bounded length, without copying them: a line is a part of {@link #buffer()}. */
final class LineReader {
    private static final int CHUNK = 1 << 16;

    private final InputStream in;
    private final String name;
    private final int maxLength;

    private byte[] buffer = new byte[CHUNK];
    /** The line is buffer[start, end); what was read and not yet given out is buffer[next, filled). */
    private int start;

    private int end;
    private int next;
    private int filled;
    private long number;
    private boolean ended;

    LineReader(InputStream in, String name, int maxLength) {
        this.in = in;
        this.name = name;
        this.maxLength = maxLength;
    }

    /** Moves to the next line; false at the end of the stream. */
    boolean next() throws IOException {
        int searched = next;
        while (true) {
            for (int i = searched; i < filled; i++) {
                if (buffer[i] == '\n') {
                    take(i, i + 1);
                    return true;
                }
            }
            searched = filled;
            // One byte more than the longest line: its CR.
            if (filled - next > maxLength + 1) {
                throw tooLong();
            }
            if (ended || !fill()) {
                ended = true;
                if (next == filled) {
                    return false;
                }
                take(filled, filled);
                return true;
            }
            searched -= shifted;
        }
    }

    private int shifted;

    /** Reads more behind what is left; false at the end of the stream. Sets by how much what is left was moved down. */
    private boolean fill() throws IOException {
        shifted = 0;
        if (filled == buffer.length) {
            shifted = next;
            int length = filled - next;
            byte[] target = length > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
            System.arraycopy(buffer, next, target, 0, length);
            buffer = target;
            next = 0;
            filled = length;
        }
        int count = in.read(buffer, filled, buffer.length - filled);
        if (count < 0) {
            return false;
        }
        filled += count;
        return true;
    }

    private void take(int lineEnd, int following) throws TraceFormatException {
        number++;
        start = next;
        end = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        next = following;
        if (number == 1
                && end - start >= 3
                && buffer[start] == (byte) 0xEF
                && buffer[start + 1] == (byte) 0xBB
                && buffer[start + 2] == (byte) 0xBF) {
            start += 3;
        }
        if (end - start > maxLength) {
            number--;
            throw tooLong();
        }
    }

    private TraceFormatException tooLong() {
        return new TraceFormatException(
                name,
                number + 1,
                maxLength + 1,
                "expected a line of at most " + maxLength + " bytes, found a longer one");
    }

    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int length() {
        return end - start;
    }

    /** Whether the line had no end: it is the stream's last, and may have been cut short. */
    boolean isUnended() {
        return ended && next == filled && (filled == 0 || buffer[filled - 1] != '\n');
    }

    /** The line's number, from 1. */
    long number() {
        return number;
    }

    String name() {
        return name;
    }

    @Override
    public String toString() {
        return name + ":" + number + ": " + Arrays.toString(Arrays.copyOfRange(buffer, start, end));
    }
}
