package dev.checkedraft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.checkedraft.disk.NodeTrace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracePartsTest {
    @TempDir
    Path directory;

    /** A node killed in the middle of a line begins another in its place: nothing of the first may have been read. */
    @Test
    void halfALineIsNotRead() throws IOException {
        Path first = directory.resolve(NodeTrace.file(1));
        Files.writeString(first, "one\nhal");
        boolean[] complete = {false};
        try (TraceParts parts = new TraceParts(directory, () -> complete[0])) {
            byte[] buffer = new byte[100];
            int count = parts.read(buffer, 0, buffer.length);
            assertEquals("one\n", new String(buffer, 0, count, StandardCharsets.UTF_8));
            Files.writeString(first, "one\ntwo\n");
            Files.writeString(directory.resolve(NodeTrace.file(2)), "three\n");
            complete[0] = true;
            assertEquals("two\nthree\n", new String(parts.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
