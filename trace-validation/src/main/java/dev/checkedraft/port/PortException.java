package dev.checkedraft.port;

/** A port that does not answer as the protocol asks. The message is the rest of a sentence that begins with its node. */
public final class PortException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Failure.Kind kind;

    public PortException(Failure.Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Failure.Kind kind() {
        return kind;
    }
}
