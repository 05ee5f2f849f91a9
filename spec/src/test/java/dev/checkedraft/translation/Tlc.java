package dev.checkedraft.translation;

import dev.checkedraft.spec.manifest.Cleanup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tla2sany.drivers.SANY;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tlc2.tool.Action;
import tlc2.tool.EvalControl;
import tlc2.tool.EvalException;
import tlc2.tool.StateVec;
import tlc2.tool.TLCState;
import tlc2.tool.coverage.CostModel;
import tlc2.tool.impl.FastTool;
import tlc2.util.Context;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.FcnRcdValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.ModelValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;
import util.Assert;
import util.ToolIO;
import util.UniqueString;

/** TLC's evaluator of a module, for a cluster of some servers; states are maps of values by the names of variables. */
final class Tlc {
    private final FastTool tool;
    private final List<Atom> servers;
    private final Set<String> variables = new LinkedHashSet<>();

    @SuppressWarnings("LockOnNonEnclosingClassLiteral") // it is what all users of SANY in a JVM have in common
    Tlc(Path folder, Path module, int count) throws IOException {
        servers = servers(count);
        String names = servers.stream().map(Atom::name).collect(Collectors.joining(", "));
        Path directory = Cleanup.temporaryDirectory("compared");
        try {
            String name = String.valueOf(module.getFileName()).replace(".tla", "");
            Files.copy(module, directory.resolve(name + ".tla"));
            Files.writeString(directory.resolve(name + ".cfg"), """
                    CONSTANTS Server = {%s} Value = {v} NoOp = NoOp Nil = Nil Other = Other
                    SPECIFICATION ProofSpec
                    """.formatted(names));
            // TLC's parser keeps global state, so whoever uses it in this JVM has this lock.
            synchronized (SANY.class) {
                ToolIO.setMode(ToolIO.TOOL);
                tool = new FastTool(directory.toString(), name, name, new SpecTree.InFolder(directory, folder));
                for (var variable : TLCState.vars) {
                    variables.add(variable.getName().toString());
                }
            }
        } finally {
            Cleanup.delete(directory);
        }
    }

    static List<Atom> servers(int count) {
        List<Atom> servers = new ArrayList<>();
        for (int k = 1; k <= count; k++) {
            servers.add(new Atom("s" + k));
        }
        return servers;
    }

    List<Atom> servers() {
        return servers;
    }

    Map<String, Object> initial() {
        return state(tool.getInitStates().elementAt(0));
    }

    /** The states to which an operator that is a step leads. */
    List<Map<String, Object>> successors(String step, Map<String, Object> before) {
        OpDefNode definition = definition(step);
        StateVec found = tool.getNextStates(new Action(definition.getBody(), Context.Empty, definition), bound(before));
        List<Map<String, Object>> states = new ArrayList<>();
        for (int k = 0; k < found.size(); k++) {
            states.add(state(found.elementAt(k)));
        }
        return states;
    }

    /** Whether an operator holds of a step; undefined where TLC says that there is an error. */
    Object holds(String operator, TLCState before, TLCState after) {
        SemanticNode body = definition(operator).getBody();
        if (body instanceof OpApplNode always && always.getOperator().getName().equals("[]")) {
            body = always.getArgs()[0];
        }
        try {
            return ((BoolValue)
                            tool.eval(body, Context.Empty, before, after, EvalControl.Clear, CostModel.DO_NOT_RECORD))
                    .val;
        } catch (EvalException | Assert.TLCRuntimeException e) {
            return FiniteModel.UNDEFINED;
        }
    }

    private OpDefNode definition(String name) {
        OpDefNode definition = tool.getRootModule().getOpDef(UniqueString.uniqueStringOf(name));
        if (definition == null) {
            throw new IllegalArgumentException("no operator " + name);
        }
        return definition;
    }

    // ------------------------------------------------------------------------------------------------------- values

    TLCState bound(Map<String, Object> values) {
        TLCState state = TLCState.Empty.createEmpty();
        values.forEach((name, value) -> state.bind(UniqueString.uniqueStringOf(name), value(value)));
        return state;
    }

    private Map<String, Object> state(TLCState state) {
        Map<String, Object> values = new TreeMap<>();
        variables.forEach(name -> values.put(name, object((Value) state.lookup(UniqueString.uniqueStringOf(name)))));
        // An empty function is an empty tuple, to TLC.
        values.computeIfPresent("termLog", (name, value) -> value instanceof List<?> list ? ofTuple(list) : value);
        return values;
    }

    private static Fun ofTuple(List<?> list) {
        Map<Object, Object> map = new TreeMap<>();
        for (int k = 0; k < list.size(); k++) {
            map.put(k + 1, list.get(k));
        }
        return new Fun(map);
    }

    private static Object object(Value value) {
        if (value instanceof IntValue number) {
            return number.val;
        }
        if (value instanceof BoolValue flag) {
            return flag.val;
        }
        if (value instanceof StringValue string) {
            return string.val.toString();
        }
        if (value instanceof ModelValue model) {
            return new Atom(model.val.toString());
        }
        if (value instanceof RecordValue record) {
            Map<String, Object> fields = new TreeMap<>();
            for (int k = 0; k < record.names.length; k++) {
                fields.put(record.names[k].toString(), object(record.values[k]));
            }
            return fields;
        }
        if (value.toTuple() instanceof TupleValue tuple) {
            List<Object> parts = new ArrayList<>();
            for (Value part : tuple.elems) {
                parts.add(object(part));
            }
            return parts;
        }
        if (value.toFcnRcd() instanceof FcnRcdValue function) {
            Map<Object, Object> map = new TreeMap<>();
            Value[] domain = function.getDomainAsValues();
            for (int k = 0; k < domain.length; k++) {
                map.put(object(domain[k]), object(function.values[k]));
            }
            return new Fun(map);
        }
        Set<Object> set = new LinkedHashSet<>();
        SetEnumValue elements = (SetEnumValue) value.toSetEnum();
        elements.normalize();
        for (int k = 0; k < elements.elems.size(); k++) {
            set.add(object(elements.elems.elementAt(k)));
        }
        return set;
    }

    private static Value value(Object object) {
        if (object instanceof Integer number) {
            return IntValue.gen(number);
        }
        if (object instanceof Boolean flag) {
            return flag ? BoolValue.ValTrue : BoolValue.ValFalse;
        }
        if (object instanceof String string) {
            return new StringValue(string);
        }
        if (object instanceof Atom atom) {
            return ModelValue.make(atom.name());
        }
        if (object instanceof List<?> list) {
            return new TupleValue(values(list));
        }
        if (object instanceof Set<?> set) {
            return new SetEnumValue(values(List.copyOf(set)), false);
        }
        if (object instanceof Fun function) {
            List<Object> arguments = List.copyOf(function.map().keySet());
            return arguments.isEmpty()
                    ? TupleValue.EmptyTuple
                    : new FcnRcdValue(
                            values(arguments),
                            values(arguments.stream().map(function.map()::get).toList()),
                            false);
        }
        Map<?, ?> record = (Map<?, ?>) object;
        UniqueString[] names = record.keySet().stream()
                .map(name -> UniqueString.uniqueStringOf((String) name))
                .toArray(UniqueString[]::new);
        return new RecordValue(names, values(List.copyOf(record.values())), false);
    }

    private static Value[] values(List<?> objects) {
        return objects.stream().map(Tlc::value).toArray(Value[]::new);
    }
}
