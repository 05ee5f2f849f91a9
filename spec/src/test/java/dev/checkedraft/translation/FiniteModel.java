package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Symbols;
import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Term.Apply;
import dev.checkedraft.smt.Term.Quantified;
import dev.checkedraft.smt.Term.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What terms are worth where all is finite: in one step between two states. Functions on sequences and sets are what TLA+
 * says they are, not what the axioms say; AxiomsTest compares these.
 *
 * <p>What TLA+ leaves open, such as an entry beyond the end of a log, is {@link #UNDEFINED}, and so is what depends on it:
 * {@code FALSE /\ undefined} does not.
 *
 * <p>A bound integer goes from {@code low} to {@code high}, beyond all numbers, lengths and sums of two in the states. That is
 * enough: every set of integers in the spec is Nat in a claim of what things are, or within the length of a sequence, or
 * made of terms of the state; of greater numbers, all these claims are true and all else is false.
 */
class FiniteModel {
    /** What TLA+ does not say. */
    static final Object UNDEFINED = new Object() {
        @Override
        public String toString() {
            return "undefined";
        }
    };

    /** A term, ready to be evaluated where the variables have these values. */
    interface Code {
        Object in(Object[] frame);
    }

    private static final int FRAME = 64;

    private final Symbols symbols;
    private final Map<String, Kind> kinds;
    private final Map<String, Map<List<Object>, Object>> known = new HashMap<>();
    private final Map<String, Code> meanings = new HashMap<>();

    /** The values of the constants of a step, by name. */
    private final Map<String, Object> constants = new HashMap<>();

    private Map<String, Object> before = Map.of();
    private Map<String, Object> after = Map.of();
    private final Map<String, List<Object>> universes = new HashMap<>();

    FiniteModel(Symbols symbols, Map<String, Kind> kinds) {
        this.symbols = symbols;
        this.kinds = kinds;
    }

    /** Goes to another step. */
    void step(Map<String, Object> from, Map<String, Object> to, Universe universe) {
        before = from;
        after = to;
        universes.clear();
        universe.bySort().forEach((sort, values) -> universes.put(sort, new ArrayList<>(values)));
        known.values().forEach(Map::clear);
    }

    void constant(String name, Object value) {
        constants.put(name, value);
        known.values().forEach(Map::clear);
    }

    List<Object> universe(String sort) {
        List<Object> all = universes.get(sort);
        if (all == null) {
            throw new IllegalStateException("nothing is of sort " + sort);
        }
        return all;
    }

    /** What defines the symbols that stand for terms, as the solver is told it. */
    List<Term> definitions() {
        List<Term> clauses = new ArrayList<>();
        for (String name : List.copyOf(symbols.declarations().keySet())) {
            if (symbols.named(name) != null) {
                clauses.addAll(symbols.definition(name));
            }
        }
        return clauses;
    }

    static Object value(Code code) {
        return code.in(new Object[FRAME]);
    }

    /** Whether all of some formulas hold. */
    static Object all(List<Code> formulas) {
        return junction(formulas.toArray(Code[]::new), false).in(new Object[FRAME]);
    }

    static Object or(Object a, Object b) {
        return a.equals(true) || b.equals(true) ? true : a == UNDEFINED ? a : b;
    }

    Code code(Term term) {
        return code(term, new HashMap<>());
    }

    private Code code(Term term, Map<Variable, Integer> slots) {
        if (term instanceof Variable variable) {
            Integer slot = slots.get(variable);
            if (slot == null) {
                throw new IllegalStateException("free: " + variable);
            }
            int at = slot;
            return frame -> frame[at];
        }
        if (term instanceof Quantified quantified) {
            return quantified(quantified, slots);
        }
        Apply apply = (Apply) term;
        List<Code> arguments = new ArrayList<>();
        apply.arguments().forEach(argument -> arguments.add(code(argument, slots)));
        Code[] codes = arguments.toArray(Code[]::new);
        return switch (apply.function()) {
            case "and" -> junction(codes, false);
            case "or" -> junction(codes, true);
            case "=>" -> junction(new Code[] {not(codes[0]), codes[1]}, true);
            case "not" -> not(codes[0]);
            case "ite" ->
                frame -> {
                    Object condition = codes[0].in(frame);
                    return condition == UNDEFINED ? UNDEFINED : codes[condition.equals(true) ? 1 : 2].in(frame);
                };
            default -> applied(apply, codes);
        };
    }

    private static Code not(Code code) {
        return frame -> {
            Object value = code.in(frame);
            return value == UNDEFINED ? UNDEFINED : (Object) !(Boolean) value;
        };
    }

    private static Code junction(Code[] parts, boolean absorbing) {
        return frame -> {
            Object result = !absorbing;
            for (Code part : parts) {
                Object value = part.in(frame);
                if (value == UNDEFINED) {
                    result = UNDEFINED;
                } else if ((Boolean) value == absorbing) {
                    return absorbing;
                }
            }
            return result;
        };
    }

    private Code quantified(Quantified quantified, Map<Variable, Integer> slots) {
        int first = slots.values().stream().mapToInt(slot -> slot + 1).max().orElse(0);
        Map<Variable, Integer> inner = new HashMap<>(slots);
        for (int k = 0; k < quantified.variables().size(); k++) {
            inner.put(quantified.variables().get(k), first + k);
        }
        Code body = code(quantified.body(), inner);
        List<Variable> variables = quantified.variables();
        for (int k = variables.size() - 1; k >= 0; k--) {
            int slot = first + k;
            String sort = variables.get(k).sort();
            boolean absorbing = !quantified.forall();
            Code rest = body;
            body = frame -> {
                Object result = !absorbing;
                List<Object> all = universe(sort);
                // By index, since the body may make what was not there.
                for (int at = 0; at < all.size(); at++) {
                    frame[slot] = all.get(at);
                    Object one = rest.in(frame);
                    if (one == UNDEFINED) {
                        result = UNDEFINED;
                    } else if ((Boolean) one == absorbing) {
                        return absorbing;
                    }
                }
                return result;
            };
        }
        return body;
    }

    /** A function of arguments that are all worth something. */
    private Code applied(Apply apply, Code[] codes) {
        String function = apply.function();
        if (Character.isDigit(function.charAt(0))) {
            Object number = Integer.parseInt(function);
            return frame -> number;
        }
        Symbols.Named named = symbols.named(function);
        if (named != null) {
            return frame -> {
                Object[] values = new Object[codes.length];
                for (int k = 0; k < codes.length; k++) {
                    values[k] = codes[k].in(frame);
                }
                return named(function, named, values);
            };
        }
        return frame -> {
            List<Object> values = new ArrayList<>(codes.length);
            for (Code code : codes) {
                Object value = code.in(frame);
                if (value == UNDEFINED) {
                    return UNDEFINED;
                }
                values.add(value);
            }
            return applied(function, values);
        };
    }

    // ------------------------------------------------------------------------------------------------- named symbols

    private Object named(String function, Symbols.Named named, Object[] arguments) {
        Map<List<Object>, Object> all = known.computeIfAbsent(function, k -> new HashMap<>());
        List<Object> key = List.of(arguments);
        Object value = all.get(key);
        if (value == null) {
            Code meaning = meanings.computeIfAbsent(function, k -> meaning(named));
            Object[] frame = new Object[FRAME];
            System.arraycopy(arguments, 0, frame, 0, arguments.length);
            value = meaning.in(frame);
            all.put(key, value);
        }
        return value;
    }

    private Code meaning(Symbols.Named named) {
        Map<Variable, Integer> slots = new HashMap<>();
        named.variables().forEach(variable -> slots.put(variable, slots.size()));
        return switch (named.base()) {
            case "CHOOSE" -> chosen((Quantified) named.meaning(), slots);
            case "set" -> set((Quantified) named.meaning(), slots);
            case "record" -> record((Apply) named.meaning(), slots);
            case "sequence" -> sequence((Apply) named.meaning(), named.variables(), slots);
            default -> code(named.meaning(), slots);
        };
    }

    /** The first that there is, as TLC chooses; its order is that of the universe. */
    private Code chosen(Quantified key, Map<Variable, Integer> slots) {
        int slot = slots.size();
        slots.put(key.variables().get(0), slot);
        Code body = code(key.body(), slots);
        return frame -> {
            for (Object value : universe(key.variables().get(0).sort())) {
                frame[slot] = value;
                if (body.in(frame).equals(true)) {
                    return value;
                }
            }
            return UNDEFINED;
        };
    }

    private Code set(Quantified key, Map<Variable, Integer> slots) {
        int slot = slots.size();
        slots.put(key.variables().get(0), slot);
        Code inside = code(((Apply) key.body()).argument(1), slots);
        return frame -> {
            Set<Object> set = new HashSet<>();
            for (Object value : universe("Server")) {
                frame[slot] = value;
                Object in = inside.in(frame);
                if (in == UNDEFINED) {
                    return UNDEFINED;
                }
                if (in.equals(true)) {
                    set.add(value);
                }
            }
            return set;
        };
    }

    private Code record(Apply key, Map<Variable, Integer> slots) {
        Map<String, Code> fields = new LinkedHashMap<>();
        List<String> names = Pattern.compile("+", Pattern.LITERAL)
                .splitAsStream(key.function())
                .toList();
        for (int k = 0; k < names.size(); k++) {
            fields.put(names.get(k), code(key.argument(k), slots));
        }
        return frame -> {
            Object record = record(fields, frame);
            List<Object> messages = universe("Message");
            if (record != UNDEFINED && !messages.contains(record)) {
                messages.add(record);
            }
            return record;
        };
    }

    private static Object record(Map<String, Code> fields, Object[] frame) {
        Map<String, Object> record = new TreeMap<>();
        for (Map.Entry<String, Code> field : fields.entrySet()) {
            Object value = field.getValue().in(frame);
            if (value == UNDEFINED) {
                return UNDEFINED;
            }
            record.put(field.getKey(), value);
        }
        return record;
    }

    private Code sequence(Apply key, List<Variable> variables, Map<Variable, Integer> slots) {
        Code length = code(key.argument(0), slots);
        int slot = slots.size();
        key.argument(2).free().stream()
                .filter(variable -> !variables.contains(variable))
                .forEach(variable -> slots.put(variable, slot));
        Code entry = code(key.argument(2), slots);
        return frame -> {
            Object end = length.in(frame);
            if (end == UNDEFINED) {
                return UNDEFINED;
            }
            List<Object> sequence = new ArrayList<>();
            for (int k = 1; k <= (Integer) end; k++) {
                frame[slot] = k;
                Object value = entry.in(frame);
                if (value == UNDEFINED) {
                    return UNDEFINED;
                }
                sequence.add(value);
            }
            return sequence;
        };
    }

    // ----------------------------------------------------------------------------------------------------- functions

    Object applied(String function, List<Object> values) {
        return switch (function) {
            case "true", "false" -> function.equals("true");
            case "=" -> values.get(0).equals(values.get(1));
            case "<" -> number(values, 0) < number(values, 1);
            case "<=" -> number(values, 0) <= number(values, 1);
            case "+" -> number(values, 0) + number(values, 1);
            case "-" -> values.size() == 1 ? -number(values, 0) : number(values, 0) - number(values, 1);
            case "*" -> number(values, 0) * number(values, 1);
            case "for" -> values.get(0);
            case "nil" -> Atom.NIL;
            case "noOp" -> Atom.NO_OP;
            case "isValue" -> values.get(0).equals(Atom.VALUE);
            case "everyone" -> new HashSet<>(universe("Server"));
            case "card" -> ((Set<?>) values.get(0)).size();
            case "member" -> ((Set<?>) values.get(1)).contains(values.get(0));
            default -> ofTheSpec(function, values);
        };
    }

    private Object ofTheSpec(String function, List<Object> values) {
        Object constant = constants.get(function);
        if (constant != null) {
            return constant;
        }
        if (function.startsWith("\"")) {
            return function.substring(1, function.length() - 1);
        }
        boolean domain = function.endsWith(".domain");
        String variable = domain ? function.substring(0, function.length() - ".domain".length()) : function;
        boolean primed = variable.endsWith("'");
        String name = primed ? variable.substring(0, variable.length() - 1) : variable;
        Kind kind = kinds.get(name);
        if (kind != null) {
            Object value = (primed ? after : before).get(name);
            return domain ? ((Fun) value).map().containsKey(values.get(0)) : at(kind, value, values);
        }
        int dot = function.indexOf('.');
        String sort = function.substring(dot + 1);
        if (function.startsWith("mk.")) {
            // The only records of which there is one constructor are entries, of the log or committed.
            return sort.equals("Entry")
                    ? new TreeMap<>(Map.of("term", values.get(0), "value", values.get(1)))
                    : new TreeMap<>(Map.of("entry", values.get(0), "term", values.get(1)));
        }
        if (!values.isEmpty() && values.get(0) instanceof Map<?, ?> record) {
            Object field = record.get(sort);
            return field == null ? UNDEFINED : field;
        }
        return ofSequences(function.substring(0, dot), values);
    }

    private static int number(List<Object> values, int k) {
        return (Integer) values.get(k);
    }

    /** What a variable of the spec is at some arguments. */
    private static Object at(Kind kind, Object value, List<Object> arguments) {
        if (kind instanceof Kind.Fun function) {
            Object result = ((Fun) value).map().get(arguments.get(0));
            return result == null ? UNDEFINED : at(function.result(), result, arguments.subList(1, arguments.size()));
        }
        if (kind instanceof Kind.SetOf set) {
            return ((Set<?>) value).contains(set.element() instanceof Kind.Tuple ? arguments : arguments.get(0));
        }
        return value;
    }

    Object ofSequences(String function, List<Object> values) {
        if (function.equals("empty")) {
            return List.of();
        }
        List<?> sequence = (List<?>) values.get(0);
        return switch (function) {
            case "len" -> sequence.size();
            case "at" -> at(sequence, number(values, 1));
            case "same" -> sequence.equals(values.get(1));
            case "append" -> joined(sequence, List.of(values.get(1)));
            case "concat" -> joined(sequence, (List<?>) values.get(1));
            case "subSeq" -> subSeq(sequence, number(values, 1), number(values, 2));
            default -> throw new IllegalStateException("no function of sequences: " + function);
        };
    }

    private static Object at(List<?> sequence, int index) {
        return index >= 1 && index <= sequence.size() ? sequence.get(index - 1) : UNDEFINED;
    }

    private static List<Object> joined(List<?> first, List<?> second) {
        List<Object> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static Object subSeq(List<?> sequence, int from, int to) {
        if (from > to) {
            return List.of();
        }
        return from >= 1 && to <= sequence.size() ? List.copyOf(sequence.subList(from - 1, to)) : UNDEFINED;
    }
}
