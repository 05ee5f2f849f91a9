package dev.checkedraft.proof;

import dev.checkedraft.smt.Term;
import dev.checkedraft.translation.Env;
import dev.checkedraft.translation.Translator;
import java.util.ArrayList;
import java.util.List;
import tla2sany.semantic.ASTConstants;
import tla2sany.semantic.LevelConstants;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.SubstInNode;

/** A formula of the form {@code P /\ [][A]_v}: what it says of the first state, and what of each step. */
public record Temporal(List<Part> initial, List<Part> always) {
    /** A conjunct, and what its names stand for. */
    public record Part(SemanticNode node, Env env) {}

    public static Temporal of(SemanticNode node) {
        Temporal temporal = new Temporal(new ArrayList<>(), new ArrayList<>());
        temporal.add(node, Env.of(Env.Moment.BEFORE));
        return temporal;
    }

    private void add(SemanticNode node, Env env) {
        if (node instanceof SubstInNode instance) {
            add(instance.getBody(), Env.substituted(instance, env));
            return;
        }
        if (node instanceof OpApplNode application && application.getLevel() >= LevelConstants.TemporalLevel) {
            String name = application.getOperator().getName().toString();
            SemanticNode[] args = application.getArgs();
            if (name.equals("[]")) {
                always.add(new Part(args[0], env));
                return;
            }
            if (name.equals("$ConjList") || name.equals("\\land")) {
                for (SemanticNode arg : args) {
                    add(arg, env);
                }
                return;
            }
            if (application.getOperator().getKind() != ASTConstants.BuiltInKind
                    && application.getOperator() instanceof OpDefNode definition) {
                add(definition.getBody(), Env.parameters(definition.getParams(), args, env, env));
                return;
            }
            throw Translator.unknown(node, "a temporal formula other than P /\\ [][A]_v");
        }
        (node instanceof OpApplNode application && application.getLevel() == LevelConstants.ActionLevel
                        ? always
                        : initial)
                .add(new Part(node, env));
    }

    public Term initially(Translator translator) {
        return Term.and(initial.stream()
                .map(part -> translator.formula(part.node, part.env))
                .toList());
    }

    public Term always(Translator translator) {
        return Term.and(always.stream()
                .map(part -> translator.formula(part.node, part.env))
                .toList());
    }
}
