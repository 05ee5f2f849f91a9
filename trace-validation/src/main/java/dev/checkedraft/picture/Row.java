package dev.checkedraft.picture;

import dev.checkedraft.trace.TraceEvent;
import java.util.List;

/**
 * An event as it is drawn.
 *
 * @param number its place in the trace, from 1
 * @param lane its server's place in the header, from 0
 * @param after its server after it, as far as the trace told
 * @param source the number of the event that sent the message it handled; 0 if none that was read did
 * @param marks what is worth a word, such as {@code leads} or {@code commits up to 3}
 */
record Row(long number, TraceEvent event, int lane, ServerState after, long source, List<String> marks) {
    Row {
        marks = List.copyOf(marks);
    }

    /**
     * What the trace told of a server so far.
     *
     * @param length of its log
     */
    record ServerState(long term, String role, long commitIndex, long length) {
        static final ServerState INITIAL = new ServerState(0, "Follower", 0, 0);
    }
}
