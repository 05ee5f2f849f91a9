package dev.checkedraft.report;

import java.io.IOException;

/** What was to be written could not be: neither the command nor its input is to blame. */
public final class Unwritable extends IOException {
    private static final long serialVersionUID = 1L;

    Unwritable(String what, Throwable cause) {
        super(what + " cannot be written: " + cause.getMessage(), cause);
    }
}
