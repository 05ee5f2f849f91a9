package dev.checkedraft.port;

/** A line, or a file, that does not have the form PORTING.md gives it. The message is one line and says where. */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
        super(message);
    }
}
