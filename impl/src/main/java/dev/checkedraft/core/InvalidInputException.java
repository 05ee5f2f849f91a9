package dev.checkedraft.core;

/** An input that no correct cluster produces, or that this server cannot take now. The server's state is unchanged. */
public final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidInputException(String message) {
        super(message);
    }
}
