package dev.checkedraft.report;

import dev.checkedraft.trace.TraceFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What is wrong, in one line. */
public final class Problem {
    private Problem() {}

    /** What is wrong, in one line. */
    public static String message(Throwable e) {
        if (e instanceof UncheckedIOException && e.getCause() != null) {
            return message(e.getCause());
        }
        if (e instanceof NoSuchFileException missing) {
            String reason = missing.getReason();
            return missing.getFile() + ": no such file" + (reason == null ? "" : ", " + reason);
        }
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (e instanceof IOException || e instanceof IllegalArgumentException) {
            return String.valueOf(e.getMessage());
        }
        return e.toString();
    }

    /** Why a trace cannot be read. */
    public static String ofTrace(Exception e) {
        return e instanceof TraceFormatException ? String.valueOf(e.getMessage()) : "raft: " + message(e);
    }
}
