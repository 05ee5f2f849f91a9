package dev.checkedraft.port;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A port's process: a line in, a line out. Whatever the process does, memory is bounded: a line has a longest length, lines
 * that nobody asked for fill a short queue and then the pipe, and of stderr only the head and the tail are kept.
 */
public final class PortProcess implements Pipe {
    /** The longest answer, in bytes. */
    static final int LONGEST_LINE = 1 << 20;

    private static final int LINES_KEPT = 8;
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Duration GLANCE = Duration.ofMillis(100);

    /** How long what is about to happen, such as the end of a process that closed its stdout, may take on a busy machine. */
    private static final Duration BUSY = Duration.ofSeconds(5);

    /** What came from stdout: a line, or why there are no more. */
    @SuppressWarnings("ArrayRecordComponent") // handed from one thread to another, and never compared
    private record Output(byte @Nullable [] line, String end) {}

    /** A line that has begun: how long it is by now, and how it begins. */
    private record Begun(int length, String text) {
        static final Begun NOTHING = new Begun(0, "");
    }

    private final Process process;
    private final OutputStream stdin;
    private final BlockingQueue<Output> outputs = new ArrayBlockingQueue<>(LINES_KEPT);
    private final Stderr stderr = new Stderr();
    private boolean answered = false;
    private boolean hangs = false;
    private volatile boolean killed = false;
    private volatile Begun begun = Begun.NOTHING;

    private PortProcess(Process process) {
        this.process = process;
        this.stdin = process.getOutputStream();
    }

    /**
     * Starts a process.
     *
     * @throws IOException if there is no such command
     */
    public static PortProcess start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        PortProcess port = new PortProcess(process);
        InputStream stdout = process.getInputStream();
        InputStream stderr = process.getErrorStream();
        daemon("port-stdout", () -> port.readLines(stdout));
        daemon("port-stderr", () -> port.stderr.drain(stderr));
        return port;
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    // Another thread reads
    // ----------------------------------------------------------------------------------------------

