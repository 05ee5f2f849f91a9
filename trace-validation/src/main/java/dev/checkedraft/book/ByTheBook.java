package dev.checkedraft.book;

import dev.checkedraft.spec.manifest.Cleanup;
import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Outcome;
import dev.checkedraft.spec.run.CheckOptions;
import dev.checkedraft.spec.run.ModelChecker;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tlc2.value.impl.Value;

/**
 * Has TLC itself decide whether a trace is a behavior of Raft.tla. The trace becomes the constant of a module that takes its
 * events one by one as steps of RaftTrace.tla; TLC, in a JVM of its own, searches for a way to its end. Of this project's Java
 * only the reader of traces and the writer of that module are trusted.
 */
public final class ByTheBook {
    /** The most events a trace may have: TLC parses all of them as one expression. */
    public static final int MOST_EVENTS = 2_000;

    private static final String MODULE = "TraceByTheBook";

    /** What TLC says of a trace. */
    public sealed interface Judgement {}

    /** TLC came to the trace's end. */
    public record Explained(int events) implements Judgement {}

    /**
     * The spec has no step for an event after any steps for those before.
     *
     * @param place of the event, from 1 on
     * @param line where the event is in its file
     */
    public record NoStep(int place, long line, TraceEvent event) implements Judgement {}

    /** TLC ended otherwise. */
    public record NoVerdict(String why) implements Judgement {}

    private ByTheBook() {}

    /**
     * Judges a trace.
     *
     * @throws IOException if the trace cannot be read, or TLC cannot be run
     * @throws IllegalArgumentException if the trace is too long, or has a string that TLA+ cannot write
     */
    public static Judgement judge(Path trace) throws IOException, InterruptedException {
        List<TraceEvent> events = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(trace)) {
            if (reader.header().version() != TraceHeader.VERSION) {
                throw new IllegalArgumentException(
                        trace + ": expected version " + TraceHeader.VERSION + " of the format, which is Raft.tla's");
            }
            for (TraceEvent event = reader.next(); event != null; event = reader.next()) {
                if (events.size() == MOST_EVENTS) {
                    throw new IllegalArgumentException(trace + ": expected at most " + MOST_EVENTS
                            + " events, since TLC reads the trace as one expression");
                }
                events.add(event);
                lines.add(reader.line());
            }
            CheckResult result = check(reader.header(), events);
            if (result.outcome() instanceof Outcome.Violation) {
                return new Explained(events.size());
            }
            if (result.outcome() instanceof Outcome.Ok) {
                int place = result.depth();
                return new NoStep(place, lines.get(place - 1), events.get(place - 1));
            }
            return new NoVerdict(result.outcome() instanceof Outcome.Failure failure ? failure.message() : "TLC ended");
        }
    }

    private static CheckResult check(TraceHeader header, List<TraceEvent> events)
            throws IOException, InterruptedException {
        Path folder = Cleanup.temporaryDirectory("by-the-book");
        try {
            Files.writeString(folder.resolve(MODULE + ".tla"), module(header, events));
            Files.writeString(
                    folder.resolve(MODULE + ".cfg"),
                    SpecEvaluator.writeModules(folder, header.servers())
                                    .replace("TraceInit", "BookInit")
                                    .replace("TraceNext", "BookNext")
                            + "INVARIANT IsUnfinished\n");
            Model model = new Model(
                    MODULE,
                    MODULE,
                    MODULE + ".cfg",
                    Model.Mode.CHECK,
                    Model.Kind.SAFETY,
                    "a trace",
                    false,
                    Model.Expectation.ok(),
                    List.of());
            return new ModelChecker(
                            SpecFiles.in(folder),
                            CheckOptions.defaults().withWorkers(1).forBriefRun())
                    .check(model);
        } finally {
            Cleanup.delete(folder);
        }
    }

    /** A module whose behaviors are those of RaftTrace.tla that take the trace's events one by one. */
    static String module(TraceHeader header, List<TraceEvent> events) {
        TlcValues cluster = new TlcValues(header.servers());
        Value observes = cluster.observes(header.observes());
        String trace = events.stream()
                .map(event -> "    " + TlaText.of(cluster.event(event, observes, true)))
                .collect(Collectors.joining(",\n"));
        return """
                ---- MODULE %s ----
                EXTENDS RaftTrace

                \\* The number of events explained.
                VARIABLE explained

                Trace == <<
                %s
                >>

                BookInit == Init /\\ stored = log /\\ explained = 0 /\\ event = IF Trace = <<>> THEN "none" ELSE Trace[1]

                BookNext ==
                    /\\ explained < Len(Trace)
                    /\\ EventStep
                    /\\ Observed
                    /\\ stored' = stored
                    /\\ explained' = explained + 1
                    /\\ event' = IF explained' < Len(Trace) THEN Trace[explained' + 1] ELSE "none"

                \\* Broken where TLC comes to the trace's end.
                IsUnfinished == explained < Len(Trace)
                ====
                """.formatted(MODULE, trace);
    }
}
