package dev.checkedraft.disk;

import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A node's disk. What {@link #save} was given is there after a crash at any later time: all of it, or (if it failed) none. */
public interface Store extends AutoCloseable {
    /** What was saved in earlier lives. */
    DurableState state();

    /** The end of the trace as it was saved last; null if nothing was traced. */
    @Nullable
    TraceTail traceTail();

    /**
     * Makes a turn of the node's loop durable, in one transaction.
     *
     * @throws StoreException if that is not sure to have been done: the node must stop
     */
    void save(Changes changes) throws StoreException;

    @Override
    void close() throws StoreException;

    /**
     * What changed in a turn.
     *
     * @param hardState term and vote; null if they are as before
     * @param log the changes of the log, one after the other
     * @param traceTail what the turn adds to the trace; null if it is not traced
     */
    record Changes(
            @Nullable HardState hardState,
            List<LogChange> log,
            @Nullable TraceTail traceTail) {
        public Changes {
            log = List.copyOf(log);
        }
    }

    /**
     * Lines of a trace, and where they go. They are saved together with what they tell, and only then written to the trace: so
     * after a crash between the two the node knows what its trace lacks.
     *
     * @param part the file's number, from 1
     * @param position where in the file they begin, in bytes
     * @param lines whole lines
     */
    record TraceTail(int part, long position, String lines) {}
}
