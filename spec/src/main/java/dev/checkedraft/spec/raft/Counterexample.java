package dev.checkedraft.spec.raft;

import dev.checkedraft.spec.value.Change;
import dev.checkedraft.spec.value.Pretty;
import dev.checkedraft.spec.value.Sources;
import dev.checkedraft.spec.value.TlaValue;
import dev.checkedraft.spec.value.TraceStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A run of the spec that TLC printed: one that violates a property, or, where the property says "never", the witness of
 * what it denies.
 *
 * <p>A model may say what each step was, in a variable {@code event} (hidden from TLC's idea of a state by a VIEW): a
 * record of {@code action}, {@code node} and {@code detail}, the message handled or the value proposed. Without it, the
 * action is what TLC calls it, which is the name of the definition that holds it, and the node is the one whose
 * variables changed.
 *
 * @param steps the first is an initial state
 * @param ending what follows the last step
 */
public record Counterexample(List<Step> steps, Ending ending) {
    /** The variable that says what the step to a state was. */
    static final String EVENT = "event";

    private static final int DEFAULT_WIDTH = 120;

    public Counterexample {
        steps = List.copyOf(steps);
    }

    /** What follows the last step of a run. */
    public sealed interface Ending {
        /** For a reader; empty if there is nothing to say. */
        String describe();

        /** Nothing: the run up to there violates the property. */
        record End() implements Ending {
            @Override
            public String describe() {
                return "";
            }
        }

        /** Nothing changes any more, for ever. */
        record Stuttering() implements Ending {
            @Override
            public String describe() {
                return "and then nothing changes any more";
            }
        }

        /** An action that leads back to the state of an earlier step, and round again for ever. */
        record BackTo(int step, String action) implements Ending {
            @Override
            public String describe() {
                return "and then " + action + " leads back to step " + step;
            }
        }
    }

    /**
     * A step of a run, with the state it leads to.
     *
     * @param number from 1
     * @param action its name in the spec; "Init" for an initial state
     * @param node the server that took the step, if one did
     * @param detail the message handled, or the value proposed, if the model says so
     * @param place where TLC found the action: "Raft.tla:12:3"; empty for an initial state
     * @param state the value of each variable after the step; not that of {@code event}
     * @param changes what the step changed; of an initial state, nothing
     */
    public record Step(
            int number,
            String action,
            @Nullable String node,
            @Nullable TlaValue detail,
            String place,
            Map<String, TlaValue> state,
            List<Change> changes) {
        public Step {
            state = Collections.unmodifiableMap(new LinkedHashMap<>(state));
            changes = List.copyOf(changes);
        }

        public boolean isInitial() {
            return number == 1;
        }

        /** The fields of the message handled, if there is one. */
        public Optional<Map<String, TlaValue>> message() {
            return detail instanceof TlaValue.Struct message && message.fields().containsKey("type")
                    ? Optional.of(ReadingOrder.ofFields(message.fields()))
                    : Optional.empty();
        }

        /** The servers' variables by server, then by variable: all those whose domain is the set of servers. */
        public Map<String, Map<String, TlaValue>> nodes() {
            return Servers.of(state).split(state);
        }
    }

    /**
     * The run as events of a trace, with the steps put in that send what others handle. Steps whose server is not known
     * are left out; a run whose model does not tell its messages has none to send.
     */
    public List<TraceStep> toTrace() {
        return ImpliedSends.complete(steps);
    }

    /** The servers, in the model's order. */
    public List<String> servers() {
        return steps.isEmpty() ? List.of() : Servers.of(steps.get(0).state()).names();
    }

    /** What TLC printed of one state. */
    public record Printed(int number, String label, String location, Map<String, TlaValue> state) {}

    /** A run from what TLC printed. */
    public static Counterexample of(List<Printed> printed, Ending ending, Sources sources) {
        List<Step> steps = new ArrayList<>();
        Map<String, TlaValue> before = Map.of();
        for (Printed state : printed) {
            Map<String, TlaValue> after = ReadingOrder.ofVariables(state.state());
            TlaValue event = after.remove(EVENT);
            List<Change> changes = Change.between(before, after);
            steps.add(step(state, event, before, after, changes, sources));
            before = after;
        }
        return new Counterexample(steps, ending);
    }

    private static Step step(
            Printed printed,
            @Nullable TlaValue event,
            Map<String, TlaValue> before,
            Map<String, TlaValue> after,
            List<Change> changes,
            Sources sources) {
        if (before.isEmpty()) {
            return new Step(printed.number(), "Init", null, null, "", after, List.of());
        }
        Optional<Sources.Place> place = Sources.Place.in(printed.location());
        String where = place.map(Sources.Place::toString).orElse("");
        if (event instanceof TlaValue.Struct said && said.fields().get("action") instanceof TlaValue.Str action) {
            TlaValue node = said.fields().get("node");
            TlaValue detail = said.fields().get("detail");
            boolean empty =
                    detail instanceof TlaValue.Tuple tuple && tuple.elements().isEmpty();
            return new Step(
                    printed.number(),
                    action.value(),
                    node == null ? null : Servers.name(node),
                    empty ? null : detail,
                    where,
                    after,
                    changes);
        }
        String node = Servers.of(after).changed(before, after);
        String text = place.map(sources::text).orElse("");
        String action = RaftActions.nameOf(printed.label(), text, node, before, after);
        return new Step(printed.number(), action, node, null, where, after, changes);
    }

    /** The run for a reader, in lines of at most 120 columns where values can be broken so. */
    public String format() {
        return format(DEFAULT_WIDTH);
    }

    /** The run for a reader: each step's action, node and message, and under it what it changed, {@code width} columns wide. */
    public String format(int width) {
        StringBuilder out = new StringBuilder();
        int digits = Integer.toString(steps.size()).length();
        int indent = digits + 4;
        boolean tellsMessages = steps.stream().anyMatch(step -> step.message().isPresent());
        for (Step step : steps) {
            String title = step.isInitial() ? "the initial state" : title(step);
            out.append(String.format("%" + (digits + 1) + "d  %s%n", step.number(), title));
            if (step.isInitial()) {
                step.state()
                        .forEach((variable, value) -> out.append(initial(variable, value, indent, width))
                                .append(System.lineSeparator()));
            }
            for (Change change : step.changes()) {
                // A model that tells its messages keeps none in this variable, but what it makes them of.
                if (!tellsMessages || !change.where().startsWith(Servers.MESSAGES)) {
                    out.append(change.format(indent, width)).append(System.lineSeparator());
                }
            }
        }
        String rest = ending.describe();
        if (!rest.isEmpty()) {
            out.append(" ".repeat(digits + 1)).append("  ").append(rest).append(System.lineSeparator());
        }
        return out.toString();
    }

    private static String title(Step step) {
        StringBuilder title = new StringBuilder(step.action());
        if (step.node() != null) {
            title.append(" at ").append(step.node());
        }
        if (step.detail() != null) {
            title.append(": ").append(describe(step.detail()));
        }
        return title.toString();
    }

    /** A message as "RequestVote from s1: term 1, lastLogIndex 0"; any other value as it is. */
    private static String describe(TlaValue detail) {
        if (!(detail instanceof TlaValue.Struct message && message.fields().get("type") instanceof TlaValue.Str type)) {
            return detail.toString();
        }
        StringJoiner rest = new StringJoiner(", ");
        ReadingOrder.ofFields(message.fields()).forEach((field, value) -> {
            if (!field.equals("type") && !field.equals("from") && !field.equals("to")) {
                rest.add(field + " " + value);
            }
        });
        TlaValue from = message.fields().get("from");
        return type.value() + (from == null ? "" : " from " + Servers.name(from)) + ": " + rest;
    }

    /** A variable at the start; a function that is the same everywhere is said once. */
    private static String initial(String variable, TlaValue value, int indent, int width) {
        if (value instanceof TlaValue.Function function
                && function.values().values().stream().distinct().count() == 1) {
            String arguments =
                    function.values().keySet().stream().map(TlaValue::toString).collect(Collectors.joining(", "));
            TlaValue same = function.values().values().iterator().next();
            return Pretty.format(variable + "[" + arguments + "] = ", same, indent, width);
        }
        return Pretty.format(variable + " = ", value, indent, width);
    }

    @Override
    public String toString() {
        return format();
    }
}
