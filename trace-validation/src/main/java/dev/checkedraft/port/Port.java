package dev.checkedraft.port;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** One node of a port: a line in, a line out. */
public interface Port extends AutoCloseable {
    /** Starts a node's process, or what stands for one. */
    @FunctionalInterface
    interface Launcher {
        Port launch() throws IOException;
    }

    /**
     * Gives the node an input and waits for its answer.
     *
     * @param patience how long
     */
    String ask(String input, Duration patience) throws PortException, InterruptedException;

    /** Finds lines that nobody asked for, also such as come within so many milliseconds. */
    void checkQuiet(long millis) throws PortException, InterruptedException;

    /** The last lines that it wrote to stderr, at most three. */
    List<String> lastWords();

    /** Ends it at once, without a chance to react. */
    void kill();

    /** Ends it. */
    @Override
    void close();
}
