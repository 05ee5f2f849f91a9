package dev.checkedraft.cli;

import dev.checkedraft.picture.RunPage;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.report.TraceReport;
import dev.checkedraft.report.WholeFile;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.TraceValidator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.MonotonicNonNull;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raft render}: draws a trace. */
@Command(
        name = "render",
        description = "Validate a trace as validate does, and draw it as an HTML page: lanes, messages, and the"
                + " divergence with the spec's text beside it.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit codes: those of validate."})
final class RenderCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the trace")
    private @MonotonicNonNull Path file;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "where the page goes")
    private @MonotonicNonNull Path output;

    @Override
    public Integer call() throws IOException {
        if (file == null || output == null) {
            throw new IllegalStateException("picocli sets these");
        }
        long began = System.nanoTime();
        Verdict verdict;
        try (TraceReader reader = TraceReader.open(file)) {
            verdict = TraceValidator.validateReadingAhead(reader, ValidatorOptions.DEFAULT.anyRaft(), events -> {});
        }
        TraceReport report = TraceReport.of(file.toString(), verdict, (System.nanoTime() - began) / 1e9);
        String page;
        try (TraceReader reader = TraceReader.open(file)) {
            page = RunPage.of(reader, verdict, report);
        }
        WholeFile.write(output, out -> out.write(page.getBytes(StandardCharsets.UTF_8)));
        System.out.println(report.line());
        return report.exit();
    }
}
