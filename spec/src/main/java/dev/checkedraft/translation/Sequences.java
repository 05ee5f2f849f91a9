package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Kinds;
import dev.checkedraft.smt.Term;
import dev.checkedraft.translation.Meaning.Scalar;
import java.util.ArrayList;
import java.util.List;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.SemanticNode;

/** The operators of module Sequences. */
final class Sequences {
    private final Translator translator;

    Sequences(Translator translator) {
        this.translator = translator;
    }

    Meaning of(String name, OpApplNode node, Env env) {
        SemanticNode[] args = node.getArgs();
        Values values = translator.values;
        Scalar first = values.sequence(translator.eval(args[0], env));
        if (first == null || !(first.kind() instanceof Kind.Seq kind)) {
            throw Translator.unknown(node, name + " of what is no sequence");
        }
        if (name.equals("Len")) {
            return Meaning.integer(Values.length(first.term(), kind));
        }
        List<Term> terms = new ArrayList<>(List.of(first.term()));
        for (int k = 1; k < args.length; k++) {
            Kind expected = name.equals("\\o") ? kind : name.equals("Append") ? kind.element() : Kinds.INT;
            terms.add(values.term(translator.eval(args[k], env), expected));
        }
        String function = name.equals("\\o") ? "concat" : name.equals("Append") ? "append" : "subSeq";
        return new Scalar(new Term.Apply(function + "." + kind.element().sort(), terms, kind.sort()), kind);
    }
}
