package dev.checkedraft.tlc;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.trace.TraceEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;
import tlc2.value.impl.ValueExcept;
import util.UniqueString;

/**
 * Replays single steps from any state of a server: a step of a server reads and changes nothing but its own variables, takes
 * one message and adds its own, so that the rest of the cluster need not be known.
 */
public final class StepReplay {
    private final SpecEvaluator spec;
    private final TlcValues cluster;

    /** For the servers of one cluster. */
    public StepReplay(List<String> servers) {
        spec = SpecEvaluator.of(servers);
        cluster = spec.cluster();
    }

    /**
     * Whether a step is one of the spec's.
     *
     * @param before the server's whole state before it, as in {@link TraceEvent#state()}, its log from index 1
     * @param event the step; with its message complete, and the server's whole state after it
     * @return null if it is; else how many steps the spec has for the event, and the first field in which they differ
     */
    public @Nullable String mismatch(Map<String, Object> before, TraceEvent event) {
        TLCState bound = bind(before, event);
        if (!spec.byTheBook(bound).isEmpty()) {
            return null;
        }
        List<TLCState> allowed = spec.free(event.action().label(), bound);
        return allowed.isEmpty()
                ? "the spec has no " + event.action().label() + " here"
                : "the spec's " + event.action().label() + " leads elsewhere: " + allowed.get(0);
    }

    /** Whether the spec has any step for an event, whatever it leads to. */
    public boolean isEnabled(Map<String, Object> before, TraceEvent event) {
        return !spec.free(event.action().label(), bind(before, event)).isEmpty();
    }

    private TLCState bind(Map<String, Object> before, TraceEvent event) {
        Value messages = SetEnumValue.EmptySet;
        Map<String, Object> msg = event.msg();
        if (msg != null && !event.action().is(Action.SEND_APPEND_ENTRIES)) {
            PackedMessage packet =
                    cluster.pattern(PackedMessage.Kind.of(new StringValue(String.valueOf(msg.get("type")))), msg);
            messages = new SetEnumValue(new Value[] {cluster.message(packet)}, true);
        }
        return SpecEvaluator.bind(
                stateOf(event.node(), before), cluster.event(event, cluster.observes(Set.of()), true), messages);
    }

    private TLCState stateOf(String node, Map<String, Object> fields) {
        TLCState state = spec.initial().copy();
        Value reported = at(
                cluster.event(
                        new TraceEvent(Action.RESTART, node, null, null, null, fields),
                        cluster.observes(Set.of()),
                        false),
                "state");
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            String name = field.getKey();
            Value all = SpecEvaluator.value(state, name);
            Value value = at(reported, name);
            if (field.getValue() instanceof LogChange) {
                value = at(value, "entries");
            } else if (field.getValue() instanceof Map<?, ?> indexes) {
                Value row = at(all, node);
                for (Object peer : indexes.keySet()) {
                    row = with(row, String.valueOf(peer), at(value, String.valueOf(peer)));
                }
                value = row;
            }
            state.bind(UniqueString.uniqueStringOf(name), with(all, node, value));
        }
        return state;
    }

    private static Value at(Value function, String argument) {
        return SpecEvaluator.at(function, new StringValue(argument));
    }

    private static Value with(Value function, String argument, Value value) {
        return function.takeExcept(new ValueExcept(new Value[] {new StringValue(argument)}, value));
    }
}
