package dev.checkedraft.replay;

import dev.checkedraft.trace.TraceEvent;
import java.util.List;

/**
 * The first event that no step of the spec explains. {@code dev.checkedraft.explain} says why.
 *
 * @param where where the event stands
 * @param event the event
 * @param attempts for each spec state that explains all before, what was tried; at most a few, the likeliest first
 */
public record Divergence(TraceLocation where, TraceEvent event, List<Attempt> attempts) {
    public Divergence {
        attempts = List.copyOf(attempts);
    }
}
