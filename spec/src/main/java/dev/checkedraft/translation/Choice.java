package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Term.Variable;
import dev.checkedraft.translation.Meaning.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.SemanticNode;

/** CHOOSE. */
final class Choice {
    private final Translator translator;

    Choice(Translator translator) {
        this.translator = translator;
    }

    /**
     * {@code CHOOSE x \in S : P}: a name for it, of which it is known that it is one, if there is one. That there is one
     * is known too where the greatest of finitely many is chosen, {@code \A y \in S : f(x) >= f(y)}, and there are some.
     */
    Meaning of(OpApplNode node, Env env) {
        Meaning.Set set = translator.set(node.getBdedQuantBounds()[0], env);
        Kind kind = set.element();
        if (kind == null || !kind.isTerm()) {
            throw Translator.unknown(node, "a choice from " + kind);
        }
        BiFunction<SemanticNode, Term, Term> body =
                (formula, value) -> translator.formula(formula, SetTranslator.with(node, new Scalar(value, kind), env));
        Variable x = translator.symbols.variable("x", kind);
        Term satisfied = Term.and(set.has().apply(new Scalar(x, kind)), body.apply(node.getArgs()[0], x));
        List<Variable> free = new ArrayList<>(satisfied.free());
        free.remove(x);
        Function<Term, Term> isOne = value -> Term.substitute(satisfied, Map.of(x, value));
        boolean greatest = set.finite() && Greatest.is(translator, node, env, set);
        Term key = Term.forall(List.of(x), satisfied);
        Term inSet = set.has().apply(new Scalar(x, kind));
        Term name = translator.symbols.named(
                "CHOOSE",
                free,
                kind.sort(),
                key,
                symbol -> greatest
                        ? Term.and(
                                Term.implies(
                                        Term.exists(List.of(x), inSet),
                                        set.has().apply(new Scalar(symbol, kind))),
                                body.apply(node.getArgs()[0], symbol))
                        : Term.implies(Term.exists(List.of(x), satisfied), isOne.apply(symbol)));
        Term exists = Term.exists(List.of(x), greatest ? inSet : satisfied);
        translator.symbols.choice(((Term.Apply) name).function(), exists);
        return new Scalar(name, kind);
    }
}