    private void readLines(InputStream stdout) {
        try (stdout) {
            ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
            byte[] buffer = new byte[1 << 16];
            int count;
            while ((count = stdout.read(buffer)) >= 0) {
                for (int k = 0; k < count; k++) {
                    if (buffer[k] == '\n') {
                        begun = Begun.NOTHING;
                        hand(new Output(line.toByteArray(), ""));
                        line.reset();
                    } else if (line.size() == LONGEST_LINE) {
                        hand(new Output(null, "wrote a line of more than " + LONGEST_LINE + " bytes"));
                        hand(new Output(null, ""));
                        return;
                    } else {
                        line.write(buffer[k]);
                    }
                }
                if (line.size() > 0) {
                    begun = new Begun(line.size(), Fields.shorten(line.toString(StandardCharsets.UTF_8)));
                }
            }
            hand(new Output(null, line.size() == 0 ? "" : "ended in the middle of a line"));
        } catch (IOException e) {
            // The process was killed, and its pipe with it.
            outputs.offer(new Output(null, ""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for room, so that a port that writes without end is held up by its pipe. */
    private void hand(Output output) throws InterruptedException, IOException {
        while (!outputs.offer(output, GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
            if (killed) {
                throw new IOException("killed");
            }
        }
    }

    // An answer
    // -----------------------------------------------------------------------------------------------------------

    @Override
    public String ask(String input, Duration patience) throws PortException, InterruptedException {
        checkQuiet();
        try {
            stdin.write((input + "\n").getBytes(StandardCharsets.UTF_8));
            stdin.flush();
        } catch (IOException e) {
            // It has ended, or closed its stdin; what it said last tells.
        }
        Output output = await(patience);
        if (output == null) {
            throw late(input, patience);
        }
        byte[] line = output.line();
        if (line == null) {
            if (output.end().startsWith("wrote")) {
                throw new PortException(Failure.Kind.MALFORMED, output.end());
            }
            throw died(input, output.end());
        }
        answered = true;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PortException(Failure.Kind.MALFORMED, "answered with bytes that are not UTF-8");
        }
    }

    /** What comes next; null if nothing does in that time, or if a line has begun and does not go on. */
    private @Nullable Output await(Duration patience) throws InterruptedException {
        long now = System.nanoTime();
        long end = now + patience.toNanos();
        long still = now + BUSY.toNanos();
        Begun seen = begun;
        while (end > now && still > now) {
            Output output = outputs.poll(Math.min(end - now, GLANCE.toNanos()), TimeUnit.NANOSECONDS);
            if (output != null) {
                return output;
            }
            now = System.nanoTime();
            if (!begun.equals(seen) || seen.length() == 0) {
                seen = begun;
                still = now + BUSY.toNanos();
            }
        }
        return outputs.poll();
    }

    private PortException late(String input, Duration patience) throws InterruptedException {
        hangs = true;
        Begun line = begun;
        if (line.length() > 0) {
            return new PortException(
                    Failure.Kind.MALFORMED,
                    "wrote text without a newline, " + line.length() + " bytes, instead of an answer: " + line.text());
        }
        long start = System.nanoTime();
        Output output = outputs.poll(Math.max(patience.toMillis(), BUSY.toMillis()), TimeUnit.MILLISECONDS);
        String asked = Fields.shorten(input);
        if (output != null && output.line() != null) {
            double seconds = (System.nanoTime() - start) / 1e9 + patience.toMillis() / 1e3;
            return new PortException(
                    Failure.Kind.LATE,
                    String.format("answered %s after %.1f s, and has %.1f", asked, seconds, patience.toMillis() / 1e3));
        }
        return new PortException(
                Failure.Kind.LATE, String.format("gave no answer to %s in %.1f s", asked, patience.toMillis() / 1e3));
    }

    private PortException died(String input, String how) throws InterruptedException {
        String what;
        if (process.waitFor(BUSY.toMillis(), TimeUnit.MILLISECONDS)) {
            int code = process.exitValue();
            what = code > 128 ? "was ended by signal " + (code - 128) : "exited with code " + code;
        } else {
            what = "closed its stdout";
        }
        return new PortException(
                answered ? Failure.Kind.DIED : Failure.Kind.NOT_STARTED,
                what + (how.isEmpty() ? "" : " and " + how) + " instead of an answer to " + Fields.shorten(input));
    }

    // What nobody asked for
    // -------------------------------------------------------------------------------------------------

    @Override
    public void checkQuiet() throws PortException {
        String text = words(outputs.peek());
        if (text != null) {
            throw new PortException(
                    Failure.Kind.UNASKED, "wrote a line that nobody asked for: " + Fields.shorten(text));
        }
    }

    private static @Nullable String words(@Nullable Output output) {
        if (output == null) {
            return null;
        }
        byte[] line = output.line();
        if (line == null) {
            return output.end().isEmpty() ? null : "it " + output.end();
        }
        return new String(line, StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable String end(Duration patience) throws InterruptedException {
        closeStdin();
        return words(outputs.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public List<String> lastWords() throws InterruptedException {
        closeStdin();
        process.waitFor((hangs ? GRACE : BUSY).toMillis(), TimeUnit.MILLISECONDS);
        killed = true;
        // Through its handle: the process itself would close its stderr before it was read.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        return stderr.lines(BUSY).stream().map(line -> "stderr: " + line).toList();
    }

    // Its end
    // -----------------------------------------------------------------------------------------------------------------

    private void closeStdin() {
        try {
            stdin.close();
        } catch (IOException e) {
            // It has ended already.
        }
    }

    /** Ends also all that it started. */
    @Override
    public void kill() {
        killed = true;
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Its stdin ends, and if that does not end it in a moment it is killed. */
    @Override
    public void close() {
        closeStdin();
        boolean ended = false;
        try {
            ended = process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            kill();
        }
    }
}
