package dev.checkedraft.explore;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Says whether a step of the Java core is a step of {@code spec/Raft.tla}. */
@FunctionalInterface
public interface StepCheck {
    /** Holds every step to be right: for measuring what the check costs. */
    StepCheck NONE = (before, input, message, after, ready) -> null;

    /**
     * Looks at one step.
     *
     * @param before the server before it
     * @param value the value proposed; null if none was
     * @param message the message handled; null if none was
     * @param after the server after it
     * @param ready what the server gave out; its action tells a restart ({@code Restart}) from the rest
     * @return null if it is a step of the spec; else what the spec says, in one line
     */
    @Nullable
    String mismatch(RaftNode before, @Nullable String value, @Nullable Message message, RaftNode after, Ready ready);

    /**
     * Looks at what a server can do by itself.
     *
     * @return null if it can take each action that the spec allows it; else the one it cannot, in one line
     */
    default @Nullable String neglected(RaftNode node) {
        return null;
    }
}
