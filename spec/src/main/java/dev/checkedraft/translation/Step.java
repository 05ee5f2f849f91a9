package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Term;
import dev.checkedraft.translation.Env.Lazy;
import dev.checkedraft.translation.Env.Moment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.checkerframework.checker.nullness.qual.Nullable;
import tla2sany.semantic.ASTConstants;
import tla2sany.semantic.LetInNode;
import tla2sany.semantic.LevelConstants;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.SubstInNode;
import tla2sany.semantic.SymbolNode;

/**
 * One way through the next-state relation: what must hold for it, and what the variables are after it. A disjunction, IF
 * or CASE of actions is a choice between such ways; each is walked from the start with a list of choices made before.
 */
public final class Step {
    /** The choices of one walk, and how many there were to choose from. */
    private static final class Choices {
        private final List<Integer> chosen;
        private final List<Integer> counts = new ArrayList<>();

        Choices(List<Integer> chosen) {
            this.chosen = new ArrayList<>(chosen);
        }

        int of(int count) {
            int at = counts.size();
            counts.add(count);
            if (at == chosen.size()) {
                chosen.add(0);
            }
            return chosen.get(at);
        }

        /** The choices of the next walk; empty if this was the last. */
        List<Integer> next() {
            for (int k = counts.size() - 1; k >= 0; k--) {
                if (chosen.get(k) + 1 < counts.get(k)) {
                    List<Integer> next = new ArrayList<>(chosen.subList(0, k));
                    next.add(chosen.get(k) + 1);
                    return next;
                }
            }
            return List.of();
        }
    }

    private record Equation(String variable, SemanticNode value, Env env) {}

    public final Translator translator;
    private final SpecTree tree;
    private final Choices choices;
    private final String next;
    private final List<String> conditions = new ArrayList<>();
    private final List<Term> guards = new ArrayList<>();
    /** What the equations say of the variables after the step. */
    private final List<Term> effects = new ArrayList<>();

    private final List<Supplier<Term>> laterGuards = new ArrayList<>();
    private final Set<String> unchanged = new LinkedHashSet<>();
    private final List<Equation> equations = new ArrayList<>();
    private String action = "";
    /** Whether no arm of a CASE applies, which the spec leaves open. */
    private boolean undefined;

    private Step(Translator translator, SpecTree tree, String next, List<Integer> choices) {
        this.translator = translator;
        this.tree = tree;
        this.next = next;
        this.choices = new Choices(choices);
    }

    /** All ways through the operator {@code whole}, a step of whose choices is named by the action it takes in {@code next}. */
    public static List<Step> all(
            SpecTree tree, String whole, String next, Map<String, Kind> kinds, Supplier<Translator> translators) {
        List<Step> steps = new ArrayList<>();
        List<Integer> choices = List.of();
        do {
            Step step = new Step(translators.get(), tree, next, choices);
            kinds.forEach((name, kind) -> step.translator.variable(
                    Moment.BEFORE, name, step.translator.values.reified(kind, name, List.of())));
            step.walk(tree.definition(whole).getBody(), Env.of(Moment.BEFORE), false);
            step.finish(kinds);
            steps.add(step);
            choices = step.choices.next();
        } while (!choices.isEmpty());
        return steps;
    }

    public String action() {
        return action;
    }

    /** The conditions that make this way, as the spec has them. */
    public List<String> conditions() {
        return conditions;
    }

    public List<Term> guards() {
        return guards;
    }

    public List<Term> effects() {
        return effects;
    }

    /** What the names of the step stand for: what its "exists" bind, and what its LETs define. */
    public Map<String, Meaning> names() {
        return translator.constantNames();
    }

    public boolean isUndefined() {
        return undefined;
    }

    // ------------------------------------------------------------------------------------------------------- walking

    private void walk(SemanticNode node, Env env, boolean choosing) {
        if (node instanceof LetInNode let) {
            walk(let.getBody(), Env.let(let, env), choosing);
        } else if (node instanceof SubstInNode instance) {
            walk(instance.getBody(), Env.substituted(instance, env), choosing);
        } else if (node instanceof OpApplNode application && application.getLevel() >= LevelConstants.ActionLevel) {
            walk(application, env, choosing);
        } else {
            guards.add(translator.formula(node, env));
        }
    }

