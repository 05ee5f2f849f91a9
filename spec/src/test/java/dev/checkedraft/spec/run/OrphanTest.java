package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However the JVM that started TLC ends, even by a signal that leaves it no time, TLC ends too. */
class OrphanTest {
    @TempDir
    private Path directory;

    @Test
    void endsWithItsInput() throws Exception {
        Tiny.writeEndless(directory);
        TlcProcess.Command command = new TlcProcess.Command(
                Tla2Tools.find(null),
                "tlc2.TLC",
                directory,
                List.of(directory),
                directory,
                List.of(),
                List.of("-metadir", directory.toString(), "Endless"));
        Process process = new ProcessBuilder(command.line())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            assertTrue(process.isAlive());
            // What the system does for a process that is gone.
            process.getOutputStream().close();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running");
            assertEquals(137, process.exitValue());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
