package dev.checkedraft.port;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A port's process: a line in, a line out. Whatever the process does, memory is bounded: a line has a longest length, lines
 * that nobody asked for fill a short queue and then the pipe, and of stderr only the end is kept.
 */
public final class PortProcess implements Port {
    /** The longest answer, in bytes. */
    static final int LONGEST_LINE = 1 << 20;

    private static final int STDERR_KEPT = 4096;
    private static final int LINES_KEPT = 8;
    private static final long GRACE_MILLIS = 500;

    /** What came from stdout: a line, or why there are no more. */
    @SuppressWarnings("ArrayRecordComponent") // handed from one thread to another, and never compared
    private record Output(byte @Nullable [] line, String end) {}

    private final Process process;
    private final OutputStream stdin;
    private final BlockingQueue<Output> outputs = new ArrayBlockingQueue<>(LINES_KEPT);
    private final byte[] stderrEnd = new byte[STDERR_KEPT];
    private long stderrLength = 0;
    private boolean answered = false;
    private volatile boolean killed = false;

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
        daemon("port-stderr", () -> port.drain(stderr));
        return port;
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void readLines(InputStream stdout) {
        try (BufferedInputStream in = new BufferedInputStream(stdout, 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
            int b;
            while ((b = in.read()) >= 0) {
                if (b == '\n') {
                    hand(new Output(line.toByteArray(), ""));
                    line.reset();
                } else if (line.size() == LONGEST_LINE) {
                    hand(new Output(null, "wrote a line of more than " + LONGEST_LINE + " bytes"));
                    return;
                } else {
                    line.write(b);
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
        while (!outputs.offer(output, GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
            if (killed) {
                throw new IOException("killed");
            }
        }
    }

    private void drain(InputStream stderr) {
        byte[] buffer = new byte[8192];
        try (stderr) {
            int count;
            while ((count = stderr.read(buffer)) >= 0) {
                synchronized (stderrEnd) {
                    for (int k = 0; k < count; k++) {
                        stderrEnd[(int) (stderrLength++ % STDERR_KEPT)] = buffer[k];
                    }
                }
            }
        } catch (IOException e) {
            // The process was killed, and its pipe with it.
        }
    }

    @Override
    public List<String> lastWords() {
        byte[] end;
        synchronized (stderrEnd) {
            int kept = (int) Math.min(stderrLength, STDERR_KEPT);
            end = new byte[kept];
            for (int k = 0; k < kept; k++) {
                end[k] = stderrEnd[(int) ((stderrLength - kept + k) % STDERR_KEPT)];
            }
        }
        List<String> lines = new ArrayList<>();
        for (String line : new String(end, StandardCharsets.UTF_8).lines().toList()) {
            if (!line.isBlank()) {
                lines.add(Fields.shorten(line.strip(), 200));
            }
        }
        return lines.subList(Math.max(0, lines.size() - 3), lines.size());
    }

    @Override
    public String ask(String input, Duration patience) throws PortException, InterruptedException {
        if (isUnasked(outputs.peek())) {
            throw unasked();
        }
        try {
            stdin.write((input + "\n").getBytes(StandardCharsets.UTF_8));
            stdin.flush();
        } catch (IOException e) {
            // It has ended, or closed its stdin; what it said last tells.
        }
        Output output = outputs.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (output == null) {
            throw late(input, patience);
        }
        return line(input, output);
    }

    private String line(String input, Output output) throws PortException, InterruptedException {
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

    private PortException late(String input, Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        Output output = outputs.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
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
        if (process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
            int code = process.exitValue();
            what = code > 128 ? "was ended by signal " + (code - 128) : "exited with code " + code;
        } else {
            what = "closed its stdout";
        }
        return new PortException(
                answered ? Failure.Kind.DIED : Failure.Kind.NOT_STARTED,
                what + (how.isEmpty() ? "" : " and " + how) + " instead of an answer to " + Fields.shorten(input));
    }

    private static boolean isUnasked(@Nullable Output output) {
        return output != null && (output.line() != null || !output.end().isEmpty());
    }

    private PortException unasked() {
        Output output = outputs.peek();
        byte[] line = output == null ? null : output.line();
        String text = line == null ? "more than a line" : new String(line, StandardCharsets.UTF_8);
        return new PortException(Failure.Kind.UNASKED, "wrote a line that nobody asked for: " + Fields.shorten(text));
    }

    @Override
    public void checkQuiet(long millis) throws PortException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        do {
            if (isUnasked(outputs.peek())) {
                throw unasked();
            }
            if (millis > 0) {
                Thread.sleep(1);
            }
        } while (System.nanoTime() < end);
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
        try {
            stdin.close();
        } catch (IOException e) {
            // It has ended already.
        }
        boolean ended = false;
        try {
            ended = process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            kill();
        }
    }
}
