package dev.checkedraft.smt;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A term of SMT-LIB 2; formulas are terms of sort Bool. */
public sealed interface Term {
    String BOOL = "Bool";
    String INT = "Int";

    Term TRUE = new Apply("true", List.of(), BOOL);
    Term FALSE = new Apply("false", List.of(), BOOL);

    /** The name of its sort. */
    String sort();

    /** The variables that no quantifier in it binds, in the order in which they are met. */
    Set<Variable> free();

    /** A bound variable. No two quantifiers bind the same. */
    record Variable(String name, String sort) implements Term {
        @Override
        public Set<Variable> free() {
            return Set.of(this);
        }

        @Override
        public void print(StringBuilder out) {
            out.append(symbol(name));
        }

        @Override
        public String toString() {
            return symbol(name);
        }
    }

    /** A function of these arguments; a constant if there are none. */
    record Apply(String function, List<Term> arguments, String sort, Set<Variable> free, int hash) implements Term {
        public Apply(String function, List<Term> arguments, String sort) {
            this(
                    function,
                    List.copyOf(arguments),
                    sort,
                    union(arguments),
                    31 * function.hashCode() + arguments.hashCode());
        }

        /** Known once and for all, since terms are looked up often. */
        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || (other instanceof Apply apply
                            && hash == apply.hash
                            && function.equals(apply.function)
                            && sort.equals(apply.sort)
                            && arguments.equals(apply.arguments));
        }

        public boolean is(String name) {
            return function.equals(name);
        }

        public Term argument(int k) {
            return arguments.get(k);
        }

        @Override
        public void print(StringBuilder out) {
            if (arguments.isEmpty()) {
                out.append(symbol(function));
                return;
            }
            out.append('(').append(symbol(function));
            for (Term argument : arguments) {
                out.append(' ');
                argument.print(out);
            }
            out.append(')');
        }

