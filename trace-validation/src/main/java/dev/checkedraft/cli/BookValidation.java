package dev.checkedraft.cli;

import dev.checkedraft.book.ByTheBook;
import dev.checkedraft.report.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code raft validate --by-the-book}: a line a trace, and the worst exit code. */
final class BookValidation {
    private BookValidation() {}

    static int run(List<String> traces) throws IOException, InterruptedException {
        int worst = ExitCode.OK;
        for (String trace : traces) {
            ByTheBook.Judgement judgement = ByTheBook.judge(Path.of(trace));
            if (judgement instanceof ByTheBook.Explained explained) {
                System.out.printf(
                        "%s: accepted by TLC: %,d events, each a step of RaftTrace.tla%n", trace, explained.events());
            } else if (judgement instanceof ByTheBook.NoStep missing) {
                System.out.printf(
                        "%s:%d: diverged: TLC finds no step of RaftTrace.tla for event %d, %s of %s%n",
                        trace,
                        missing.line(),
                        missing.place(),
                        missing.event().action().label(),
                        missing.event().node());
                worst = ExitCode.FAILED;
            } else if (judgement instanceof ByTheBook.NoVerdict none) {
                System.out.printf("%s: undecided: %s%n", trace, none.why());
                worst = worst == ExitCode.OK ? ExitCode.UNDECIDED : worst;
            }
        }
        return worst;
    }
}
