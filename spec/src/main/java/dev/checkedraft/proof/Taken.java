package dev.checkedraft.proof;

import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Untranslatable;
import dev.checkedraft.translation.Env;
import dev.checkedraft.translation.Meaning;
import dev.checkedraft.translation.SpecTree;
import dev.checkedraft.translation.Translator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tla2sany.semantic.ASTConstants;
import tla2sany.semantic.FormalParamNode;
import tla2sany.semantic.LetInNode;
import tla2sany.semantic.LevelConstants;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.SubstInNode;

/** That a step is one of a next-state relation because of one of its actions, with these values for what "exists" binds. */
final class Taken {
    private final Translator translator;
    private final String action;
    private final Map<String, Meaning> witnesses;

    Taken(Translator translator, String action, Map<String, Meaning> witnesses) {
        this.translator = translator;
        this.action = action;
        this.witnesses = witnesses;
    }

    /** A formula that implies this one: the first disjunct that has the action is true, and the witnesses show it. */
    Term of(SemanticNode node, Env env) {
        if (node instanceof SubstInNode instance) {
            return of(instance.getBody(), Env.substituted(instance, env));
        }
        if (node instanceof LetInNode let) {
            return of(let.getBody(), Env.let(let, env));
        }
        OpApplNode application = (OpApplNode) node;
        SemanticNode[] args = application.getArgs();
        String name = application.getOperator().getName().toString();
        if (isDefined(application) && application.getOperator() instanceof OpDefNode definition) {
            return name.equals(action)
                    ? translator.formula(application, env)
                    : of(definition.getBody(), Env.parameters(definition.getParams(), args, env, env));
        }
        return switch (name) {
            case "$DisjList", "\\lor" -> of(having(args), env);
            case "$BoundedExists" -> bound(application, env);
            case "$Case" -> {
                OpApplNode arm = (OpApplNode) having(args);
                yield Term.and(translator.formula(arm.getArgs()[0], env), of(arm.getArgs()[1], env));
            }
            default -> throw Translator.unknown(node, "no choice between actions");
        };
    }

    private Term bound(OpApplNode node, Env env) {
        List<Term> parts = new ArrayList<>();
        Env inner = env;
        FormalParamNode[][] groups = node.getBdedQuantSymbolLists();
        for (int group = 0; group < groups.length; group++) {
            Meaning.Set set = translator.set(node.getBdedQuantBounds()[group], env);
            for (FormalParamNode symbol : groups[group]) {
                Meaning witness = witnesses.get(symbol.getName().toString());
                if (witness == null) {
                    throw new Untranslatable(action + ": nothing is said to be " + symbol.getName());
                }
                parts.add(set.has().apply(witness));
                inner = inner.with(symbol, witness);
            }
        }
        parts.add(of(node.getArgs()[0], inner));
        return Term.and(parts);
    }

    private SemanticNode having(SemanticNode... parts) {
        for (SemanticNode part : parts) {
            if (has(part)) {
                return part;
            }
        }
        throw new Untranslatable("no action " + action);
    }

    private boolean has(SemanticNode node) {
        if (node instanceof SubstInNode instance) {
            return has(instance.getBody());
        }
        if (node instanceof LetInNode let) {
            return has(let.getBody());
        }
        if (!(node instanceof OpApplNode application)) {
            return false;
        }
        if (isDefined(application) && application.getOperator() instanceof OpDefNode definition) {
            return definition.getName().equals(action)
                    || (definition.getLevel() >= LevelConstants.ActionLevel && has(definition.getBody()));
        }
        for (SemanticNode part : application.getArgs()) {
            if (!Translator.isOther(part) && has(part)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDefined(OpApplNode application) {
        return application.getOperator() instanceof OpDefNode definition
                && definition.getKind() != ASTConstants.BuiltInKind
                && !SpecTree.isStandard(definition);
    }
}
