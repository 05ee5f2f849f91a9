package dev.checkedraft.replay;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A guess at what is wrong, that the spec bears out: with this step before it, the divergent event would be explained.
 *
 * @param action the action of an event that seems to be missing, or to come too late
 * @param node its server
 * @param handled the message that it would have handled; null if it handles none
 */
public record MissingStep(
        String action, String node, @Nullable SentMessage handled) {}
