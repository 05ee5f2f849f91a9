package dev.checkedraft.picture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An action's definition in Raft.tla.
 *
 * @param first the number of its first line in the file, from 1
 * @param lines its text
 */
record SpecText(int first, List<String> lines) {
    private static final String RAFT = "/dev/checkedraft/spec/tla/Raft.tla";

    /** The action of that name; null if Raft.tla has none. A definition ends at an empty line. */
    static @Nullable SpecText of(String action) throws IOException {
        List<String> module = resource(RAFT).lines().toList();
        for (int at = 0; at < module.size(); at++) {
            if (module.get(at).startsWith(action + "(")) {
                List<String> lines = new ArrayList<>();
                for (int line = at; line < module.size() && !module.get(line).isBlank(); line++) {
                    lines.add(module.get(line));
                }
                return new SpecText(at + 1, lines);
            }
        }
        return null;
    }

    /** A resource of this package, or of another by its whole path. */
    static String resource(String name) throws IOException {
        try (InputStream in = SpecText.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not packaged: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
