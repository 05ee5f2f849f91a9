package dev.checkedraft.explain;

import dev.checkedraft.replay.SentMessage;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Why one attempt to explain an event failed: the action had no step, or had one that differs.
 *
 * @param handled the message taken to have been handled; null if none
 * @param falseGuard the condition that did not hold; null if the action had a step, or there was no message to handle
 * @param differences the fields in which the step differs; empty if there was no step
 * @param definitions the action's definitions and what they come to, in the spec's terms
 */
public record Reason(
        @Nullable SentMessage handled,
        @Nullable FalseGuard falseGuard,
        List<Difference> differences,
        Map<String, String> definitions) {}
