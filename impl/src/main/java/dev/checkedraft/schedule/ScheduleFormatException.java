package dev.checkedraft.schedule;

import org.checkerframework.checker.nullness.qual.Nullable;

/** The text is not a schedule's. The message begins with the number of the line, and the file's name if it is known. */
public final class ScheduleFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ScheduleFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
