package dev.checkedraft.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.checkedraft.core.Action;
import dev.checkedraft.replay.Divergence;
import dev.checkedraft.replay.MissingStep;
import dev.checkedraft.replay.SentMessage;
import dev.checkedraft.replay.TriedStep;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceLocation;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tlc2.tool.TLCState;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;

/**
 * Why no step of the spec explains an event: what the event's action would have done instead, or which of its conditions
 * did not hold, or which message was never sent; in the likeliest of the spec's states, with the cause where one is evident.
 */
public final class Explanation {
    /** The most lines of {@link #text}, unless it is verbose. */
    public static final int LINES = 20;

    private static final JsonFactory JSON = new JsonFactory();

    private final Divergence divergence;
    private final TraceEvent event;
    private final List<Reason> reasons = new ArrayList<>();
    private final TriedStep likeliest;
    private final String rule;
    private final boolean neverSent;

    private Explanation(Divergence divergence) {
        this.divergence = divergence;
        event = divergence.event();
        Map<Reason, TriedStep> attempts = new LinkedHashMap<>();
        String ruleText = "";
        for (TriedStep attempt : divergence.attempts()) {
            StepWalk walk = new StepWalk(attempt, event.action().label());
            if (ruleText.isEmpty()) {
                ruleText = walk.rule();
            }
            if (attempt.after().isEmpty()) {
                attempts.put(new Reason(attempt.handled(), walk.falseGuard(), List.of(), walk.definitions()), attempt);
            }
            for (TLCState after : attempt.after()) {
                List<Difference> differences = Differences.of(event, attempt, after);
                attempts.put(new Reason(attempt.handled(), null, differences, walk.definitions()), attempt);
            }
        }
        reasons.addAll(attempts.keySet());
        // A step that differs in little comes first, then one that was not possible.
        reasons.sort(Comparator.comparingInt(reason -> reason.differences().isEmpty()
                ? Integer.MAX_VALUE
                : reason.differences().size()));
        TriedStep first = attempts.get(reasons.get(0));
        likeliest = first == null ? divergence.attempts().get(0) : first;
        neverSent =
                handlesMessage(event) && divergence.attempts().stream().allMatch(attempt -> attempt.handled() == null);
        rule = neverSent ? "" : ruleText;
    }

    /** Explains a divergence. */
    public static Explanation of(Divergence divergence) {
        return new Explanation(divergence);
    }

    private static boolean handlesMessage(TraceEvent event) {
        return event.action().label().startsWith("Handle");
    }

    // ---------------------------------------------------------------------------------------------------------- text

    /** Everything in one line: place, event, and the likeliest reason. */
    public String headline() {
        return divergence.where() + ": " + event.node() + " " + event.action().label() + ": " + reason(reasons.get(0));
    }

    /** What went wrong, the likeliest first; at least one. */
    public List<Reason> reasons() {
        return List.copyOf(reasons);
    }

    private String reason(Reason reason) {
        if (!reason.differences().isEmpty()) {
            return joined(reason.differences());
        }
        if (neverSent) {
            return "no such message was sent" + (event.msg() == null ? "" : ": " + ValueText.of(event.msg()));
        }
        FalseGuard guard = reason.falseGuard();
        if (guard == null) {
            return "the spec has no such step";
        }
        return "not enabled: " + guard.text() + " is false (" + values(guard.values()) + ")";
    }

    private static String joined(List<Difference> differences) {
        return String.join("; ", differences.stream().map(Difference::toString).toList());
    }

    private static String values(Map<String, String> values) {
        List<String> shown = new ArrayList<>();
        values.forEach((text, value) -> shown.add(text + " = " + value));
        return String.join(", ", shown);
    }

    /** What is likely wrong, a line each; none if nothing stands out. */
    public List<String> causes() {
        List<String> causes = new ArrayList<>();
        SentMessage nearest = divergence.nearest();
        if (neverSent && nearest == null) {
            causes.add("nothing of the kind was ever sent to " + event.node());
        }
        if (nearest != null && event.msg() != null) {
            List<String> differing = new ArrayList<>();
            for (Map.Entry<String, Object> field : event.msg().entrySet()) {
                String sent = ValueText.of(nearest.fields().get(field.getKey()));
                if (!sent.equals(ValueText.of(field.getValue()))) {
                    differing.add(field.getKey() + " " + sent + ", not " + ValueText.of(field.getValue()));
                }
            }
            causes.add("sent with other contents in " + line(nearest) + ": " + String.join("; ", differing));
        }
        causes.addAll(Hints.of(event, likeliest, reasons.get(0)));
        for (MissingStep clue : divergence.clues()) {
            SentMessage handled = clue.handled();
            String step = clue.action() + " at " + clue.node()
                    + (handled == null ? "" : " of the message sent in " + line(handled));
            if (neverSent && clue.action().equals(Action.SEND_APPEND_ENTRIES.label())) {
                causes.add(clue.node() + " could have sent it now: is its SendAppendEntries missing?");
            } else if (neverSent) {
                causes.add("it would have been sent in a " + step + ": is that event missing?");
            } else {
                causes.add("a " + step + " before it would explain it: is that event missing, or out of order?");
            }
        }
        return causes;
    }

    private String line(SentMessage message) {
        TraceLocation sentAt = message.sentAt();
        return sentAt.file().equals(divergence.where().file()) ? "line " + sentAt.line() : sentAt.toString();
    }

