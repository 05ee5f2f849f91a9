package dev.checkedraft.cli;

import dev.checkedraft.replay.Divergence;
import dev.checkedraft.replay.TraceValidator;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceFormatException;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.MonotonicNonNull;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code raft validate}: replays traces against the spec. */
@Command(
        name = "validate",
        description = "Replay traces against the spec, one verdict a file.",
        mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "traces; - is standard input")
    private @MonotonicNonNull List<String> files;

    @Override
    public Integer call() {
        int worst = Main.OK;
        for (String file : files == null ? List.<String>of() : files) {
            worst = worse(worst, validate(file));
        }
        return worst;
    }

    /** Unreadable input outweighs a divergence, which outweighs an open verdict. */
    private static int worse(int a, int b) {
        List<Integer> order = List.of(Main.OK, Main.UNDECIDED, Main.FAILED, Main.USAGE);
        return order.indexOf(a) >= order.indexOf(b) ? a : b;
    }

    private static int validate(String file) {
        long start = System.nanoTime();
        Verdict verdict;
        try (TraceReader reader = file.equals("-")
                ? TraceReader.open(System.in, "standard input", TraceLimits.DEFAULT)
                : TraceReader.open(Path.of(file))) {
            verdict = TraceValidator.validate(reader, ValidatorOptions.DEFAULT);
        } catch (TraceFormatException e) {
            System.err.println(e.getMessage());
            return Main.USAGE;
        } catch (IOException e) {
            System.err.println("raft: " + Main.message(e));
            return Main.USAGE;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long events = verdict.evidence().events();
        if (verdict instanceof Verdict.Accepted) {
            System.out.printf(
                    Locale.ROOT, "%s: accepted, %,d events, %,.0f a second%n", file, events, events / seconds);
            return Main.OK;
        } else if (verdict instanceof Verdict.Undecided open) {
            System.out.printf(
                    Locale.ROOT, "%s: undecided after %,d events: %s%n", open.where(), events, open.limit());
            return Main.UNDECIDED;
        } else if (verdict instanceof Verdict.Diverged diverged) {
            Divergence divergence = diverged.divergence();
            System.out.println(divergence);
            return Main.FAILED;
        }
        throw new AssertionError(verdict);
    }
}
