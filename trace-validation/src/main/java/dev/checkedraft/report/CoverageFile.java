package dev.checkedraft.report;

import dev.checkedraft.replay.Evidence;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with the evidence of all runs so far: {@link Evidence#json()} in one line. */
public final class CoverageFile {
    /** Much longer than any is. */
    private static final int MOST_BYTES = 1 << 20;

    private CoverageFile() {}

    /**
     * Adds evidence to what the file has, if there is one.
     *
     * @return all of it
     * @throws IllegalArgumentException if the file is no evidence, or of another version of the spec
     */
    public static Evidence add(Path file, Evidence evidence) throws IOException {
        Evidence all = evidence;
        if (Files.exists(file)) {
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(MOST_BYTES + 1);
            }
            if (bytes.length > MOST_BYTES) {
                throw new IllegalArgumentException(
                        file + ": not a file of --coverage: it has more than " + MOST_BYTES + " bytes");
            }
            Evidence before;
            try {
                before = Evidence.parse(new String(bytes, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IllegalArgumentException(file + ": not a file of --coverage: " + e.getMessage(), e);
            }
            if (before.events() > 0
                    && evidence.events() > 0
                    && !before.branches().keySet().equals(evidence.branches().keySet())) {
                throw new IllegalArgumentException(file
                        + ": from another version of Raft.tla, whose branches are not this one's; remove it first");
            }
            all = before.plus(evidence);
        }
        byte[] line = (all.json() + "\n").getBytes(StandardCharsets.UTF_8);
        WholeFile.write(file, out -> out.write(line));
        return all;
    }
}
