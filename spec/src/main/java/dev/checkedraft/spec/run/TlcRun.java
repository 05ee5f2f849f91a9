package dev.checkedraft.spec.run;

import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** One run of TLC from its start to its end, by the thread that asks for the result. */
final class TlcRun {
    private static final int MAX_ERROR_LINES = 100;
    private static final long TICK_MILLIS = 100;

    private final TlcProcess.Command command;
    private final ResultReader reader;
    private final @Nullable Duration timeout;
    private final Consumer<Progress> progress;
    private Companion companion = new Companion() {};

    TlcRun(TlcProcess.Command command, ResultReader reader, @Nullable Duration timeout, Consumer<Progress> progress) {
        this.command = command;
        this.reader = reader;
        this.timeout = timeout;
        this.progress = progress;
    }

    /** What goes on beside TLC. */
    interface Companion {
        /** TLC has said something. */
        default void said(ToolReader.Message message) throws IOException {}

        /** Called several times a second. A reason to end TLC, or null. */
        default @Nullable String reasonToStop() throws InterruptedException {
            return null;
        }
    }

    TlcRun with(Companion newCompanion) {
        companion = newCompanion;
        return this;
    }

    /**
     * Starts TLC and waits until it has ended.
     *
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread was interrupted; TLC has been ended then
     */
    CheckResult result() throws IOException, InterruptedException {
        List<ToolReader.Message> said = new ArrayList<>();
        ToolReader messages = new ToolReader(said::add);
        List<String> errors = new ArrayList<>();
        long start = System.nanoTime();
        @Nullable String stopped = null;
        try (TlcProcess tlc = TlcProcess.start(command)) {
            while (!tlc.hasEnded()) {
                TlcProcess.Line line = tlc.next(TICK_MILLIS);
                double seconds = secondsSince(start);
                if (line == null) {
                    // Nothing new.
                } else if (line.kind() == TlcProcess.Kind.OUTPUT) {
                    messages.line(line.text());
                } else if (line.text().startsWith(TlcMain.PROGRESS)) {
                    reader.counted(line.text().substring(TlcMain.PROGRESS.length()));
                    progress.accept(reader.progress(seconds));
                } else if (errors.size() < MAX_ERROR_LINES) {
                    errors.add(line.text());
                }
                handle(said);
                if (stopped == null) {
                    stopped = timeout != null && seconds > timeout.toMillis() / 1e3
                            ? String.format("no verdict in %,d s", timeout.toSeconds())
                            : companion.reasonToStop();
                    if (stopped != null) {
                        tlc.end();
                    }
                }
            }
            messages.end();
            handle(said);
            return reader.result(tlc.exitCode(), errors, stopped, secondsSince(start));
        }
    }

    private void handle(List<ToolReader.Message> said) throws IOException {
        for (ToolReader.Message message : said) {
            reader.message(message);
            companion.said(message);
        }
        said.clear();
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
