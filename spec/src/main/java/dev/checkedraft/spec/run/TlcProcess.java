package dev.checkedraft.spec.run;

import dev.checkedraft.spec.manifest.Cleanup;
import dev.checkedraft.spec.manifest.SpecFiles;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A JVM that runs one of the classes of tla2tools.jar, and what it prints. Closing it ends it. */
final class TlcProcess implements AutoCloseable {

    /** What a line is. */
    enum Kind {
        OUTPUT,
        ERROR,
        /** No line: the process has closed one of its two outputs. */
        END
    }

    /** A line without its end. */
    record Line(Kind kind, String text) {}

    /**
     * What to start.
     *
     * @param tla2tools the jar
     * @param mainClass the class of it to run
     * @param directory where it runs
     * @param library the directories in which TLC finds modules, besides that one
     * @param temporary what TLC takes for the system's directory for temporary files: it puts its standard modules
     *     there, under names that another TLC would use too
     * @param jvmArguments the JVM's arguments
     * @param arguments the class's arguments
     */
    record Command(
            Path tla2tools,
            String mainClass,
            Path directory,
            List<Path> library,
            Path temporary,
            List<String> jvmArguments,
            List<String> arguments) {
        Command {
            library = List.copyOf(library);
            jvmArguments = List.copyOf(jvmArguments);
            arguments = List.copyOf(arguments);
        }

        List<String> line() {
            List<String> line = new ArrayList<>();
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            line.add("-XX:+UseParallelGC");
            line.add("-Dfile.encoding=UTF-8");
            line.add("-Djava.awt.headless=true");
            line.add("-Djava.io.tmpdir=" + temporary);
            line.add("-DTLA-Library="
                    + String.join(
                            File.pathSeparator,
                            library.stream().map(Path::toString).toList()));
            line.addAll(jvmArguments);
            line.add("-cp");
            line.add(tla2tools + File.pathSeparator + SpecFiles.codeSource(TlcMain.class));
            line.add(TlcMain.class.getName());
            line.add(mainClass);
            line.addAll(arguments);
            return line;
        }
    }

    private final Process process;
    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
    private int ended;

    private TlcProcess(Process process) {
        this.process = process;
    }

    static TlcProcess start(Command command) throws IOException {
        Process process = new ProcessBuilder(command.line())
                .directory(command.directory().toFile())
                .start();
        Cleanup.watch(process);
        TlcProcess tlc = new TlcProcess(process);
        tlc.read(process.getInputStream(), Kind.OUTPUT);
        tlc.read(process.getErrorStream(), Kind.ERROR);
        return tlc;
    }

    private void read(InputStream stream, Kind kind) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        String text = reader.readLine();
                        while (text != null) {
                            lines.add(new Line(kind, text));
                            text = reader.readLine();
                        }
                    } catch (IOException e) {
                        // The process was ended; its output ends too.
                    }
                    lines.add(new Line(Kind.END, ""));
                },
                "tlc-" + kind);
        thread.setDaemon(true);
        thread.start();
    }

    /** The next line, of either output; null if there was none in that time, or there will be none. */
    @Nullable
    Line next(long millis) throws InterruptedException {
        while (!hasEnded()) {
            Line line = lines.poll(millis, TimeUnit.MILLISECONDS);
            if (line == null || line.kind() != Kind.END) {
                return line;
            }
            ended++;
        }
        return null;
    }

    /** Whether all output has been read to its end. */
    boolean hasEnded() {
        return ended == 2;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end. */
    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Ends it now. What it has printed can still be read. */
    void end() {
        Cleanup.end(process);
    }

    @Override
    public void close() {
        end();
    }
}