    private void walk(OpApplNode node, Env env, boolean choosing) {
        SymbolNode operator = node.getOperator();
        SemanticNode[] args = node.getArgs();
        String name = operator.getName().toString();
        Object bound = env.find(operator);
        if (bound instanceof Lazy lazy) {
            walk(lazy.node, Env.parameters(lazy.parameters, args, lazy.env, env), choosing);
            return;
        }
        if (operator.getKind() != ASTConstants.BuiltInKind && operator instanceof OpDefNode definition) {
            if (choosing) {
                action = name;
                for (int k = 0; k < args.length; k++) {
                    translator
                            .constantNames()
                            .put(definition.getParams()[k].getName().toString(), translator.eval(args[k], env));
                }
            }
            walk(
                    definition.getBody(),
                    Env.parameters(definition.getParams(), args, env, env),
                    choosing || name.equals(next));
            return;
        }
        switch (name) {
            case "$ConjList", "\\land" -> {
                for (SemanticNode arg : args) {
                    walk(arg, env, false);
                }
            }
            case "$DisjList", "\\lor" -> walk(args[choices.of(args.length)], env, choosing);
            case "$BoundedExists" -> {
                Env inner = translator.instance(node, env, guards);
                walk(args[0], inner, choosing);
            }
            case "$IfThenElse" -> {
                Term condition = translator.formula(args[0], env);
                boolean yes = choices.of(2) == 0;
                guards.add(yes ? condition : Term.not(condition));
                conditions.add((yes ? "" : "not ") + tree.text(args[0]));
                walk(args[yes ? 1 : 2], env, choosing);
            }
            case "$Case" -> walkCase(args, env, choosing);
            case "UNCHANGED" -> unchanged(args[0], env);
            case "=" -> {
                String variable = args[0] instanceof OpApplNode left
                                && left.getOperator().getName().equals("'")
                        ? variable(left.getArgs()[0], env)
                        : null;
                if (variable != null) {
                    equations.add(new Equation(variable, args[1], env));
                } else {
                    laterGuards.add(() -> translator.formula(node, env));
                }
            }
            default -> laterGuards.add(() -> translator.formula(node, env));
        }
    }

    private void walkCase(SemanticNode[] arms, Env env, boolean choosing) {
        boolean hasOther = Translator.isOther(((OpApplNode) arms[arms.length - 1]).getArgs()[0]);
        int guarded = hasOther ? arms.length - 1 : arms.length;
        int chosen = choices.of(guarded + 1);
        if (chosen < guarded) {
            SemanticNode[] arm = ((OpApplNode) arms[chosen]).getArgs();
            guards.add(translator.formula(arm[0], env));
            if (!choosing) {
                conditions.add(tree.text(arm[0]));
            }
            walk(arm[1], env, choosing);
            return;
        }
        for (int k = 0; k < guarded; k++) {
            guards.add(Term.not(translator.formula(((OpApplNode) arms[k]).getArgs()[0], env)));
        }
        if (hasOther) {
            conditions.add("OTHER");
            walk(((OpApplNode) arms[guarded]).getArgs()[1], env, choosing);
        } else {
            undefined = true;
            conditions.add("no arm of CASE");
        }
    }

    /** The variable that this is, be it by the name that an instance of a module has for it; null if it is none. */
    private static @Nullable String variable(SemanticNode node, Env env) {
        if (node instanceof OpApplNode application
                && application.getOperator().getKind() == ASTConstants.VariableDeclKind) {
            Object bound = env.find(application.getOperator());
            return bound instanceof Lazy lazy
                    ? variable(lazy.node, lazy.env)
                    : application.getOperator().getName().toString();
        }
        return null;
    }

    private void unchanged(SemanticNode node, Env env) {
        String variable = variable(node, env);
        if (variable != null) {
            unchanged.add(variable);
            return;
        }
        if (node instanceof OpApplNode application) {
            SymbolNode operator = application.getOperator();
            if (operator.getName().equals("$Tuple")) {
                for (SemanticNode part : application.getArgs()) {
                    unchanged(part, env);
                }
                return;
            }
            if (operator instanceof OpDefNode definition
                    && application.getArgs().length == 0
                    && operator.getKind() != ASTConstants.BuiltInKind) {
                unchanged(definition.getBody(), env);
                return;
            }
        }
        throw Translator.unknown(node, "UNCHANGED of what is no tuple of variables");
    }

    /** Says what the variables are after the step. */
    private void finish(Map<String, Kind> kinds) {
        kinds.forEach((name, kind) -> translator.variable(
                Moment.AFTER,
                name,
                translator.values.reified(kind, unchanged.contains(name) ? name : name + "'", List.of())));
        Map<String, Equation> first = new LinkedHashMap<>();
        for (Equation equation : equations) {
            boolean defines =
                    !unchanged.contains(equation.variable) && first.putIfAbsent(equation.variable, equation) == null;
            Meaning after = translator.variable(equation.variable);
            Term formula = translator.values.equal(after, translator.eval(equation.value, equation.env));
            effects.add(formula);
            if (defines) {
                String symbol = equation.variable + "'";
                Kind kind = kinds.get(equation.variable);
                if (kind instanceof Kind.Fun function && function.partial()) {
                    translator.symbols.define(symbol + ".domain", formula, Set.of(symbol, symbol + ".domain"));
                    translator.symbols.alsoBy(symbol + ".domain", equation.variable + ".domain");
                }
                translator.symbols.define(symbol, formula, Set.of(symbol, symbol + ".domain"));
                if (kind instanceof Kind.SetOf set) {
                    translator.symbols.alsoBy(symbol, equation.variable);
                    if (set.element() instanceof Kind.Rec record && record.open()) {
                        // Whatever is built of fields is looked up, so that what is new is known to be there.
                        translator.symbols.alsoBy(symbol, record.name() + ".type");
                    }
                }
            } else {
                guards.add(formula);
            }
        }
        laterGuards.forEach(guard -> guards.add(guard.get()));
    }
}
