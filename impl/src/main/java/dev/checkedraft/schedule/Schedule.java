package dev.checkedraft.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A cluster and what happens to it: with the Java core, the whole of a run. The same schedule gives the same run.
 *
 * @param setup the cluster
 * @param decisions what happens, in order
 */
public record Schedule(Setup setup, List<Decision> decisions) {
    /** The longest file that is read. */
    private static final int MOST_BYTES = 16 << 20;

    public Schedule {
        decisions = List.copyOf(decisions);
    }

    /** The number of decisions. */
    public int size() {
        return decisions.size();
    }

    /** The text form, so that a test that fails says what to run again. */
    @Override
    public String toString() {
        return text();
    }

    /** The text form: a few lines on the cluster, then a line a decision. */
    public String text() {
        return ScheduleText.print(this);
    }

    /**
     * Reads the text form. Empty lines, and what follows a {@code #}, say nothing.
     *
     * @throws ScheduleFormatException if it is malformed, naming the line
     */
    public static Schedule parse(String text) {
        return ScheduleText.parse(text);
    }

    /**
     * Reads a file.
     *
     * @throws ScheduleFormatException if it is malformed, naming file and line
     */
    public static Schedule load(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new ScheduleFormatException(file + ": expected a schedule of at most " + MOST_BYTES + " bytes", null);
        }
        try {
            return parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (ScheduleFormatException e) {
            throw new ScheduleFormatException(file + ":" + e.getMessage(), e);
        }
    }

    /**
     * Writes a file, and the folder if it is missing.
     *
     * @param comment lines to tell a reader what it is; may be empty
     */
    public void save(Path file, String comment) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        StringBuilder out = new StringBuilder();
        comment.lines()
                .forEach(line -> out.append("# ".concat(line).stripTrailing()).append('\n'));
        Files.writeString(file, out.append(text()));
    }
}
