package dev.checkedraft.smt;

import dev.checkedraft.smt.Symbols.Named;
import dev.checkedraft.smt.Term.Apply;
import dev.checkedraft.smt.Term.Quantified;
import dev.checkedraft.smt.Term.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * When a formula asks for nothing that TLA+ leaves open: an entry beyond the end of a sequence, a slice that reaches beyond
 * it, the value of a function outside its domain, a field that a record does not have, a choice where there is nothing to
 * choose. What a part of a formula asks for does not matter where a part before it decides.
 */
public final class Definedness {
    private final Symbols symbols;
    /** The types of the messages that have a field. */
    private final Map<String, Set<String>> fields;
    /** The functions that have a value where another says so: {@code termLog} where {@code termLog.domain}. */
    private final Set<String> partial;

    public Definedness(Symbols symbols, Map<String, Set<String>> fields, Set<String> partial) {
        this.symbols = symbols;
        this.fields = fields;
        this.partial = partial;
    }

    /** That all of some formulas are defined, of which each holds before the next is looked at. */
    public Term ofAll(List<Term> formulas) {
        return inOrder(formulas, true);
    }

    /** That this term is defined. */
    public Term of(Term term) {
        if (term instanceof Quantified quantified) {
            return Term.forall(quantified.variables(), of(quantified.body()));
        }
        if (!(term instanceof Apply apply)) {
            return Term.TRUE;
        }
        return switch (apply.function()) {
            case "and" -> inOrder(apply.arguments(), true);
            case "or" -> inOrder(apply.arguments(), false);
            case "=>" -> inOrder(List.of(Term.not(apply.argument(0)), apply.argument(1)), false);
            case "ite" ->
                Term.and(
                        of(apply.argument(0)),
                        Term.implies(apply.argument(0), of(apply.argument(1))),
                        Term.implies(Term.not(apply.argument(0)), of(apply.argument(2))));
            default ->
                Term.and(Term.and(apply.arguments().stream().map(this::of).toList()), applied(apply));
        };
    }

    /** Each part is defined, if those before it do not decide. */
    private Term inOrder(List<Term> parts, boolean and) {
        List<Term> defined = new ArrayList<>();
        List<Term> before = new ArrayList<>();
        for (Term part : parts) {
            defined.add(Term.implies(Term.and(before), of(part)));
            before.add(and ? part : Term.not(part));
        }
        return Term.and(defined);
    }

    private Term applied(Apply apply) {
        String function = apply.function();
        Named named = symbols.named(function);
        if (named != null) {
            Map<Variable, Term> arguments = new HashMap<>();
            for (int k = 0; k < named.variables().size(); k++) {
                arguments.put(named.variables().get(k), apply.argument(k));
            }
            return Term.substitute(meaning(function, named), arguments);
        }
        if (function.startsWith("at.")) {
            return Term.between(Term.number(1), apply.argument(1), length(apply, "at."));
        }
        if (function.startsWith("subSeq.")) {
            return Term.implies(
                    Term.atMost(apply.argument(1), apply.argument(2)),
                    Term.and(
                            Term.atMost(Term.number(1), apply.argument(1)),
                            Term.atMost(apply.argument(2), length(apply, "subSeq."))));
        }
        if (partial.contains(function)) {
            return Term.apply(function + ".domain", Term.BOOL, apply.argument(0));
        }
        if (function.startsWith("Message.")) {
            Set<String> types = fields.getOrDefault(function.substring("Message.".length()), Set.of());
            Term type = Term.apply("Message.type", "Text", apply.argument(0));
            return types.isEmpty()
                    ? Term.TRUE
                    : Term.or(types.stream().map(text -> is(type, text)).toList());
        }
        return Term.TRUE;
    }

    private Term is(Term type, String text) {
        String name = "\"" + text + "\"";
        symbols.declare(name, List.of(), "Text");
        return Term.equal(type, Term.apply(name, "Text"));
    }

    private static Term length(Apply apply, String prefix) {
        return Term.apply("len." + apply.function().substring(prefix.length()), Term.INT, apply.argument(0));
    }

    private Term meaning(String symbol, Named named) {
        Term meaning = named.meaning();
        return switch (named.base()) {
            case "CHOOSE" -> Term.and(of(meaning), symbols.choice(symbol));
            case "sequence" -> {
                Apply key = (Apply) meaning;
                List<Variable> index = new ArrayList<>(key.argument(2).free());
                index.removeAll(named.variables());
                Term entry = of(key.argument(2));
                yield Term.and(
                        of(key.argument(0)),
                        index.isEmpty()
                                ? entry
                                : Term.forall(
                                        index,
                                        Term.implies(
                                                Term.between(Term.number(1), index.get(0), key.argument(0)), entry)));
            }
            default -> of(meaning);
        };
    }
}
