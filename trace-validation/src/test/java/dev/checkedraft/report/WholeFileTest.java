package dev.checkedraft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatCannotBeWrittenToItsEndLeavesTheFileAsItWas() throws IOException {
        Path file = folder.resolve("f");
        WholeFile.write(file, out -> out.write(bytes("old")));
        WholeFile.Content fails = out -> {
            out.write(bytes("half"));
            throw new IOException("disk full");
        };
        assertThrows(IOException.class, () -> WholeFile.write(file, fails));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("f"), files());
        assertThrows(IOException.class, () -> WholeFile.write(folder.resolve("g"), fails));
        assertEquals(List.of("f"), files());
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path file = folder.resolve("f");
        Files.writeString(file, "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        WholeFile.write(link, out -> out.write(bytes("new")));
        assertEquals("new", Files.readString(file));
        assertEquals(List.of("f", "link"), files());
    }

    @Test
    void aMissingFolderIsToldByTheNameThatWasGiven() {
        Path file = folder.resolve("none").resolve("f");
        NoSuchFileException e =
                assertThrows(NoSuchFileException.class, () -> WholeFile.write(file, out -> out.write(1)));
        assertEquals(file.toString(), e.getFile());
    }
}
