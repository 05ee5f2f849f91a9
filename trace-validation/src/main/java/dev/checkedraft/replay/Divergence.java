package dev.checkedraft.replay;

import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceLocation;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The first event that no step of the spec explains. {@code dev.checkedraft.explain} says why.
 *
 * @param where where the event stands
 * @param event the event
 * @param observes the fields that the trace reports whenever they change
 * @param attempts what was tried, at least one and at most a few
 * @param nearest if the message that the event handled was never sent, the one most like it that was; else null
 * @param clues the steps each of which, had it come before, would explain the event
 * @param any whether AnyRaft.tla, too, has no step that explains it: it was asked
 */
public record Divergence(
        TraceLocation where,
        TraceEvent event,
        Set<String> observes,
        List<TriedStep> attempts,
        @Nullable SentMessage nearest,
        List<MissingStep> clues,
        boolean any) {
    public Divergence {
        attempts = List.copyOf(attempts);
        clues = List.copyOf(clues);
    }
}
