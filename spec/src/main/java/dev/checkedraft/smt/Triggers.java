package dev.checkedraft.smt;

import dev.checkedraft.smt.Term.Apply;
import dev.checkedraft.smt.Term.Quantified;
import dev.checkedraft.smt.Term.Variable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Chooses the terms that call for a clause, so that it does not depend on a solver's own choice. */
public final class Triggers {
    private static final Set<String> INTERPRETED =
            Set.of("and", "or", "not", "=>", "=", "ite", "<=", "<", ">=", ">", "+", "-", "*", "true", "false");

    private Triggers() {}

    /** The clause, all of whose quantifiers that have no triggers get some. */
    public static Term chosen(Term clause) {
        Term inner = Term.map(clause, part -> part.sort().equals(Term.BOOL) ? chosen(part) : part);
        if (!(inner instanceof Quantified quantified) || !quantified.triggers().isEmpty() || !quantified.forall()) {
            return inner;
        }
        return new Quantified(true, quantified.variables(), quantified.body(), triggers(quantified));
    }

    /** The clause, called for by terms that are made with these functions. */
    public static Term by(Quantified quantified, Set<String> functions) {
        Set<Variable> bound = Set.copyOf(quantified.variables());
        Set<Term> candidates = new LinkedHashSet<>();
        collect(quantified.body(), bound, candidates);
        List<Term> all =
                candidates.stream().filter(term -> mentions(term, functions)).toList();
        if (all.isEmpty()) {
            return quantified;
        }
        List<Term> whole =
                smallest(all.stream().filter(term -> covers(term, bound)).toList());
        Set<List<Term>> triggers = new LinkedHashSet<>(
                whole.isEmpty()
                        ? several(quantified, candidates, all.get(0))
                        : whole.stream().map(List::of).toList());
        guards(quantified.body()).stream()
                .filter(term -> candidates.contains(term) && covers(term, bound))
                .forEach(term -> triggers.add(List.of(term)));
        return new Quantified(quantified.forall(), quantified.variables(), quantified.body(), List.copyOf(triggers));
    }

    /** The clause, which is also called for by terms where one function of its triggers is another. */
    public static Term alsoBy(Term clause, String function, String other) {
        if (!(clause instanceof Quantified quantified)) {
            return clause;
        }
        Set<List<Term>> triggers = new LinkedHashSet<>(quantified.triggers());
        for (List<Term> trigger : quantified.triggers()) {
            triggers.add(
                    trigger.stream().map(term -> renamed(term, function, other)).toList());
        }
        return new Quantified(true, quantified.variables(), quantified.body(), List.copyOf(triggers));
    }

    private static Term renamed(Term term, String function, String other) {
        Term inner = Term.map(term, part -> renamed(part, function, other));
        return inner instanceof Apply apply && apply.is(function)
                ? new Apply(other, apply.arguments(), apply.sort())
                : inner;
    }

    private static boolean mentions(Term term, Set<String> functions) {
        return term instanceof Apply apply
                && (functions.contains(apply.function())
                        || apply.arguments().stream().anyMatch(part -> mentions(part, functions)));
    }

    private static List<List<Term>> triggers(Quantified quantified) {
        Set<Variable> bound = Set.copyOf(quantified.variables());
        Set<Term> candidates = new LinkedHashSet<>();
        collect(quantified.body(), bound, candidates);
        // What the clause supposes, if that binds all.
        List<Term> guards =
                guards(quantified.body()).stream().filter(candidates::contains).toList();
        List<Term> whole = guards.stream().filter(term -> covers(term, bound)).toList();
        if (!whole.isEmpty()) {
            return whole.stream().map(List::of).toList();
        }
        if (guards.stream().flatMap(term -> term.free().stream()).toList().containsAll(bound)) {
            return several(quantified, new LinkedHashSet<>(guards), null);
        }
        List<Term> any =
                smallest(candidates.stream().filter(term -> covers(term, bound)).toList());
        return any.isEmpty()
                ? several(quantified, candidates, null)
                : any.stream().map(List::of).toList();
    }

    /** The atoms that a clause supposes. */
    private static List<Term> guards(Term body) {
        List<Term> literals = body instanceof Apply or && or.is("or") ? or.arguments() : List.of(body);
        return literals.stream()
                .filter(literal -> literal instanceof Apply not && not.is("not"))
                .map(literal -> ((Apply) literal).argument(0))
                .toList();
    }

    /** Of terms that bind the same, those that no other is in: they call for the clause sooner. */
    private static List<Term> smallest(List<Term> terms) {
        return terms.stream()
                .filter(term -> terms.stream().noneMatch(other -> other != term && contains(term, other)))
                .toList();
    }

    /** Triggers of more than one term, beginning with this one; where any of some terms completes one, there is one each. */
    private static List<List<Term>> several(Quantified quantified, Set<Term> candidates, @Nullable Term first) {
        List<Term> guards = guards(quantified.body());
        List<Term> several = new ArrayList<>();
        Set<Variable> missing = new LinkedHashSet<>(quantified.variables());
        if (first != null) {
            several.add(first);
            missing.removeAll(first.free());
        }
        while (!missing.isEmpty()) {
            List<Term> last = candidates.stream()
                    .filter(term -> term.free().containsAll(missing))
                    .toList();
            if (!last.isEmpty()) {
                List<Term> preferred = last.stream().filter(guards::contains).toList();
                return smallest(preferred.isEmpty() ? last : preferred).stream()
                        .map(term -> NormalForm.join(several, List.of(term)))
                        .toList();
            }
            Term best = null;
            long most = 0;
            for (Term candidate : candidates) {
                long covered =
                        2 * candidate.free().stream().filter(missing::contains).count();
                covered += covered > 0 && guards.contains(candidate) ? 1 : 0;
                if (covered > most || (covered == most && best != null && contains(best, candidate))) {
                    best = candidate;
                    most = covered;
                }
            }
            if (best == null) {
                return List.of();
            }
            several.add(best);
            missing.removeAll(best.free());
        }
        return List.of(several);
    }

    private static boolean covers(Term term, Set<Variable> bound) {
        return term.free().containsAll(bound);
    }

    private static boolean contains(Term term, Term part) {
        return term instanceof Apply apply
                && apply.arguments().stream().anyMatch(inner -> inner.equals(part) || contains(inner, part));
    }

    /** Terms made of functions that the solver knows nothing of, with bound variables in them. */
    private static boolean collect(Term term, Set<Variable> bound, Set<Term> candidates) {
        if (term instanceof Quantified quantified) {
            Set<Term> inner = new LinkedHashSet<>();
            collect(quantified.body(), bound, inner);
            inner.removeIf(part -> quantified.variables().stream().anyMatch(part.free()::contains));
            candidates.addAll(inner);
            return false;
        }
        if (!(term instanceof Apply apply)) {
            return true;
        }
        boolean pure = true;
        for (Term part : apply.arguments()) {
            pure &= collect(part, bound, candidates);
        }
        if (INTERPRETED.contains(apply.function())) {
            // Sums are matched as they are written, so they are no good in a trigger unless nothing is bound in them.
            return pure
                    && term.free().stream().noneMatch(bound::contains)
                    && !term.sort().equals(Term.BOOL);
        }
        if (pure && term.free().stream().anyMatch(bound::contains)) {
            candidates.add(term);
        }
        return pure;
    }
}
