package dev.checkedraft.cluster;

import dev.checkedraft.server.NodeTrace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The parts of a node's trace one after the other, waited for as long as more may come. */
final class TraceParts extends InputStream {
    private static final long POLL_MILLIS = 20;

    private final Path directory;
    private final BooleanSupplier isComplete;
    private int part = 0;
    private @Nullable InputStream in;

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
        while (true) {
            boolean last = isComplete.getAsBoolean();
            // The next part is there only once this one is whole: looked for first, so that nothing of this is missed.
            boolean next = Files.exists(directory.resolve(NodeTrace.file(part + 1)));
            InputStream open = in;
            int count = open == null ? -1 : open.read(buffer, from, length);
            if (count > 0) {
                return count;
            }
            if (next) {
                close();
                part++;
                in = Files.newInputStream(directory.resolve(NodeTrace.file(part)));
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
    }

    @Override
    public void close() throws IOException {
        InputStream open = in;
        if (open != null) {
            open.close();
        }
    }
}