    /** The explanation in at most {@link #LINES} lines, or, if verbose, all of it. */
    public String text(boolean verbose) {
        List<String> lines = new ArrayList<>();
        lines.add(headline());
        if (divergence.any() && event.action().raft() != null) {
            lines.add("  nor has AnyRaft.tla, which allows all that is safe, such a step");
        }
        Reason best = reasons.get(0);
        for (String cause : causes()) {
            lines.add("  likely: " + cause);
        }
        SentMessage handled = best.handled();
        if (handled != null) {
            lines.add("  message (sent in " + line(handled) + "): " + ValueText.of(handled.fields())
                    + Hints.terms(likeliest, event, handled.fields()));
        }
        FalseGuard guard = best.falseGuard();
        if (guard != null && !neverSent) {
            lines.add("  condition at " + guard.location() + ": " + guard.text());
        }
        if (!best.definitions().isEmpty() && !neverSent) {
            lines.add("  in the spec: " + values(best.definitions()));
        }
        if (!rule.isEmpty()) {
            lines.add("  rule: " + rule);
        }
        state(verbose).forEach((server, state) -> lines.add("  before, " + server + ": " + state));
        int others = 0;
        for (Reason reason : reasons.subList(1, reasons.size())) {
            if (!verbose && (others == 4 || lines.size() >= LINES - 1)) {
                lines.add("  and " + (reasons.size() - 1 - others) + " other ways to explain it failed (--verbose)");
                break;
            }
            others++;
            SentMessage other = reason.handled();
            lines.add(
                    "  or" + (other == null ? "" : ", of the message sent in " + line(other)) + ": " + reason(reason));
        }
        if (verbose) {
            lines.add("  event: " + event);
        }
        return String.join("\n", verbose ? lines : lines.subList(0, Math.min(LINES, lines.size())));
    }

    /** The servers' state before the event, by server: the event's own first, then, if verbose or few, the others'. */
    private Map<String, String> state(boolean verbose) {
        Map<String, String> states = new LinkedHashMap<>();
        states.put(event.node(), state(event.node()));
        for (String server : new RecordOrFunction(value("currentTerm")).names()) {
            if (verbose || states.size() < 5) {
                states.putIfAbsent(server, state(server));
            }
        }
        return states;
    }

    private Value value(String variable) {
        return SpecEvaluator.value(likeliest.before(), variable);
    }

    private Value value(String variable, String server) {
        return ValueText.field(value(variable), server);
    }

    private String state(String server) {
        StringBuilder state = new StringBuilder()
                .append(ValueText.of(value("role", server)))
                .append(", term ")
                .append(ValueText.of(value("currentTerm", server)))
                .append(", voted ")
                .append(ValueText.of(value("votedFor", server)))
                .append(", commit ")
                .append(ValueText.of(value("commitIndex", server)));
        Value log = value("log", server);
        int length = log.size();
        state.append(", log of ").append(length);
        if (length > 0 && log.toTuple() instanceof TupleValue tuple) {
            state.append(" ending in ").append(ValueText.entry(tuple.elems[length - 1]));
        }
        switch (ValueText.of(value("role", server))) {
            case "Candidate" ->
                state.append(", granted ")
                        .append(ValueText.of(value("votesGranted", server)))
                        .append(", refused ")
                        .append(ValueText.of(value("votesRefused", server)));
            case "Leader" -> {
                RecordOrFunction match = new RecordOrFunction(value("matchIndex", server));
                List<String> indexes = new ArrayList<>();
                for (String peer : match.names()) {
                    if (!peer.equals(server)) {
                        indexes.add(peer + " " + ValueText.of(match.at(peer)));
                    }
                }
                state.append(", match ").append(String.join(", ", indexes));
            }
            default -> {}
        }
        return state.toString();
    }

    @Override
    public String toString() {
        return text(false);
    }

    // ---------------------------------------------------------------------------------------------------------- JSON

    /** The same as one JSON object, in one line. */
    public String json() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("verdict", "diverged");
            json.writeStringField("file", divergence.where().file());
            json.writeNumberField("line", divergence.where().line());
            json.writeStringField("event", event.action().label());
            json.writeStringField("node", event.node());
            json.writeStringField("headline", headline());
            json.writeArrayFieldStart("likely");
            for (String cause : causes()) {
                json.writeString(cause);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("reasons");
            for (Reason reason : reasons) {
                write(json, reason);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("before");
            for (Map.Entry<String, String> state : state(true).entrySet()) {
                json.writeStringField(state.getKey(), state.getValue());
            }
            json.writeEndObject();
            if (!rule.isEmpty()) {
                json.writeStringField("rule", rule);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private void write(JsonGenerator json, Reason reason) throws IOException {
        json.writeStartObject();
        SentMessage handled = reason.handled();
        if (handled != null) {
            json.writeStringField("handled", ValueText.of(handled.fields()));
            json.writeStringField("sentIn", handled.sentAt().toString());
        }
        FalseGuard guard = reason.falseGuard();
        if (neverSent) {
            json.writeBooleanField("neverSent", true);
        } else if (guard != null) {
            json.writeObjectFieldStart("falseGuard");
            json.writeStringField("text", guard.text());
            json.writeStringField("location", guard.location());
            write(json, "values", guard.values());
            json.writeEndObject();
        }
        json.writeArrayFieldStart("differences");
        for (Difference difference : reason.differences()) {
            json.writeStartObject();
            json.writeStringField("field", difference.field());
            json.writeStringField("spec", difference.spec());
            json.writeStringField("trace", difference.trace());
            json.writeEndObject();
        }
        json.writeEndArray();
        write(json, "definitions", reason.definitions());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, Map<String, String> values) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> value : values.entrySet()) {
            json.writeStringField(value.getKey(), value.getValue());
        }
        json.writeEndObject();
    }
}
