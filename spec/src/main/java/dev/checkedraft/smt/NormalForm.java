package dev.checkedraft.smt;

import dev.checkedraft.smt.Term.Apply;
import dev.checkedraft.smt.Term.Quantified;
import dev.checkedraft.smt.Term.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Formulas so written that what holds for all is said in front, and each clause by itself. A solver that uses triggers
 * has then, for each clause, the terms that call for it.
 */
public final class NormalForm {
    private NormalForm() {}

    /** The formula, or if not so its negation, with "not" only where nothing else is in it. */
    public static Term negationNormal(Term term, boolean positive) {
        if (term instanceof Quantified quantified) {
            Term body = negationNormal(quantified.body(), positive);
            return new Quantified(quantified.forall() == positive, quantified.variables(), body, quantified.triggers());
        }
        if (!(term instanceof Apply apply)) {
            return positive ? term : Term.not(term);
        }
        List<Term> parts = apply.arguments();
        boolean expands = apply.sort().equals(Term.BOOL) && Term.hasQuantifier(term);
        if (expands && apply.is("=") && !parts.get(0).sort().equals(Term.BOOL)) {
            throw new Untranslatable(
                    "a quantifier within an equation of " + parts.get(0).sort() + ": " + term);
        }
        return switch (apply.function()) {
            case "not" -> negationNormal(parts.get(0), !positive);
            case "and", "or" -> {
                List<Term> mapped = parts.stream()
                        .map(part -> negationNormal(part, positive))
                        .toList();
                yield apply.is("and") == positive ? Term.and(mapped) : Term.or(mapped);
            }
            case "=>" -> {
                Term from = negationNormal(parts.get(0), !positive);
                Term to = negationNormal(parts.get(1), positive);
                yield positive ? Term.or(from, to) : Term.and(from, to);
            }
            case "=" ->
                expands
                        ? negationNormal(
                                Term.and(
                                        Term.implies(parts.get(0), parts.get(1)),
                                        Term.implies(parts.get(1), parts.get(0))),
                                positive)
                        : literal(term, positive);
            case "ite" ->
                expands
                        ? negationNormal(
                                Term.and(
                                        Term.implies(parts.get(0), parts.get(1)),
                                        Term.implies(Term.not(parts.get(0)), parts.get(2))),
                                positive)
                        : literal(term, positive);
            default -> literal(term, positive);
        };
    }

    private static Term literal(Term term, boolean positive) {
        return positive ? term : Term.not(term);
    }

    /** What the formula says, as clauses that all hold: for use, with no more clauses than there are "for all". */
    public static List<Term> clauses(Term formula) {
        return clauses(formula, false);
    }

    /** The same, for proof: each clause with one thing to be shown. */
    public static List<Term> goals(Term formula) {
        return clauses(formula, true);
    }

    private static List<Term> clauses(Term formula, boolean finely) {
        List<Term> clauses = new ArrayList<>();
        split(negationNormal(formula, true), List.of(), List.of(), finely, clauses);
        return clauses;
    }

    private static void split(
            Term term, List<Variable> variables, List<Term> others, boolean finely, List<Term> clauses) {
        if (term instanceof Quantified quantified && quantified.forall()) {
            if (!quantified.triggers().isEmpty() && others.isEmpty() && variables.isEmpty()) {
                clauses.add(quantified);
                return;
            }
            split(quantified.body(), join(variables, quantified.variables()), others, finely, clauses);
        } else if (term instanceof Apply apply && apply.is("and")) {
            apply.arguments().forEach(part -> split(part, variables, others, finely, clauses));
        } else if (term instanceof Apply apply && apply.is("or")) {
            for (Term part : apply.arguments()) {
                boolean splits = (part instanceof Quantified quantified && quantified.forall())
                        || (part instanceof Apply inner
                                && inner.is("and")
                                && (hasForall(part) || (finely && !othersQuantify(apply, part))));
                if (splits) {
                    List<Term> rest = new ArrayList<>(others);
                    apply.arguments().stream().filter(other -> other != part).forEach(rest::add);
                    split(part, variables, rest, finely, clauses);
                    return;
                }
            }
            clauses.add(clause(variables, join(others, apply.arguments())));
        } else {
            clauses.add(clause(variables, join(others, List.of(term))));
        }
    }

    private static boolean othersQuantify(Apply or, Term part) {
        return or.arguments().stream().anyMatch(other -> other != part && Term.hasQuantifier(other));
    }

    private static boolean hasForall(Term term) {
        if (term instanceof Quantified quantified) {
            return quantified.forall() || hasForall(quantified.body());
        }
        return term instanceof Apply apply && apply.arguments().stream().anyMatch(NormalForm::hasForall);
    }

    /** One of the literals holds, for all of the variables; one that is said to equal something is that. */
    private static Term clause(List<Variable> variables, List<Term> literals) {
        for (Term literal : literals) {
            if (literal instanceof Apply not
                    && not.is("not")
                    && not.argument(0) instanceof Apply equation
                    && equation.is("=")) {
                for (int side = 0; side < 2; side++) {
                    Term value = equation.argument(1 - side);
                    if (equation.argument(side) instanceof Variable variable
                            && variables.contains(variable)
                            && !value.free().contains(variable)) {
                        return clause(
                                variables.stream()
                                        .filter(v -> !v.equals(variable))
                                        .toList(),
                                literals.stream()
                                        .map(other -> Term.substitute(other, Map.of(variable, value)))
                                        .toList());
                    }
                }
            }
        }
        return Term.forall(variables, Term.or(literals));
    }

    /** The same clause with names of constants for what there is, as {@code names} gives them. */
    public static Term skolemized(Term clause, java.util.function.Function<Variable, Term> names) {
        if (clause instanceof Quantified quantified && !quantified.forall()) {
            Term body = quantified.body();
            for (Variable variable : quantified.variables()) {
                body = Term.substitute(body, Map.of(variable, names.apply(variable)));
            }
            return skolemized(body, names);
        }
        if (clause instanceof Apply apply && apply.is("and")) {
            return Term.and(apply.arguments().stream()
                    .map(part -> skolemized(part, names))
                    .toList());
        }
        return clause;
    }

    /**
     * A formula that implies this one: where it says that there is a value with this name and of the witness's sort, the
     * witness is the one.
     */
    public static Term witnessed(Term formula, String name, Term witness) {
        Term positive = negationNormal(formula, true);
        return witness(positive, name, witness);
    }

    private static Term witness(Term term, String name, Term witness) {
        if (term instanceof Quantified quantified && !quantified.forall()) {
            for (Variable variable : quantified.variables()) {
                if (Query.baseName(variable.name()).equals(name)
                        && variable.sort().equals(witness.sort())) {
                    Term body = Term.substitute(quantified.body(), Map.of(variable, witness));
                    List<Variable> others = quantified.variables().stream()
                            .filter(other -> !other.equals(variable))
                            .toList();
                    return witness(Term.exists(others, body), name, witness);
                }
            }
        }
        return Term.map(term, part -> part.sort().equals(Term.BOOL) ? witness(part, name, witness) : part);
    }

    public static <T> List<T> join(List<? extends T> a, List<? extends T> b) {
        List<T> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }
}
