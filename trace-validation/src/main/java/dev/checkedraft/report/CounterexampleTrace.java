package dev.checkedraft.report;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.spec.raft.Counterexample;
import dev.checkedraft.spec.value.TlaValue;
import dev.checkedraft.spec.value.TraceStep;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes a run that TLC found as a trace. */
public final class CounterexampleTrace {
    /** The spec's model values for "no value" and "no server". */
    private static final String NO_OP = "NoOp";

    private static final String NIL = "Nil";

    private CounterexampleTrace() {}

    public static void write(Counterexample run, String model, Path file) throws IOException {
        if (run.servers().isEmpty()) {
            throw new IOException("the model " + model + " has no servers to write a trace of");
        }
        TraceHeader header = new TraceHeader(run.servers(), Set.of(), Map.of("model", model));
        WholeFile.write(file, out -> {
            try (TraceWriter writer = new TraceWriter(out, header)) {
                for (TraceStep step : run.toTrace()) {
                    writer.accept(event(step));
                }
            }
        });
    }

    private static TraceEvent event(TraceStep step) throws IOException {
        Action action = Arrays.stream(Action.values())
                .filter(known -> known.label().equals(step.action()))
                .findFirst()
                .orElseThrow(
                        () -> new IOException("the run has a step " + step.action() + ", which is none of Raft.tla"));
        TlaValue value = step.value();
        return new TraceEvent(
                action,
                step.node(),
                step.message().isEmpty() ? null : message(step.message()),
                null,
                action == Action.PROPOSE && value != null ? text(value) : null,
                step.implied() ? Map.of() : state(step.after()));
    }

    private static Map<String, Object> state(Map<String, TlaValue> server) {
        String vote = text(server.get("votedFor"));
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("currentTerm", number(server.get("currentTerm")));
        state.put("votedFor", vote.equals(NIL) ? Optional.empty() : Optional.of(vote));
        state.put("role", text(server.get("role")));
        state.put("commitIndex", number(server.get("commitIndex")));
        state.put("log", new LogChange(1, entries(server.get("log"))));
        return state;
    }

    private static Map<String, Object> message(Map<String, TlaValue> fields) {
        Map<String, Object> message = new LinkedHashMap<>();
        fields.forEach((name, value) -> message.put(name, field(value)));
        return message;
    }

    private static Object field(TlaValue value) {
        if (value instanceof TlaValue.Int number) {
            return (long) number.value();
        } else if (value instanceof TlaValue.Bool flag) {
            return flag.value();
        }
        return value instanceof TlaValue.Tuple ? entries(value) : text(value);
    }

    private static List<Entry> entries(@Nullable TlaValue value) {
        List<Entry> entries = new ArrayList<>();
        if (value instanceof TlaValue.Tuple tuple) {
            for (TlaValue element : tuple.elements()) {
                if (element instanceof TlaValue.Struct entry) {
                    String text = text(entry.fields().get("value"));
                    entries.add(new Entry(number(entry.fields().get("term")), text.equals(NO_OP) ? Entry.NO_OP : text));
                }
            }
        }
        return entries;
    }

    private static long number(@Nullable TlaValue value) {
        if (value instanceof TlaValue.Int number) {
            return number.value();
        }
        throw new IllegalArgumentException("expected a number in TLC's run, not " + value);
    }

    private static String text(@Nullable TlaValue value) {
        return value instanceof TlaValue.Str string ? string.value() : String.valueOf(value);
    }
}
