package dev.checkedraft.report;

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

/**
 * What there is to say of one run, from one trace or several. It holds texts, and nothing of what was validated: there may be
 * thousands.
 *
 * @param name its trace, or traces
 * @param kind what was decided
 * @param evidence what was checked
 * @param line the verdict in one line
 * @param explanation the verdict, explained if the trace diverged
 * @param verbose the same at full length
 * @param json all of it as one JSON object, in one line
 * @param seconds how long that took
 */
public record TraceReport(
        String name,
        Kind kind,
        Evidence evidence,
        String line,
        String explanation,
        String verbose,
        String json,
        double seconds) {
    /** The kinds of verdict, and of none. */
    public enum Kind {
        ACCEPTED(ExitCode.OK),
        DIVERGED(ExitCode.FAILED),
        UNSAFE(ExitCode.FAILED),
        UNDECIDED(ExitCode.UNDECIDED),
        UNREADABLE(ExitCode.USAGE);

        private final int exit;

        Kind(int exit) {
            this.exit = exit;
        }
    }

    /** Unreadable input outweighs a divergence, which outweighs an open verdict. */
    private static final List<Integer> SEVERITY =
            List.of(ExitCode.OK, ExitCode.UNDECIDED, ExitCode.FAILED, ExitCode.USAGE);

    /** What failed first, the worst before; then what took longest. */
    public static final Comparator<TraceReport> WORST_FIRST = Comparator.comparingInt(
                    (TraceReport report) -> SEVERITY.indexOf(report.exit()))
            .reversed()
            .thenComparing(Comparator.comparingDouble(TraceReport::seconds).reversed());

    public static TraceReport of(String name, Verdict verdict, double seconds) {
        if (verdict instanceof Verdict.Diverged diverged) {
            Explanation why = Explanation.of(diverged.divergence());
            return new TraceReport(
                    name,
                    Kind.DIVERGED,
                    verdict.evidence(),
                    why.headline(),
                    why.text(false).stripTrailing(),
                    why.text(true).stripTrailing(),
                    why.json(),
                    seconds);
        }
        Evidence evidence = verdict.evidence();
        if (verdict instanceof Verdict.Unsafe unsafe) {
            return plain(name, Kind.UNSAFE, evidence, unsafe.headline(), seconds, json -> {
                json.writeNumberField("line", unsafe.where().line());
                json.writeStringField("event", unsafe.event().action().label());
                json.writeStringField("node", unsafe.event().node());
                json.writeStringField("property", unsafe.property());
                json.writeStringField("what", unsafe.what());
            });
        }
        if (verdict instanceof Verdict.Undecided open) {
            String line = String.format(
                    Locale.ROOT, "%s: undecided after %,d events: %s", open.where(), evidence.events(), open.limit());
            return plain(name, Kind.UNDECIDED, evidence, line, seconds, json -> {
                json.writeNumberField("line", open.where().line());
                json.writeStringField("limit", open.limit());
            });
        }
        String line = String.format(Locale.ROOT, "%s: accepted, %,d events in %.1f s", name, evidence.events(), seconds)
                + choices(evidence);
        return plain(name, Kind.ACCEPTED, evidence, line, seconds, json -> {});
    }

    /**
     * A trace that could not be read.
     *
     * @param problem why, in one line
     */
    public static TraceReport unreadable(String name, String problem, double seconds) {
        return plain(
                name,
                Kind.UNREADABLE,
                Evidence.NONE,
                problem,
                seconds,
                json -> json.writeStringField("problem", problem));
    }

    /** Fields of a JSON object. */
    private interface Fields {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private static TraceReport plain(
            String name, Kind kind, Evidence evidence, String line, double seconds, Fields fields) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("verdict", kind.name().toLowerCase(Locale.ROOT));
            json.writeStringField("file", name);
            fields.writeTo(json);
            json.writeNumberField("seconds", seconds);
            json.writeFieldName("evidence");
            json.writeRawValue(evidence.json());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TraceReport(name, kind, evidence, line, line, line, out.toString(), seconds);
    }

    private static String choices(Evidence evidence) {
        long events = evidence.choices().values().stream()
                .mapToLong(choice -> choice.count())
                .sum();
        return events == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", %,d of them a choice that Raft.tla does not make and AnyRaft.tla allows",
                        events);
    }

    /** The exit code for this run. */
    public int exit() {
        return kind.exit;
    }

    /** The worst exit code of all. */
    public static int exit(List<TraceReport> reports) {
        return reports.stream()
                .map(TraceReport::exit)
                .max(Comparator.comparingInt(SEVERITY::indexOf))
                .orElse(ExitCode.OK);
    }

    /** The verdict, explained if the trace diverged. */
    public String explained(boolean atFullLength) {
        return atFullLength ? verbose : explanation;
    }

    /** What the verdicts rest on, in a few lines, or, if verbose, with every branch of the spec that was not taken. */
    public static String text(Evidence evidence, boolean verbose) {
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
        evidence.choices()
                .forEach((what, choice) -> text.append("\n  choice: ")
                        .append(what)
                        .append(": ")
                        .append(choice.count())
                        .append(choice.count() == 1 ? " time, at " : " times, first at ")
                        .append(choice.first()));
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
}
