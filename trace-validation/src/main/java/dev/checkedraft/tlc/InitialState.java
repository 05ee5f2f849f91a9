package dev.checkedraft.tlc;

import dev.checkedraft.core.LogChange;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tlc2.tool.TLCState;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;
import tlc2.value.impl.ValueExcept;
import util.UniqueString;

/** The state in which a trace begins: that of the spec, but for what its header says. */
public final class InitialState {
    private InitialState() {}

    public static TLCState of(SpecEvaluator spec, TraceHeader header) {
        TLCState state = SpecEvaluator.unbind(spec.initial().copy());
        header.initial().forEach((server, fields) -> {
            Value name = spec.cluster().name(server);
            for (Map.Entry<String, Object> field : fields.entrySet()) {
                if (field.getKey().equals("log")) {
                    Value log = log(field.getValue());
                    put(state, "log", name, log);
                    put(state, "stored", name, log);
                } else {
                    put(state, field.getKey(), name, spec.cluster().value(field.getKey(), field.getValue()));
                }
            }
        });
        return state;
    }

    private static Value log(Object told) {
        if (told instanceof LogChange change) {
            return LogValue.concat(TupleValue.EmptyTuple, Entries.of(change.entries()));
        }
        LogSize size = (LogSize) told;
        List<Value> entries = new ArrayList<>();
        if (size.length() > 0) {
            Value entry = Entries.untold((int) size.lastTerm());
            for (long k = 0; k < size.length(); k++) {
                entries.add(entry);
            }
        }
        return LogValue.concat(TupleValue.EmptyTuple, new TupleValue(entries.toArray(Value[]::new)));
    }

    private static void put(TLCState state, String variable, Value server, Value value) {
        Value all = SpecEvaluator.value(state, variable);
        state.bind(UniqueString.uniqueStringOf(variable), all.takeExcept(new ValueExcept(new Value[] {server}, value)));
    }
}
