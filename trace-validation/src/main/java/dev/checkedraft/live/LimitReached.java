package dev.checkedraft.live;

/** A limit of this program was reached, so that nothing is decided; the message says which, and what helps. */
public final class LimitReached extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LimitReached(String message) {
        super(message);
    }
}
