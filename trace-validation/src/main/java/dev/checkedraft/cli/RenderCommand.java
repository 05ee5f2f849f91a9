package dev.checkedraft.cli;

import dev.checkedraft.picture.Picture;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.Problem;
import dev.checkedraft.report.ProgressLine;
import dev.checkedraft.report.TraceReport;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.TraceValidator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.MonotonicNonNull;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raft render}: a trace as a page to look at. */
@Command(
        name = "render",
        description =
                "Validate a trace and draw it as one HTML file: a lane a server, an arrow a message, and, if the trace"
                        + " diverges, the event and why. The file needs no network, and shows the decisive part without"
                        + " scripts, too.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Prints the verdict. Exit codes: 0 accepted, 1 diverged or unsafe, 2 unreadable (and no file is written),",
            "3 undecided because a limit was reached."
        })
final class RenderCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TRACE", description = "the trace, of one run in one file")
    private @MonotonicNonNull Path trace;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "the page; it has the first " + Picture.MOST_EVENTS + " events")
    private @MonotonicNonNull Path output;

    @Option(names = "--strict", description = "judge by Raft.tla alone")
    private boolean strict;

    @Override
    public Integer call() throws IOException {
        if (trace == null || output == null) {
            throw new IllegalStateException("picocli asks for both");
        }
        ValidatorOptions options = new ValidatorOptions(
                ValidatorOptions.DEFAULT.frontier(),
                ValidatorOptions.DEFAULT.messages(),
                ValidatorOptions.DEFAULT.bytes(),
                strict);
        ProgressLine progress = new ProgressLine();
        Verdict verdict;
        TraceReport report;
        Picture picture;
        long began = System.nanoTime();
        try (TraceReader reader = TraceReader.open(trace)) {
            verdict = TraceValidator.validateReadingAhead(
                    reader, options, events -> progress.show("%,d events validated", events));
            progress.clear();
            report = TraceReport.of(trace.toString(), verdict, (System.nanoTime() - began) / 1e9);
            picture = new Picture(trace, verdict, report);
        } catch (IOException | IllegalArgumentException e) {
            progress.clear();
            System.err.println(Problem.ofTrace(e));
            return ExitCode.USAGE;
        }
        picture.write(output);
        System.out.println(report.explained(false));
        System.out.println("  drawn in " + output);
        return report.exit();
    }
}
