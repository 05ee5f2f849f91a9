package dev.checkedraft.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.checkedraft.explain.Explanation;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.replay.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What there is to say of one run, from one trace or several.
 *
 * @param name its trace, or traces
 * @param verdict what was decided; null if it could not be read
 * @param problem if it could not be read, why, in one line; else empty
 * @param seconds how long that took
 */
record TraceReport(String name, @Nullable Verdict verdict, String problem, double seconds) {
    /** Unreadable input outweighs a divergence, which outweighs an open verdict. */
    private static final List<Integer> SEVERITY = List.of(Main.OK, Main.UNDECIDED, Main.FAILED, Main.USAGE);

    /** What failed first, the worst before; then what took longest. */
    static final Comparator<TraceReport> WORST_FIRST = Comparator.comparingInt(
                    (TraceReport report) -> SEVERITY.indexOf(report.exit()))
            .reversed()
            .thenComparing(Comparator.comparingDouble(TraceReport::seconds).reversed());

    static TraceReport of(String name, Verdict verdict, double seconds) {
        return new TraceReport(name, verdict, "", seconds);
    }

    static TraceReport unreadable(String name, String problem, double seconds) {
        return new TraceReport(name, null, problem, seconds);
    }

    /** The exit code for this run. */
    int exit() {
        if (verdict == null) {
            return Main.USAGE;
        }
        return verdict instanceof Verdict.Accepted
                ? Main.OK
                : verdict instanceof Verdict.Undecided ? Main.UNDECIDED : Main.FAILED;
    }

    /** The worst exit code of all. */
    static int exit(List<TraceReport> reports) {
        return reports.stream()
                .map(TraceReport::exit)
                .max(Comparator.comparingInt(SEVERITY::indexOf))
                .orElse(Main.OK);
    }

    Evidence evidence() {
        return verdict == null ? Evidence.NONE : verdict.evidence();
    }

    /** The verdict in one line. */
    String line() {
        if (verdict instanceof Verdict.Accepted) {
            return String.format(
                    Locale.ROOT,
                    "%s: accepted, %,d events in %.1f s",
                    name,
                    evidence().events(),
                    seconds);
        }
        if (verdict instanceof Verdict.Undecided open) {
            return String.format(
                    Locale.ROOT,
                    "%s: undecided after %,d events: %s",
                    open.where(),
                    evidence().events(),
                    open.limit());
        }
        if (verdict instanceof Verdict.Diverged diverged) {
            return Explanation.of(diverged.divergence()).headline();
        }
        if (verdict instanceof Verdict.Unsafe unsafe) {
            return unsafe.headline();
        }
        return problem;
    }

    /** The verdict, explained if the trace diverged. */
    String explained(boolean verbose) {
        return verdict instanceof Verdict.Diverged diverged
                ? Explanation.of(diverged.divergence()).text(verbose).stripTrailing()
                : line();
    }

    /** What the verdicts rest on, in a few lines, or, if verbose, with every branch of the spec that was not taken. */
    static String text(Evidence evidence, boolean verbose) {
        if (evidence.events() == 0) {
            return "";
        }
        String actions = evidence.byAction().entrySet().stream()
                .filter(action -> action.getValue() > 0)
                .map(action -> action.getKey().label() + " " + action.getValue())
                .collect(Collectors.joining(", "));
        int branches = evidence.branches().size();
        int never = evidence.neverTaken().size();
        StringBuilder text = new StringBuilder("\n  events: ").append(actions);
        text.append("\n  branches of Raft.tla taken: ")
                .append(branches - never)
                .append(" of ")
                .append(branches)
                .append(never == 0 || verbose ? "" : " (--verbose: which not)");
        text.append("\n  safety properties of RaftProperties.tla: ")
                .append(
                        evidence.safe() == evidence.events()
                                ? "hold after every event"
                                : "checked after " + evidence.safe() + " of " + evidence.events()
                                        + " events, as long as one state of the spec explained a trace");
        if (verbose) {
            evidence.neverTaken()
                    .forEach(branch -> text.append("\n  never taken: ")
                            .append(branch.operator())
                            .append(' ')
                            .append(branch.location())
                            .append(' ')
                            .append(branch.text()));
        }
        if (!evidence.neverChecked().isEmpty()) {
            text.append("\n  never checked: ").append(String.join(", ", evidence.neverChecked()));
        }
        return text.toString();
    }

    /** All of it as one JSON object, in one line. */
    String json() {
        if (verdict instanceof Verdict.Diverged diverged) {
            return Explanation.of(diverged.divergence()).json();
        }
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField(
                    "verdict",
                    verdict == null
                            ? "unreadable"
                            : verdict instanceof Verdict.Accepted
                                    ? "accepted"
                                    : verdict instanceof Verdict.Unsafe ? "unsafe" : "undecided");
            json.writeStringField("file", name);
            if (verdict == null) {
                json.writeStringField("problem", problem);
            }
            if (verdict instanceof Verdict.Undecided open) {
                json.writeNumberField("line", open.where().line());
                json.writeStringField("limit", open.limit());
            }
            if (verdict instanceof Verdict.Unsafe unsafe) {
                json.writeNumberField("line", unsafe.where().line());
                json.writeStringField("event", unsafe.event().action().label());
                json.writeStringField("node", unsafe.event().node());
                json.writeStringField("property", unsafe.property());
                json.writeStringField("what", unsafe.what());
            }
            json.writeNumberField("seconds", seconds);
            json.writeFieldName("evidence");
            json.writeRawValue(evidence().json());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }
}
