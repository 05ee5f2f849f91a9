package dev.checkedraft.conform;

import dev.checkedraft.drive.Level;
import dev.checkedraft.port.Fields;
import dev.checkedraft.port.JavaPort;
import dev.checkedraft.port.Json;
import dev.checkedraft.port.Pipe;
import dev.checkedraft.port.PortLines;
import dev.checkedraft.port.PortProcess;
import dev.checkedraft.port.ProtocolException;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the tests of this package share: where the kit's files are, and how to run Python. */
final class Kit {
    /** The module's folder, which Maven runs its tests in; elsewhere the property tells. */
    static final Path MODULE = Path.of(System.getProperty("kit.module", "")).toAbsolutePath();

    static final Path PYTHON_PORT = MODULE.resolve("ports/python/raft.py");
    static final Path RUN_VECTORS = MODULE.resolve("ports/python/run_vectors.py");
    static final Path ADAPTER = MODULE.resolve("ports/python/adapter.py");
    static final Path VECTORS = MODULE.resolve("vectors");
    static final Path PORTING = MODULE.resolve("PORTING.md");
    static final Path SCHEMA = MODULE.resolve("port.schema.json");

    /** Enough on the busiest machine. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The languages that there is a port in, each with its folder. */
    enum Language {
        PYTHON("python", "raft.py"),
        JAVASCRIPT("javascript", "raft.mjs");

        final Path folder;
        final Path port;

        Language(String folder, String port) {
            this.folder = MODULE.resolve("ports").resolve(folder);
            this.port = this.folder.resolve(port);
        }

        /** The page with the table of mistakes. */
        Path page() {
            return folder.resolve("BROKEN.md");
        }

        boolean isHere() {
            return !interpreter().isEmpty();
        }

        private String interpreter() {
            return this == PYTHON ? Kit.PYTHON : NODE;
        }

        /** A command that runs a program. */
        List<String> command(Path program) {
            return List.of(interpreter(), program.toString());
        }
    }

    /** One change of the port's text. */
    record Edit(String find, String replace) {}

    /**
     * A known way to get Raft wrong, planted in a port.
     *
     * @param vectors whether the vectors show it too: most that is random, or comes late, they cannot
     */
    record Bug(String id, String about, boolean example, boolean vectors, List<Edit> edits) {
        @Override
        public String toString() {
            return id;
        }
    }

    private Kit() {}

    /**
     * The Python interpreter itself, and not a script that looks for it, which may take longer than what it is to run; empty if
     * there is none.
     */
    private static final String PYTHON = interpreter("python3", "-c", "import sys; print(sys.executable)");

    private static final String NODE = interpreter("node", "-e", "console.log(process.execPath)");

    private static String interpreter(String... command) {
        try {
            Output output = run(List.of(command));
            return output.code() == 0 ? output.lines().get(0) : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static boolean hasPython() {
        return !PYTHON.isEmpty();
    }

    static List<Bug> bugs(Language language) throws IOException, ProtocolException {
        List<Bug> bugs = new ArrayList<>();
        Object json = Json.read(Files.readString(language.folder.resolve("broken.json")));
        for (Object each : (List<?>) json) {
            Fields bug = Fields.of(each, "bug");
            List<Edit> edits = new ArrayList<>();
            for (Fields edit : bug.objects("edits")) {
                edits.add(new Edit(edit.string("find"), edit.string("replace")));
            }
            bugs.add(new Bug(bug.string("id"), bug.string("about"), bug.flag("example"), bug.flag("vectors"), edits));
        }
        return bugs;
    }

    /** Writes a port with a bug planted. */
    static Path broken(Language language, Bug bug, Path folder) throws IOException {
        String text = Files.readString(language.port);
        for (Edit edit : bug.edits()) {
            int at = text.indexOf(edit.find());
            if (at < 0 || text.indexOf(edit.find(), at + 1) >= 0) {
                throw new AssertionError(bug.id() + ": not once in " + language.port + ": " + edit.find());
            }
            text = text.replace(edit.find(), edit.replace());
        }
        return Files.writeString(folder.resolve(bug.id() + "-" + language.port.getFileName()), text);
    }

    static ConformOptions options(int nodes, int runs, Level level) {
        return ConformOptions.DEFAULT
                .withNodes(nodes)
                .withRuns(runs, ConformOptions.DEFAULT.steps())
                .withLevel(level)
                .withPatience(PATIENCE, ConformOptions.DEFAULT.shrinking())
                .withWorkers(2);
    }

    /** What {@code raft conform} does with a command. */
    static ConformReport check(List<String> command, ConformOptions options) throws InterruptedException {
        return new Conformance(() -> PortProcess.start(command), options).check(totals -> {});
    }

    /** What {@code raft conform --replay} does. */
    static ConformReport replay(List<String> command, ConformOptions options, Schedule schedule)
            throws InterruptedException {
        return new Conformance(() -> PortProcess.start(command), options).replay(schedule);
    }

    /** A command that runs a Python program. */
    static List<String> python(Path program, String... arguments) {
        return Stream.concat(Stream.of(PYTHON, program.toString()), Stream.of(arguments))
                .toList();
    }

    /** The Java core as a port, in a JVM of its own. */
    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.checkedraft.cli.Main",
                "port");
    }

    /** The Java core as a port, in this JVM. */
    static Pipe.Launcher inProcess() {
        return PortLines.pipes(JavaPort::new);
    }

    static Setup threeNodes() {
        return Setup.of(3, 1);
    }

    /** What a command wrote to stdout and stderr, in lines. */
    record Output(int code, List<String> lines) {}

    static Output run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        List<String> lines = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = out.readLine()) != null) {
                lines.add(line);
            }
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end: " + command);
        }
        return new Output(process.exitValue(), lines);
    }
}
