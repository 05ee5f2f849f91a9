package dev.checkedraft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.report.Unwritable;
import dev.checkedraft.report.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is neither the command's nor its input's fault has an exit code of its own, and no thread dies unheard. */
@Timeout(120)
class CommandFaultsTest {
    /** Runs a command with this standard input and standard output; its exit code and standard error. */
    private static synchronized Run run(InputStream in, OutputStream out, String... args) {
        InputStream oldIn = System.in;
        PrintStream oldOut = System.out;
        PrintStream oldErr = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            System.setIn(in);
            System.setOut(new PrintStream(out, false, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            return new Run(Main.run(args), "", err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(oldIn);
            System.setOut(oldOut);
            System.setErr(oldErr);
        }
    }

    private static InputStream failing(Error error) {
        return new InputStream() {
            @Override
            public int read() {
                throw error;
            }

            @Override
            public int read(byte[] bytes, int from, int count) {
                throw error;
            }
        };
    }

    private static OutputStream full() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
    }

    @Test
    void anErrorInAThreadEndsTheCommand() {
        Run run = run(failing(new OutOfMemoryError("planted")), OutputStream.nullOutputStream(), "validate", "-");
        assertEquals(70, run.exit(), run.err());
        assertEquals(1, run.errLines().size(), run.err());
        assertTrue(run.err().startsWith("raft: out of memory (planted), and nothing is decided"), run.err());
        run = run(failing(new StackOverflowError("planted")), OutputStream.nullOutputStream(), "validate", "-");
        assertEquals(70, run.exit(), run.err());
        assertTrue(run.err().startsWith("raft: a fault of raft itself, please report it:"), run.err());
    }

    @Test
    void anErrorInTheMainThreadIsNoVerdict() {
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                throw new StackOverflowError("planted");
            }
        };
        InputStream none = InputStream.nullInputStream();
        assertEquals(70, run(none, out, "simulate", "--steps=2000", "-o", "-").exit());
    }

    @Test
    void standardOutputThatCannotBeWrittenIsNoSuccess() {
        Run run = run(InputStream.nullInputStream(), full(), "simulate", "--steps=50", "-o", "-");
        assertEquals(70, run.exit(), run.err());
        assertTrue(run.err().endsWith("raft: standard output cannot be written\n"), run.err());
    }

    @Test
    void aFileThatCannotBeWrittenIsNoSuccess(@TempDir Path dir) {
        Unwritable unwritable = assertThrows(
                Unwritable.class,
                () -> WholeFile.write(dir.resolve("t"), out -> {
                    throw new IOException("No space left on device");
                }));
        assertEquals(dir.resolve("t") + " cannot be written: No space left on device", unwritable.getMessage());
    }
}
