package dev.checkedraft.spec.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What must not outlive this JVM: processes, and then the temporary directories they work in. */
public final class Cleanup {
    private static final int SECONDS_TO_DIE = 5;
    private static final Set<Process> PROCESSES = ConcurrentHashMap.newKeySet();
    private static final Set<Path> DIRECTORIES = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::atExit, "cleanup"));
    }

    private Cleanup() {}

    /** Makes a directory that is deleted when this JVM ends, if not before. */
    public static Path temporaryDirectory(String name) throws IOException {
        Path directory = Files.createTempDirectory("checked-raft-" + name + "-");
        DIRECTORIES.add(directory);
        return directory;
    }

    /** Sees to it that a process ends when this JVM does. */
    public static void watch(Process process) {
        PROCESSES.add(process);
    }

    /** Ends a process and waits until it has ended, within reason. */
    public static void end(Process process) {
        process.destroyForcibly();
        try {
            process.waitFor(SECONDS_TO_DIE, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        PROCESSES.remove(process);
    }

    /** Deletes a directory with all in it, as far as that can be done. */
    public static void delete(Path directory) {
        DIRECTORIES.remove(directory);
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // What is left lies in the system's directory for temporary files, which is where it may.
        }
    }

    private static void atExit() {
        PROCESSES.forEach(Process::destroyForcibly);
        List.copyOf(PROCESSES).forEach(Cleanup::end);
        List.copyOf(DIRECTORIES).forEach(Cleanup::delete);
    }
}
