package dev.checkedraft.cluster;

import dev.checkedraft.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A node in a process of its own, which does not outlive this one. */
public final class NodeProcess {
    private final Process process;
    private final Thread reader;

    private NodeProcess(Process process, Thread reader) {
        this.process = process;
        this.reader = reader;
    }

    /**
     * Starts one.
     *
     * @param main the class to run, with the arguments that follow
     * @param lines told each line that it prints
     */
    public static NodeProcess start(String main, List<String> arguments, Consumer<String> lines) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dfile.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reader = new Thread(() -> read(process, lines), "reads a node");
        reader.setDaemon(true);
        reader.start();
        return new NodeProcess(process, reader);
    }

    /** Starts {@code raft node} with these arguments. */
    public static NodeProcess node(List<String> arguments, Consumer<String> lines) throws IOException {
        List<String> all = new ArrayList<>(List.of("node", "--with-parent"));
        all.addAll(arguments);
        return start(Main.class.getName(), all, lines);
    }

    private static void read(Process process, Consumer<String> lines) {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            // The process has ended.
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        reader.join();
    }

    /** Asks it to stop and waits; its exit code. */
    public int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return await();
    }

    /** Waits for its end; its exit code. */
    public int await() throws InterruptedException {
        int exit = process.waitFor();
        reader.join();
        return exit;
    }

    /** Sends it a signal, such as STOP or CONT. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }
}
