package dev.checkedraft.port;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What a node of a port is reached by: a line in, a line out. */
public interface Pipe extends AutoCloseable {
    /** Starts a node's process, or what stands for one. */
    @FunctionalInterface
    interface Launcher {
        Pipe launch() throws IOException;
    }

    /**
     * Gives the node an input and waits for its answer.
     *
     * @param patience how long
     */
    String ask(String input, Duration patience) throws PortException, InterruptedException;

    /** Finds lines that nobody asked for and that are there by now. */
    void checkQuiet() throws PortException;

    /**
     * Ends its input: it gets no more. So a port that says more than it was asked for is told from one that only says it late.
     *
     * @param patience how long to wait for its end
     * @return what it says after its last answer, a line; null if it ends without a word
     */
    @Nullable
    String end(Duration patience) throws InterruptedException;

    /** Ends it at once, and gives what it said at its end: of stderr the first three lines, and the last three. */
    List<String> lastWords() throws InterruptedException;

    /** Ends it at once, without a chance to react. */
    void kill();

    /** Ends it. */
    @Override
    void close();
}
