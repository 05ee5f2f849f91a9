package dev.checkedraft.report;

/** What a command's exit code says; the README promises these. */
public final class ExitCode {
    /** Everything that was looked at holds. */
    public static final int OK = 0;

    /** Something does not hold. */
    public static final int FAILED = 1;

    /** The command or its input could not be read. */
    public static final int USAGE = 2;

    /** A limit was reached before there was a verdict. */
    public static final int UNDECIDED = 3;

    /** A fault of this program: neither the input nor what was looked at is to blame. */
    public static final int FAULT = 70;

    private ExitCode() {}
}
