package dev.checkedraft.picture;

import dev.checkedraft.judge.Choice;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.report.TraceReport;
import dev.checkedraft.report.WholeFile;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceFormatException;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceLocation;
import dev.checkedraft.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A validated trace, to be drawn: its events as rows, its messages as arrows, and the event that decided. */
public final class Picture {
    /** The most events that are drawn: a page of so many is still opened by a browser. */
    public static final int MOST_EVENTS = 200_000;

    final Path trace;
    final Verdict verdict;
    final TraceReport report;
    final TraceHeader header;
    final List<Row> rows;
    final List<Arrow> arrows;

    /** The number of the event that decided, from 0; or that of none. */
    final int decisive;

    /** What of the trace is not drawn, in a line; empty if all is. */
    final String leftOut;

    /**
     * Reads a trace that was validated.
     *
     * @throws IOException if it cannot be read to the event that decided
     */
    public Picture(Path trace, Verdict verdict, TraceReport report) throws IOException {
        this.trace = trace;
        this.verdict = verdict;
        this.report = report;
        TraceLocation where = where(verdict);
        Map<Long, List<Mark>> told = told(verdict, where);
        int decides = Arrow.NONE;
        String left = "";
        try (TraceReader reader = TraceReader.open(trace)) {
            header = reader.header();
            Map<String, Integer> lanes = new LinkedHashMap<>();
            header.servers().forEach(server -> lanes.put(server, lanes.size()));
            Rows drawn = new Rows(header, lanes);
            Arrows messages = new Arrows(lanes);
            try {
                TraceEvent event = reader.next();
                while (event != null) {
                    int number = drawn.all().size();
                    if (number == MOST_EVENTS) {
                        left = "Only the first " + MOST_EVENTS + " events are drawn.";
                        break;
                    }
                    if (where != null && where.line() == reader.line()) {
                        decides = number;
                    }
                    messages.add(number, event);
                    drawn.add(event, told.getOrDefault(reader.line(), List.of()));
                    event = reader.next();
                }
            } catch (TraceFormatException e) {
                if (decides == Arrow.NONE) {
                    throw e;
                }
                left = "What follows cannot be read: " + e.getMessage();
            }
            rows = drawn.all();
            arrows = messages.all();
        }
        decisive = decides;
        leftOut = left;
    }

    /** A server's term before its first event. */
    long firstTerm(String server) {
        Map<String, Object> state = header.initial().getOrDefault(server, Map.of());
        return state.get("currentTerm") instanceof Long term ? term : 0;
    }

    private static @Nullable TraceLocation where(Verdict verdict) {
        if (verdict instanceof Verdict.Diverged diverged) {
            return diverged.divergence().where();
        }
        if (verdict instanceof Verdict.Unsafe unsafe) {
            return unsafe.where();
        }
        return verdict instanceof Verdict.Undecided open ? open.where() : null;
    }

    /** What the verdict says of single events, by line. */
    private static Map<Long, List<Mark>> told(Verdict verdict, @Nullable TraceLocation where) {
        Map<Long, List<Mark>> told = new LinkedHashMap<>();
        for (Map.Entry<String, Choice> choice : verdict.evidence().choices().entrySet()) {
            long count = choice.getValue().count();
            String words = "choice: " + choice.getKey() + (count == 1 ? "" : ", the first of " + count);
            told.computeIfAbsent(choice.getValue().first().line(), line -> new ArrayList<>())
                    .add(new Mark(Mark.Kind.CHOICE, words));
        }
        if (where != null) {
            String word = verdict instanceof Verdict.Diverged
                    ? "diverges"
                    : verdict instanceof Verdict.Unsafe ? "unsafe" : "undecided from here";
            told.computeIfAbsent(where.line(), line -> new ArrayList<>()).add(new Mark(Mark.Kind.DECISIVE, word));
        }
        return told;
    }

    /** Writes the page, whole or not at all. */
    public void write(Path file) throws IOException {
        WholeFile.write(file, out -> new Page(this).writeTo(out));
    }
}
