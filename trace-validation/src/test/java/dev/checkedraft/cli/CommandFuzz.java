package dev.checkedraft.cli;

import dev.checkedraft.report.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Whole commands with hostile input and nonsense options: the main class of the JVM of CommandFuzzTest, whose heap is small.
 * Arguments: the seed, the first case, the case after the last. Each case depends on the seed and its number alone.
 */
final class CommandFuzz {
    /** Long after any case should have ended, it is reported as one that does not. */
    private static final long STUCK_MILLIS = 120_000;

    private final Path dir;
    private final List<String> problems = new ArrayList<>();
    private final int[] exits = new int[4];

    private CommandFuzz(Path dir) {
        this.dir = dir;
    }

    /** Exits with 0 if all cases ended as they must. */
    public static void main(String[] args) throws IOException {
        long seed = Long.parseLong(args[0]);
        Path dir = Files.createTempDirectory("command-fuzz");
        CommandFuzz fuzz = new CommandFuzz(dir);
        try {
            for (int k = Integer.parseInt(args[1]); k < Integer.parseInt(args[2]); k++) {
                fuzz.run(seed, k);
            }
        } finally {
            clear(dir);
            Files.delete(dir);
        }
        System.err.printf(
                "seed %d: %d accepted or done, %d failed, %d refused, %d undecided%n",
                seed, fuzz.exits[0], fuzz.exits[1], fuzz.exits[2], fuzz.exits[3]);
        fuzz.problems.forEach(System.err::println);
        System.exit(fuzz.problems.isEmpty() ? 0 : 1);
    }

    private void run(long seed, int number) throws IOException {
        Random random = new Random(seed * 1_000_003 + number);
        HostileCommands.Command command = new HostileCommands(random, dir).next();
        Thread watch = watch("seed " + seed + ", case " + number + ": does not end: " + command.shown());
        Run run;
        try {
            System.setIn(new ByteArrayInputStream(command.input()));
            run = Run.raft(command.args().toArray(String[]::new));
        } catch (Throwable e) { // a run that throws is what is looked for
            problem(seed, number, command, "threw " + e);
            return;
        } finally {
            watch.interrupt();
            clear(dir);
        }
        String wrong = wrong(run, command);
        if (wrong != null) {
            problem(
                    seed,
                    number,
                    command,
                    wrong + ": exit " + run.exit() + ", stderr "
                            + run.err().substring(0, Math.min(700, run.err().length())));
        } else {
            exits[run.exit()]++;
        }
    }

    private void problem(long seed, int number, HostileCommands.Command command, String what) {
        problems.add("seed " + seed + ", case " + number + ": " + what + "\n  of raft " + command.shown());
    }

    private static Thread watch(String what) {
        Thread watch = new Thread(() -> {
            try {
                Thread.sleep(STUCK_MILLIS);
                System.err.println(what);
                Runtime.getRuntime().halt(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        watch.setDaemon(true);
        watch.start();
        return watch;
    }

    /** What is wrong with how a command ended; null if nothing is. */
    private static String wrong(Run run, HostileCommands.Command command) {
        if (run.exit() < 0 || run.exit() > 3) {
            return "an exit code that no input should cause";
        }
        if (run.err().contains("\tat ") || run.out().contains("\tat ")) {
            return "a stack trace";
        }
        if (run.exit() == ExitCode.USAGE) {
            int lines = run.errLines().size();
            if (lines < 1 || lines > command.mostErrors()) {
                return "expected one line on standard error";
            }
            for (String line : run.errLines()) {
                if (line.isBlank() || line.length() > 1000 || line.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                    return "expected a clear line";
                }
            }
        }
        if (run.exit() == ExitCode.UNDECIDED) {
            String first = (run.err().isEmpty() ? run.out() : run.err())
                    .lines()
                    .findFirst()
                    .orElse("");
            if (first.isBlank() || run.errLines().size() > 1) {
                return "expected the limit in one line";
            }
        }
        return run.exit() == ExitCode.FAILED && run.out().isBlank() ? "expected what failed on standard output" : null;
    }

    private static void clear(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                if (!file.equals(dir)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Bytes of a text, as ISO 8859-1 so that any byte can be had. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