        @Override
        public String toString() {
            return text(this);
        }
    }

    /** "For all", or "there is"; any one of the triggers, each of some terms, tells the solver when to use it. */
    record Quantified(
            boolean forall, List<Variable> variables, Term body, List<List<Term>> triggers, Set<Variable> free)
            implements Term {
        public Quantified(boolean forall, List<Variable> variables, Term body, List<List<Term>> triggers) {
            this(forall, List.copyOf(variables), body, List.copyOf(triggers), without(body.free(), variables));
        }

        @Override
        public String sort() {
            return BOOL;
        }

        @Override
        public void print(StringBuilder out) {
            out.append(forall ? "(forall (" : "(exists (");
            String space = "";
            for (Variable variable : variables) {
                out.append(space)
                        .append('(')
                        .append(variable)
                        .append(' ')
                        .append(symbol(variable.sort))
                        .append(')');
                space = " ";
            }
            out.append(triggers.isEmpty() ? ") " : ") (! ");
            body.print(out);
            for (List<Term> trigger : triggers) {
                String before = " :pattern (";
                for (Term term : trigger) {
                    out.append(before);
                    term.print(out);
                    before = " ";
                }
                out.append(')');
            }
            out.append(triggers.isEmpty() ? ")" : "))");
        }

        @Override
        public String toString() {
            return text(this);
        }
    }

    /** Writes it as SMT-LIB does. */
    void print(StringBuilder out);

    private static String text(Term term) {
        StringBuilder out = new StringBuilder();
        term.print(out);
        return out.toString();
    }

    /** As SMT-LIB writes a name. */
    static String symbol(String name) {
        for (int k = 0; k < name.length(); k++) {
            char c = name.charAt(k);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && "+*/<=>.!-_".indexOf(c) < 0) {
                return "|" + name + "|";
            }
        }
        return name;
    }

    private static Set<Variable> union(List<Term> terms) {
        if (terms.stream().allMatch(term -> term.free().isEmpty())) {
            return Set.of();
        }
        Set<Variable> all = new LinkedHashSet<>();
        terms.forEach(term -> all.addAll(term.free()));
        return all;
    }

    private static Set<Variable> without(Set<Variable> all, List<Variable> some) {
        Set<Variable> rest = new LinkedHashSet<>(all);
        some.forEach(rest::remove);
        return rest;
    }

    // ------------------------------------------------------------------------------------------------------ builders

    static Term apply(String function, String sort, Term... arguments) {
        return new Apply(function, List.of(arguments), sort);
    }

    static Term number(long value) {
        return value < 0 ? apply("-", INT, number(-value)) : apply(Long.toString(value), INT);
    }

    static Term bool(boolean value) {
        return value ? TRUE : FALSE;
    }

    static Term and(Term... terms) {
        return and(List.of(terms));
    }

    static Term and(List<Term> terms) {
        return junction("and", TRUE, FALSE, terms);
    }

    static Term or(Term... terms) {
        return or(List.of(terms));
    }

    static Term or(List<Term> terms) {
        return junction("or", FALSE, TRUE, terms);
    }

    private static Term junction(String function, Term neutral, Term absorbing, List<Term> terms) {
        Set<Term> flat = new LinkedHashSet<>();
        for (Term term : terms) {
            if (term instanceof Apply apply && apply.is(function)) {
                flat.addAll(apply.arguments);
            } else if (!term.equals(neutral)) {
                flat.add(term);
            }
        }
        if (flat.contains(absorbing)) {
            return absorbing;
        }
        if (flat.isEmpty()) {
            return neutral;
        }
        return flat.size() == 1 ? flat.iterator().next() : new Apply(function, new ArrayList<>(flat), BOOL);
    }

    static Term not(Term term) {
        if (term.equals(TRUE)) {
            return FALSE;
        }
        if (term.equals(FALSE)) {
            return TRUE;
        }
        return term instanceof Apply apply && apply.is("not") ? apply.argument(0) : apply("not", BOOL, term);
    }

    static Term implies(Term a, Term b) {
        if (a.equals(TRUE) || b.equals(TRUE)) {
            return b;
        }
        if (a.equals(FALSE)) {
            return TRUE;
        }
        return b.equals(FALSE) ? not(a) : apply("=>", BOOL, a, b);
    }

    static Term equal(Term a, Term b) {
        if (a.equals(b)) {
            return TRUE;
        }
        if (!a.sort().equals(b.sort())) {
            throw new IllegalArgumentException(a + " of " + a.sort() + " is compared with " + b + " of " + b.sort());
        }
        if (a.sort().equals(BOOL)) {
            if (a.equals(TRUE) || b.equals(TRUE)) {
                return a.equals(TRUE) ? b : a;
            }
            if (a.equals(FALSE) || b.equals(FALSE)) {
                return not(a.equals(FALSE) ? b : a);
            }
        }
        return apply("=", BOOL, a, b);
    }

    static Term ite(Term condition, Term a, Term b) {
        if (condition.equals(TRUE) || a.equals(b)) {
            return a;
        }
        if (condition.equals(FALSE)) {
            return b;
        }
        if (a.sort().equals(BOOL)) {
            if (a.equals(FALSE)) {
                return and(not(condition), b);
            }
            if (b.equals(FALSE)) {
                return and(condition, a);
            }
        }
        return apply("ite", a.sort(), condition, a, b);
    }

    static Term atMost(Term a, Term b) {
        return apply("<=", BOOL, a, b);
    }

    static Term between(Term low, Term middle, Term high) {
        return and(atMost(low, middle), atMost(middle, high));
    }

    static Term forall(List<Variable> variables, Term body) {
        return quantified(true, variables, body);
    }

    /** There are such; where the body says what a variable equals, it is that. */
    static Term exists(List<Variable> variables, Term body) {
        List<Term> conjuncts = body instanceof Apply apply && apply.is("and") ? apply.arguments : List.of(body);
        for (Variable variable : variables) {
            for (Term conjunct : conjuncts) {
                if (conjunct instanceof Apply equation && equation.is("=")) {
                    for (int side = 0; side < 2; side++) {
                        Term value = equation.argument(1 - side);
                        if (equation.argument(side).equals(variable)
                                && !value.free().contains(variable)) {
                            List<Variable> others = variables.stream()
                                    .filter(v -> !v.equals(variable))
                                    .toList();
                            return exists(others, substitute(body, Map.of(variable, value)));
                        }
                    }
                }
            }
        }
        return quantified(false, variables, body);
    }

    private static Term quantified(boolean forall, List<Variable> variables, Term body) {
        List<Variable> bound =
                variables.stream().filter(v -> body.free().contains(v)).toList();
        return bound.isEmpty() ? body : new Quantified(forall, bound, body, List.of());
    }

    // ------------------------------------------------------------------------------------------------- transformations

    static Term substitute(Term term, Map<Variable, Term> values) {
        if (term instanceof Variable variable) {
            return values.getOrDefault(variable, term);
        }
        if (term.free().stream().noneMatch(values::containsKey)) {
            return term;
        }
        return map(term, part -> substitute(part, values));
    }

    /** The term with each of its direct parts mapped; simplified again. */
    static Term map(Term term, UnaryOperator<Term> f) {
        if (term instanceof Quantified quantified) {
            List<List<Term>> triggers = quantified.triggers.stream()
                    .map(terms -> terms.stream().map(f).toList())
                    .toList();
            return new Quantified(quantified.forall, quantified.variables, f.apply(quantified.body), triggers);
        }
        if (!(term instanceof Apply apply)) {
            return term;
        }
        List<Term> parts = apply.arguments.stream().map(f).toList();
        return switch (apply.function) {
            case "and" -> and(parts);
            case "or" -> or(parts);
            case "not" -> not(parts.get(0));
            case "=>" -> implies(parts.get(0), parts.get(1));
            case "=" -> equal(parts.get(0), parts.get(1));
            case "ite" -> ite(parts.get(0), parts.get(1), parts.get(2));
            default -> new Apply(apply.function, parts, apply.sort);
        };
    }

    static boolean hasQuantifier(Term term) {
        return term instanceof Quantified
                || (term instanceof Apply apply && apply.arguments.stream().anyMatch(Term::hasQuantifier));
    }
}
