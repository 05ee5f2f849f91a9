package dev.checkedraft.spec.value;

import java.util.LinkedHashMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A step of a counterexample as an event of a trace: an action of Raft.tla, its server, and what it handled.
 *
 * @param action the action's name
 * @param node the server that took it
 * @param message the fields of the message handled or sent; empty if there is none
 * @param value the value proposed, if the action is Propose
 * @param after the server's variables after the step
 * @param implied whether the step is none of the counterexample's own, but one that changes no server and sends what a
 *     later step handles
 * @param explained whether what the step handles was sent by a step before it; if not, a model offered more than Raft
 *     sends, or the run does not begin at the beginning
 */
public record TraceStep(
        String action,
        String node,
        Map<String, TlaValue> message,
        @Nullable TlaValue value,
        Map<String, TlaValue> after,
        boolean implied,
        boolean explained) {
    public TraceStep {
        message = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(message));
        after = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(after));
    }
}
