package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Term.Variable;
import dev.checkedraft.translation.Meaning.Scalar;
import java.util.List;
import java.util.Map;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.SemanticNode;

/**
 * The axiom of the greatest: of finitely many things, but at least one, there is one at which a function to the integers is
 * not less than at any other. It is not in axioms.smt2 since it is of all sets and functions; here is where it is used.
 */
public final class Greatest {
    private Greatest() {}

    /** Whether {@code CHOOSE x \in S : P} has {@code \A y \in S : f(x) >= f(y)} for P, with the same S and f. */
    public static boolean is(Translator translator, OpApplNode choice, Env env, Meaning.Set set) {
        Kind kind = set.element();
        if (kind == null
                || !(choice.getArgs()[0] instanceof OpApplNode all)
                || !all.getOperator().getName().equals("$BoundedForall")
                || all.getBdedQuantSymbolLists().length != 1
                || all.getBdedQuantSymbolLists()[0].length != 1
                || !(all.getArgs()[0] instanceof OpApplNode comparison)
                || !List.of(">=", "\\geq")
                        .contains(comparison.getOperator().getName().toString())) {
            return false;
        }
        Variable x = translator.symbols.variable("x", kind);
        Variable y = translator.symbols.variable("y", kind);
        Env both = env.with(choice.getBdedQuantSymbolLists()[0][0], new Scalar(x, kind))
                .with(all.getBdedQuantSymbolLists()[0][0], new Scalar(y, kind));
        Meaning.Set others = translator.set(all.getBdedQuantBounds()[0], both);
        Term left = value(translator, comparison.getArgs()[0], both);
        Term right = value(translator, comparison.getArgs()[1], both);
        return others.has().apply(new Scalar(x, kind)).equals(set.has().apply(new Scalar(x, kind)))
                && !left.free().contains(y)
                && Term.substitute(left, Map.of(x, y)).equals(right);
    }

    private static Term value(Translator translator, SemanticNode node, Env env) {
        return translator.integer(node, env);
    }
}
