package dev.checkedraft.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.checkedraft.port.Failure;
import dev.checkedraft.port.PortException;
import dev.checkedraft.port.PortProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One process and its pipes. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PortProcessTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void python() {
        assumeTrue(Kit.hasPython(), "no python3 here");
    }

    /** A process that answers its first input with "ready", so that it is known to run. */
    private PortProcess ready(String program) throws IOException, PortException, InterruptedException {
        String whole = "import os, sys, time\nsys.stdin.readline()\nprint('ready', flush=True)\n" + program;
        PortProcess port = PortProcess.start(Kit.python(Files.writeString(folder.resolve("port.py"), whole)));
        assertEquals("ready", port.ask("begin", Kit.PATIENCE));
        return port;
    }

    private PortException fails(String program, double patience)
            throws IOException, PortException, InterruptedException {
        try (PortProcess port = ready(program)) {
            return assertThrows(
                    PortException.class, () -> port.ask("input", Duration.ofMillis((long) (patience * 1000))));
        }
    }

    @Test
    void noAnswerIsSaidWithItsDeadline() throws Exception {
        PortException e = fails("time.sleep(600)", 0.2);
        assertEquals(Failure.Kind.LATE, e.kind());
        assertEquals("gave no answer to input in 0.2 s", e.getMessage());
    }

    @Test
    void lateAnswerIsSaidToBeLate() throws Exception {
        PortException e = fails("sys.stdin.readline(); time.sleep(0.3); print('late', flush=True)", 0.1);
        assertEquals(Failure.Kind.LATE, e.kind());
        assertTrue(String.valueOf(e.getMessage()).matches("answered input after .* s, and has 0.1"), e.getMessage());
    }

    @Test
    void closedStdoutIsTold() throws Exception {
        PortException e = fails("os.close(1); time.sleep(600)", 30);
        assertEquals(Failure.Kind.DIED, e.kind());
        assertEquals("closed its stdout instead of an answer to input", e.getMessage());
    }

    /** And long before the 30 seconds that it has. */
    @Test
    void textWithoutNewlineIsTold() throws Exception {
        long start = System.nanoTime();
        PortException e = fails("sys.stdout.write('{\"a\":1}'); sys.stdout.flush(); time.sleep(600)", 60);
        assertEquals(Failure.Kind.MALFORMED, e.kind());
        assertEquals("wrote text without a newline, 7 bytes, instead of an answer: {\"a\":1}", e.getMessage());
        System.out.printf("text without a newline was told after %.1f s%n", (System.nanoTime() - start) / 1e9);
    }

    @Test
    void linesAreCountedToTheEnd() throws Exception {
        try (PortProcess port = ready("sys.stdin.read(); print('one more'); print('and another')")) {
            assertEquals("one more", port.end(Kit.PATIENCE));
            assertEquals("and another", port.end(Kit.PATIENCE));
            assertNull(port.end(Kit.PATIENCE));
        }
    }

    @Test
    void headAndTailOfStderrAreKept() throws Exception {
        String writes = "[print('line', k, file=sys.stderr) for k in range(100000)]";
        try (PortProcess port = ready(writes)) {
            assertNull(port.end(Kit.PATIENCE));
            assertEquals(
                    words("line 0", "line 1", "line 2", "...", "line 99997", "line 99998", "line 99999"),
                    port.lastWords());
        }
        try (PortProcess port = ready("print('a' + chr(10) + 'b', file=sys.stderr)")) {
            assertNull(port.end(Kit.PATIENCE));
            assertEquals(words("a", "b"), port.lastWords());
        }
        try (PortProcess port = ready("[print(k, file=sys.stderr) for k in range(9)]")) {
            assertNull(port.end(Kit.PATIENCE));
            assertEquals(words("0", "1", "2", "...", "6", "7", "8"), port.lastWords());
        }
    }

    private static List<String> words(String... lines) {
        return Stream.of(lines).map(line -> "stderr: " + line).toList();
    }

    /** What it started holds its pipes open, and ends with it. */
    @Test
    void childrenEndToo() throws Exception {
        String child =
                "import subprocess\nchild = subprocess.Popen(['sleep', '600'])\nsys.stdin.readline()\nprint(child.pid, flush=True)\n"
                        + "time.sleep(600)";
        try (PortProcess port = ready(child)) {
            long pid = Long.parseLong(port.ask("input", Kit.PATIENCE));
            ProcessHandle handle = ProcessHandle.of(pid).orElseThrow();
            assertEquals(List.of(), port.lastWords());
            handle.onExit().get(60, TimeUnit.SECONDS);
        }
    }
}
