package dev.checkedraft.explain;

import dev.checkedraft.replay.Evidence;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.TraceValidator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Assertions for tests of a Raft: that what it did is a behavior of the spec. For any test framework. */
public final class TraceAssertions {
    private TraceAssertions() {}

    /**
     * Asserts that a trace in a file is a behavior of the spec.
     *
     * @return what was checked, for assertions about coverage
     * @throws AssertionError if it is not, or nothing could be decided; the message is the explanation
     * @throws IOException if the file cannot be read, or is not in the format
     */
    public static Evidence assertConforms(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return conforms(TraceValidator.validate(reader, ValidatorOptions.DEFAULT));
        }
    }

    /**
     * Asserts that events are a behavior of the spec.
     *
     * @return what was checked, for assertions about coverage
     * @throws AssertionError if they are not, or nothing could be decided; the message is the explanation
     */
    public static Evidence assertConforms(TraceHeader header, List<TraceEvent> events) {
        TraceValidator validator = TraceValidator.open(header);
        for (TraceEvent event : events) {
            if (!validator.feed(event)) {
                break;
            }
        }
        return conforms(validator.verdict());
    }

    private static Evidence conforms(Verdict verdict) {
        if (verdict instanceof Verdict.Diverged diverged) {
            throw new AssertionError(Explanation.of(diverged.divergence()).text(false));
        }
        if (verdict instanceof Verdict.Unsafe unsafe) {
            throw new AssertionError(unsafe.headline());
        }
        if (verdict instanceof Verdict.Undecided undecided) {
            throw new AssertionError(undecided.where() + ": undecided: " + undecided.limit());
        }
        return verdict.evidence();
    }
}
