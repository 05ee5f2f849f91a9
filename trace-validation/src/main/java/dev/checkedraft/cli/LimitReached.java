package dev.checkedraft.cli;

/** A limit of this program was reached, so that nothing is decided; the message says which, and what helps. */
final class LimitReached extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LimitReached(String message) {
        super(message);
    }
}
