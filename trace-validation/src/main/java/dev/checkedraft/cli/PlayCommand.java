package dev.checkedraft.cli;

import dev.checkedraft.play.PlayPage;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.MonotonicNonNull;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raft play}: a page on which a reader makes a schedule by hand. */
@Command(
        name = "play",
        description =
                "Write a page, one HTML file, on which you time out servers, deliver, lose and repeat messages, and see what"
                        + " the core does and what the spec allows. The core takes the steps now, each held against the spec.",
        mixinStandardHelpOptions = true)
final class PlayCommand implements Callable<Integer> {
    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "where the page goes")
    private @MonotonicNonNull Path output;

    @Override
    public Integer call() throws IOException {
        Path file = output == null ? Path.of("play.html") : output;
        PlayPage page = PlayPage.of();
        byte[] bytes = page.html().getBytes(StandardCharsets.UTF_8);
        WholeFile.write(file, out -> out.write(bytes));
        System.out.printf(
                Locale.ROOT, "%s: %,d bytes; %s, each held against Raft.tla%n", file, bytes.length, page.summary());
        return ExitCode.OK;
    }
}
