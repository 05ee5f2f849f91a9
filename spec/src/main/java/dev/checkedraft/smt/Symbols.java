package dev.checkedraft.smt;

import dev.checkedraft.smt.Term.Apply;
import dev.checkedraft.smt.Term.Quantified;
import dev.checkedraft.smt.Term.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The functions and constants that a translation introduces, and what defines them. */
public final class Symbols {
    /** A declared function. */
    public record Declaration(String name, List<String> arguments, String sort) {
        @Override
        public String toString() {
            StringBuilder sorts = new StringBuilder();
            arguments.forEach(
                    sort -> sorts.append(sorts.length() == 0 ? "" : " ").append(Term.symbol(sort)));
            return "(declare-fun " + Term.symbol(name) + " (" + sorts + ") " + Term.symbol(sort) + ")";
        }
    }

    /** The functions and sorts of a clause. */
    public record Mentions(Set<String> functions, Set<String> sorts) {
        private void add(Term term) {
            sorts.add(term.sort());
            if (term instanceof Apply apply) {
                functions.add(apply.function());
                apply.arguments().forEach(this::add);
            } else if (term instanceof Quantified quantified) {
                quantified.variables().forEach(variable -> sorts.add(variable.sort()));
                add(quantified.body());
            }
        }
    }

    /** What a symbol was made for: of these variables, what {@code meaning} says. */
    public record Named(String base, List<Variable> variables, Term meaning) {}

    private final Map<Term, Mentions> mentions = new HashMap<>();
    private final Map<String, Declaration> declarations = new LinkedHashMap<>();
    private final Map<String, List<Term>> definitions = new HashMap<>();
    /** Symbols by what they stand for, so that the same thing has one. */
    private final Map<String, String> known = new HashMap<>();

    private final Map<String, Named> named = new HashMap<>();

    /** By the symbol of a choice, when there is something to choose. */
    private final Map<String, Term> choices = new HashMap<>();

    /** Symbols that stand for the same operator, at other moments. */
    private final Map<String, Set<String>> siblings = new HashMap<>();

    private final Map<String, Set<String>> operators = new HashMap<>();

    private final Map<String, Kind> kinds = new HashMap<>();

    private int variables;

    public Map<String, Declaration> declarations() {
        return declarations;
    }

    public Mentions mentions(Term clause) {
        return mentions.computeIfAbsent(clause, term -> {
            Mentions in = new Mentions(new LinkedHashSet<>(), new LinkedHashSet<>());
            in.add(term);
            return in;
        });
    }

    /** The clauses that say what a symbol is. */
    public List<Term> definition(String name) {
        List<Term> clauses = definitions.getOrDefault(name, List.of());
        for (String sibling : siblings.getOrDefault(name, Set.of())) {
            clauses = clauses.stream()
                    .map(clause -> Triggers.alsoBy(clause, name, sibling))
                    .toList();
        }
        return clauses;
    }

    /** What {@link #named} made this symbol for; null if it did not make it. */
    public @Nullable Named named(String symbol) {
        return named.get(symbol);
    }

    /** Says when there is something to choose, of the symbol of a choice, where its variables are those of {@link #named}. */
    public void choice(String symbol, Term condition) {
        choices.putIfAbsent(symbol, condition);
    }

    public Term choice(String symbol) {
        return choices.getOrDefault(symbol, Term.TRUE);
    }

    /** Says that the definition of a symbol is called for by another symbol too. */
    public void alsoBy(String name, String other) {
        siblings.computeIfAbsent(name, k -> new LinkedHashSet<>()).add(other);
    }

    public Variable variable(String name, Kind kind) {
        kinds.put(kind.sort(), kind);
        return new Variable(name + "_" + variables++, kind.sort());
    }

    /** The kind of the variables of a sort. */
    public Kind kind(String sort) {
        return kinds.getOrDefault(sort, new Kind.Basic(sort));
    }

    public void declare(String name, List<String> arguments, String sort) {
        declarations.putIfAbsent(name, new Declaration(name, List.copyOf(arguments), sort));
    }

    /** A constant of a name as near to this one as is not taken. */
    public Term constant(String name, String sort) {
        return Term.apply(fresh(name, List.of(), sort), sort);
    }

