package dev.checkedraft.spec.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecFilesTest {
    @TempDir
    private Path directory;

    @Test
    void extractsTheSpec() throws IOException {
        SpecFiles.extractTo(directory);
        SpecFiles files = SpecFiles.in(directory);
        assertTrue(Files.readString(files.find("Raft.tla")).contains("MODULE Raft "));
        assertTrue(files.find("MCRaft.tla").endsWith("models/MCRaft.tla"));
        assertTrue(files.folders().contains(files.root().resolve("mutants")));
    }

    /** From a jar as from a directory, whether or not the jar has entries for its directories. */
    @Test
    void extractsTheSameFromAJar() throws Exception {
        Path home = SpecFiles.codeSource(SpecFiles.class);
        Path jar = directory.resolve("a jar.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> paths = Files.walk(home)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(
                        new ZipEntry(home.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
        Path fromJar = Files.createDirectory(directory.resolve("jar"));
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            loader.loadClass(SpecFiles.class.getName())
                    .getMethod("extractTo", Path.class)
                    .invoke(null, fromJar);
        }
        Path fromDirectory = directory.resolve("directory");
        SpecFiles.extractTo(fromDirectory);
        assertEquals(contents(fromDirectory), contents(fromJar));
    }

    @Test
    void copiesAreTheSame() throws IOException {
        SpecFiles.extractTo(directory.resolve("one"));
        SpecFiles copy = SpecFiles.in(directory.resolve("one")).copyTo(directory.resolve("two"));
        assertEquals(contents(directory.resolve("one")), contents(copy.root()));
    }

    @Test
    void saysWhatItDoesNotFind() {
        assertThrows(NoSuchFileException.class, () -> SpecFiles.in(directory).find("Raft.tla"));
        assertThrows(IOException.class, () -> SpecFiles.in(directory).models());
        assertEquals(List.of(directory), SpecFiles.in(directory).folders());
    }

    private static SortedMap<String, String> contents(Path root) {
        SortedMap<String, String> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                contents.put(root.relativize(file).toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }
}
