package dev.checkedraft.conform;

/** A port that does not answer as the protocol asks. The message is the rest of a sentence that begins with its node. */
final class PortException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Failure.Kind kind;

    PortException(Failure.Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    Failure.Kind kind() {
        return kind;
    }
}
