package dev.checkedraft.disk;

/** The disk cannot be trusted, or not be written: in one line, with the file. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1;

    public StoreException(String message) {
        super(message);
    }
}
