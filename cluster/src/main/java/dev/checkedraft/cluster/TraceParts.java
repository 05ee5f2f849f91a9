package dev.checkedraft.cluster;

import dev.checkedraft.disk.NodeTrace;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The parts of a node's trace one after the other, waited for as long as more may come. */
final class TraceParts extends InputStream {
    private static final long POLL_MILLIS = 20;

    /** More than the longest line. */
    private static final int CHUNK = 4 << 20;

    private final Path directory;
    private final BooleanSupplier isComplete;
    private int part = 0;
    private @Nullable RandomAccessFile in;

    /** Where in the part the next line begins that was not read yet. */
    private long position = 0;

    /** Whole lines that were read, and how much of them was given away. */
    private byte[] lines = new byte[0];

    private int given = 0;

    /**
     * @param directory the node's data
     * @param isComplete whether nothing more will be written; asked before it is looked for more
     */
    TraceParts(Path directory, BooleanSupplier isComplete) {
        this.directory = directory;
        this.isComplete = isComplete;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        while (given == lines.length) {
            boolean last = isComplete.getAsBoolean();
            // The next part is there only once this one is whole: looked for first, so that nothing of this is missed.
            boolean next = Files.exists(directory.resolve(NodeTrace.file(part + 1)));
            if (readLines()) {
                break;
            }
            if (next) {
                close();
                part++;
                position = 0;
                in = new RandomAccessFile(
                        directory.resolve(NodeTrace.file(part)).toFile(), "r");
            } else if (last) {
                return -1;
            } else {
                try {
                    Thread.sleep(POLL_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return -1;
                }
            }
        }
        int count = Math.min(length, lines.length - given);
        System.arraycopy(lines, given, buffer, from, count);
        given += count;
        return count;
    }

    /** Takes the whole lines that are there. What a killed node left of a line is not one: others may take its place. */
    private boolean readLines() throws IOException {
        RandomAccessFile open = in;
        if (open == null) {
            return false;
        }
        byte[] chunk = new byte[(int) Math.min(CHUNK, Math.max(0, open.length() - position))];
        open.seek(position);
        int count = Math.max(0, open.read(chunk));
        while (count > 0 && chunk[count - 1] != '\n') {
            count--;
        }
        lines = Arrays.copyOf(chunk, count);
        given = 0;
        position += count;
        return count > 0;
    }

    @Override
    public void close() throws IOException {
        RandomAccessFile open = in;
        if (open != null) {
            open.close();
        }
    }
}
