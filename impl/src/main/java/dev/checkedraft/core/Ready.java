package dev.checkedraft.core;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the caller must do after an input, in this order: make {@code hardState} and {@code log} durable, both or neither;
 * send {@code messages}; apply {@code committed}. The Ready of one input is persisted before anything of the next one's
 * is; several may share one write to disk.
 *
 * @param action what the server did; null if nothing (a tick that only counted)
 * @param hardState the new term and vote to store; null if unchanged
 * @param log the change of the log to store; null if unchanged
 * @param messages what to send, only after the two above are durable (section 5, figure 2: "updated on stable storage
 *     before responding")
 * @param committedFrom the index of the first entry of {@code committed}
 * @param committed entries now known to be committed, in order; a restarted server begins again at index 1
 */
public record Ready(
        @Nullable Action action,
        @Nullable HardState hardState,
        @Nullable LogChange log,
        List<Message> messages,
        long committedFrom,
        List<Entry> committed) {
    public Ready {
        messages = List.copyOf(messages);
        committed = List.copyOf(committed);
    }

    /** Whether a crash before this is persisted would lose something. */
    public boolean mustPersist() {
        return hardState != null || log != null;
    }
}
