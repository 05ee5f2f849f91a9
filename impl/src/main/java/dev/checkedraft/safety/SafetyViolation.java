package dev.checkedraft.safety;

import org.checkerframework.checker.nullness.qual.Nullable;

/** A step of a run after which a property does not hold. */
public final class SafetyViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Property property;
    private final long step;
    private final String what;

    public SafetyViolation(Property property, long step, String what, @Nullable Throwable cause) {
        super(property.label() + " is violated at step " + step + ": " + what, cause);
        this.property = property;
        this.step = step;
        this.what = what;
    }

    public Property property() {
        return property;
    }

    /** The number of the decision that brought it about; the first is 1. */
    public long step() {
        return step;
    }

    /** What is wrong, in words. */
    public String what() {
        return what;
    }
}