    private String fresh(String base, List<String> arguments, String sort) {
        String name = base;
        for (int k = 2; declarations.containsKey(name); k++) {
            name = base + "." + k;
        }
        declare(name, arguments, sort);
        return name;
    }

    public void define(String name, Term formula) {
        definitions.computeIfAbsent(name, k -> new ArrayList<>()).addAll(Query.prepared(formula));
    }

    /** The same, where the solver is to use it only for terms made with these functions. */
    public void define(String name, Term formula, Set<String> functions) {
        List<Term> own = definitions.computeIfAbsent(name, k -> new ArrayList<>());
        for (Term clause : NormalForm.clauses(formula)) {
            own.add(Triggers.chosen(
                    clause instanceof Quantified quantified ? Triggers.by(quantified, functions) : clause));
        }
    }

    /**
     * A symbol for what {@code meaning} says of these variables, applied to them. What says the same gets the same symbol.
     *
     * @param formula what is to hold of the symbol so applied
     */
    public Term named(String base, List<Variable> variables, String sort, Term meaning, Function<Term, Term> formula) {
        Map<Variable, String> numbers = new HashMap<>();
        variables.forEach(variable -> numbers.put(variable, "?" + numbers.size() + variable.sort()));
        String key = base + ":" + canonical(meaning, numbers);
        String symbol = known.get(key);
        if (symbol == null) {
            symbol = fresh(base, variables.stream().map(Variable::sort).toList(), sort);
            known.put(key, symbol);
            named.put(symbol, new Named(base, List.copyOf(variables), meaning));
            Term applied = new Apply(symbol, List.copyOf(variables), sort);
            define(symbol, Term.forall(variables, formula.apply(applied)), Set.of(symbol));
        }
        return new Apply(symbol, List.copyOf(variables), sort);
    }

    /** A symbol for an operator that equals this term; where it is used at two moments, the one calls for the other. */
    public Term operator(String name, List<Variable> parameters, String sort, Term meaning) {
        Apply symbol = (Apply) named(name, parameters, sort, meaning, s -> Term.equal(s, meaning));
        Set<String> all = operators.computeIfAbsent(name, k -> new LinkedHashSet<>());
        if (all.add(symbol.function())) {
            for (String other : all) {
                if (!other.equals(symbol.function())) {
                    alsoBy(symbol.function(), other);
                    alsoBy(other, symbol.function());
                }
            }
        }
        return symbol;
    }

    /** That records of the same fields are one if the fields are: of those that are given by their fields. */
    public List<Term> recordsAreTheirFields() {
        List<Apply> symbols = new ArrayList<>();
        List<Apply> fields = new ArrayList<>();
        new TreeMap<>(named).forEach((symbol, what) -> {
            if (what.base().equals("record") && what.variables().isEmpty() && what.meaning() instanceof Apply given) {
                symbols.add(new Apply(symbol, List.of(), given.sort()));
                fields.add(given);
            }
        });
        List<Term> clauses = new ArrayList<>();
        for (int a = 0; a < symbols.size(); a++) {
            for (int b = 0; b < a; b++) {
                if (fields.get(a).function().equals(fields.get(b).function())) {
                    List<Term> equal = new ArrayList<>();
                    for (int k = 0; k < fields.get(a).arguments().size(); k++) {
                        equal.add(Term.equal(
                                fields.get(a).argument(k), fields.get(b).argument(k)));
                    }
                    clauses.add(Term.implies(Term.and(equal), Term.equal(symbols.get(a), symbols.get(b))));
                }
            }
        }
        return clauses;
    }

    /** The term, whatever its variables are called. */
    private static String canonical(Term term, Map<Variable, String> numbers) {
        if (term instanceof Variable variable) {
            return numbers.computeIfAbsent(variable, v -> "?" + numbers.size() + v.sort());
        }
        if (term instanceof Quantified quantified) {
            String bound = quantified.variables().stream()
                    .map(variable -> canonical(variable, numbers))
                    .reduce("", (a, b) -> a + " " + b);
            return (quantified.forall() ? "(A" : "(E") + bound + " " + canonical(quantified.body(), numbers) + ")";
        }
        Apply apply = (Apply) term;
        StringBuilder text = new StringBuilder("(" + apply.function());
        apply.arguments().forEach(part -> text.append(' ').append(canonical(part, numbers)));
        return text.append(')').toString();
    }
}
