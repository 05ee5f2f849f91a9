package dev.checkedraft.translation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Symbols;
import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Term.Apply;
import dev.checkedraft.smt.Term.Quantified;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One way through an action, as the prover has it: all that it supposes of a step that goes this way. */
final class Way {
    /** Something supposed; {@code last} is the place of the last constant that it speaks of, and -1 if of none. */
    private record Condition(Kleene.Code code, int last) {}

    /** What defines the symbols of the prover; only here if it is to be checked. */
    private final List<Kleene.Code> definitions = new ArrayList<>();

    final String name;
    final String action;
    private final FiniteModel model;
    private final List<Symbols.Declaration> constants = new ArrayList<>();
    private final List<Condition> conditions = new ArrayList<>();

    Way(Step step, int number, Map<String, Kind> kinds) {
        action = step.action();
        name = action + "-" + number + " " + step.conditions();
        Translator translator = step.translator;
        Symbols symbols = translator.symbols;
        model = new FiniteModel(symbols, kinds);
        List<Term> terms = new ArrayList<>(step.guards());
        kinds.forEach((variable, kind) -> {
            // What is not changed has one name for before and after.
            terms.add(translator.values.equal(
                    translator.variable(variable), translator.values.reified(kind, variable + "'", List.of())));
            terms.addAll(symbols.definition(variable + "'"));
            terms.addAll(symbols.definition(variable + "'.domain"));
        });
        Set<String> mentioned = new HashSet<>();
        terms.forEach(term -> functions(term, symbols, mentioned));
        model.definitions().forEach(term -> functions(term, symbols, mentioned));
        symbols.declarations().values().stream()
                .filter(one -> one.arguments().isEmpty()
                        && mentioned.contains(one.name())
                        && !one.name().startsWith("\"")
                        && symbols.named(one.name()) == null
                        && !kinds.containsKey(one.name().replace("'", "")))
                .forEach(constants::add);
        List<String> names = constants.stream().map(Symbols.Declaration::name).toList();
        for (Term term : terms) {
            Set<String> functions = new HashSet<>();
            functions(term, symbols, functions);
            int last = functions.stream().mapToInt(names::indexOf).max().orElse(-1);
            conditions.add(new Condition(model.code(term), last));
        }
    }

    private static void functions(Term term, Symbols symbols, Set<String> functions) {
        if (term instanceof Quantified quantified) {
            functions(quantified.body(), symbols, functions);
        } else if (term instanceof Apply apply) {
            Symbols.Named named = symbols.named(apply.function());
            if (functions.add(apply.function()) && named != null) {
                functions(named.meaning(), symbols, functions);
            }
            apply.arguments().forEach(argument -> functions(argument, symbols, functions));
        }
    }

    /** The same as {@link #holds}; what defines the symbols that the prover uses must hold too, if the step goes this way. */
    Object holdsAsDefined(Map<String, Object> before, Map<String, Object> after, Universe universe) {
        model.definitions().forEach(term -> definitions.add(model.code(term)));
        try {
            return holds(before, after, universe);
        } finally {
            definitions.clear();
        }
    }

    /** Whether the step goes this way. */
    Object holds(Map<String, Object> before, Map<String, Object> after, Universe universe) {
        model.step(before, after, universe);
        return from(-1);
    }

    /** Whether there are values of the constants after this one, for which all holds that speaks of it or of them. */
    private Object from(int constant) {
        Object result = true;
        for (Condition condition : conditions) {
            if (condition.last == constant) {
                Object value = FiniteModel.value(condition.code);
                if (value.equals(false)) {
                    return false;
                }
                result = value.equals(true) ? result : Kleene.UNDEFINED;
            }
        }
        if (constant + 1 == constants.size()) {
            if (!definitions.isEmpty() && result.equals(true)) {
                assertTrue(
                        definitions.stream()
                                .noneMatch(code -> FiniteModel.value(code).equals(false)),
                        name);
            }
            return result;
        }
        Object any = false;
        Symbols.Declaration next = constants.get(constant + 1);
        for (Object value : List.copyOf(model.universe(next.sort()))) {
            model.constant(next.name(), value);
            Object holds = from(constant + 1);
            if (holds.equals(true) && result.equals(true)) {
                return true;
            }
            any = holds.equals(false) ? any : Kleene.UNDEFINED;
        }
        return any;
    }

    @Override
    public String toString() {
        return name + constants.stream().map(Symbols.Declaration::name).collect(Collectors.joining(" ", " (", ")"));
    }

    static List<Way> all(Spec spec, String whole, String next) {
        List<Way> ways = new ArrayList<>();
        List<Step> steps = spec.steps(whole, next);
        for (int k = 0; k < steps.size(); k++) {
            if (!steps.get(k).isUndefined()) {
                ways.add(new Way(steps.get(k), k, spec.variables()));
            }
        }
        return ways;
    }

    /** By the names of actions. */
    static Map<String, List<Way>> byAction(List<Way> ways) {
        return ways.stream().collect(Collectors.groupingBy(way -> way.action, LinkedHashMap::new, Collectors.toList()));
    }
}
