package dev.checkedraft.trace;

import java.io.IOException;

/** A trace is not in the format of {@code trace-validation/FORMAT.md}. The message is one line: where, and what was expected. */
public final class TraceFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long line;
    private final int column;
    private final String problem;

    TraceFormatException(String file, long line, int column, String problem) {
        super(file + ":" + line + ":" + column + ": " + problem);
        this.file = file;
        this.line = line;
        this.column = column;
        this.problem = problem;
    }

    /** The trace's name, as given to the reader. */
    public String file() {
        return file;
    }

    /** The line, from 1. */
    public long line() {
        return line;
    }

    /** The column, in bytes from 1. */
    public int column() {
        return column;
    }

    /** What was expected, and what was found, without the place. */
    public String problem() {
        return problem;
    }
}
