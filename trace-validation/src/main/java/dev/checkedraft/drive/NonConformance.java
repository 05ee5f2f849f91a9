package dev.checkedraft.drive;

import dev.checkedraft.port.Failure;

/** Ends a run that does not conform. */
final class NonConformance extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    NonConformance(Failure failure) {
        super(failure.text());
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
