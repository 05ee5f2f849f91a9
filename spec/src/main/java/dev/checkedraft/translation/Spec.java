package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Kinds;
import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Theory;
import dev.checkedraft.smt.Untranslatable;
import dev.checkedraft.translation.Env.Moment;
import dev.checkedraft.translation.Meaning.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tla2sany.semantic.ASTConstants;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.SubstInNode;

/** A spec that can be translated: its tree, and of what kind its constants and variables are. */
public final class Spec {
    public final SpecTree tree;
    public final Kinds kinds;
    private final Set<String> named;
    private final Translator.Factory translators;
    /** The kinds of the variables, in the order of their declaration. */
    private final Map<String, Kind> variables = new LinkedHashMap<>();

    /**
     * A spec whose variables are of the kinds that these operators say.
     *
     * @param named operators that get symbols of their own
     */
    public Spec(SpecTree tree, List<String> typing, Set<String> named) {
        this(tree, typing, named, Translator::new);
    }

    /** The same, with other translators. */
    Spec(SpecTree tree, List<String> typing, Set<String> named, Translator.Factory translators) {
        this.tree = tree;
        this.named = named;
        this.translators = translators;
        kinds = new Kinds(tree.recordNames());
        Map<String, Kind> found = new LinkedHashMap<>();
        Translator translator = translator();
        for (String name : typing) {
            kinds(tree.definition(name).getBody(), Env.of(Moment.BEFORE), translator, found);
        }
        for (String variable : tree.variables()) {
            Kind kind = found.get(variable);
            if (kind == null) {
                throw new Untranslatable("none of " + typing + " says what " + variable + " is");
            }
            variables.put(variable, kind);
        }
    }

    public Translator translator() {
        Translator translator = translators.make(kinds, CONSTANTS, named);
        NUMBERS.forEach(name -> translator.symbols.declare(name, List.of(), Term.INT));
        return translator;
    }

    public Map<String, Kind> variables() {
        return variables;
    }

    public List<Step> steps(String whole, String next) {
        return Step.all(tree, whole, next, variables, this::translator);
    }

    /** A translator with one state only, that before a step. */
    public Translator state() {
        Translator translator = translator();
        variables.forEach((name, kind) ->
                translator.variable(Moment.BEFORE, name, translator.values.reified(kind, name, List.of())));
        return translator;
    }

    /** What an assumption of the spec says of its constants. */
    public Term assumption(String name, Translator translator) {
        return translator.formula(tree.assumption(name), Env.of(Moment.BEFORE));
    }

    /**
     * The theory of what is in the variables.
     *
     * @param servers how many servers there are; 0 for any number
     */
    public Theory theory(int servers) {
        List<String> elements = new ArrayList<>();
        variables.values().forEach(kind -> elements(kind, elements));
        return servers == 0 ? Theory.of(elements) : Theory.of(elements, servers);
    }

    /** Adds the sorts of things of which there are sequences. */
    private static void elements(Kind kind, List<String> elements) {
        if (kind instanceof Kind.Seq sequence
                && !elements.contains(sequence.element().sort())) {
            elements.add(sequence.element().sort());
            elements(sequence.element(), elements);
        } else if (kind instanceof Kind.Rec record) {
            record.fields().values().forEach(field -> elements(field, elements));
        } else if (kind instanceof Kind.SetOf set) {
            elements(set.element(), elements);
        } else if (kind instanceof Kind.Fun function) {
            elements(function.result(), elements);
        } else if (kind instanceof Kind.Tuple tuple) {
            tuple.parts().forEach(part -> elements(part, elements));
        }
    }

    private static final Term NIL = Term.apply("nil", "Vote");

    /** What the constants are. A value is anything that an entry may carry, the no-op included. */
    private static final Map<String, Meaning> CONSTANTS = Map.of(
            "Server", new Meaning.Set(Kinds.SERVER, true, Spec::isServer),
            "Nil", new Scalar(NIL, Kinds.VOTE),
            "Value", new Meaning.Set(Kinds.VALUE, false, Spec::isValue),
            "NoOp", new Scalar(Term.apply("noOp", "Value"), Kinds.VALUE),
            "ElectionQuorum", Meaning.integer(Term.apply("ElectionQuorum", Term.INT)),
            "CommitQuorum", Meaning.integer(Term.apply("CommitQuorum", Term.INT)),
            "Majority", Meaning.integer(Term.apply("Majority", Term.INT)));

    private static final Set<String> NUMBERS = Set.of("ElectionQuorum", "CommitQuorum", "Majority");

    private static Term isServer(Meaning value) {
        if (value instanceof Scalar scalar && scalar.kind().equals(Kinds.VOTE)) {
            return Term.not(Term.equal(scalar.term(), NIL));
        }
        return Term.bool(value instanceof Scalar scalar && scalar.kind().equals(Kinds.SERVER));
    }

    private static Term isValue(Meaning value) {
        return value instanceof Scalar scalar && scalar.kind().equals(Kinds.VALUE)
                ? Term.apply("isValue", Term.BOOL, scalar.term())
                : Term.FALSE;
    }

    /** Finds conjuncts {@code v \in S}, {@code v \subseteq S} and {@code \A x \in D : v[x] \in S}. */
    private static void kinds(SemanticNode node, Env env, Translator translator, Map<String, Kind> found) {
        if (node instanceof SubstInNode instance) {
            kinds(instance.getBody(), Env.substituted(instance, env), translator, found);
        }
        if (!(node instanceof OpApplNode application)) {
            return;
        }
        if (application.getOperator() instanceof OpDefNode definition
                && definition.getKind() != ASTConstants.BuiltInKind
                && !SpecTree.isStandard(definition)
                && application.getArgs().length == 0) {
            kinds(definition.getBody(), env, translator, found);
        }
        SemanticNode[] args = application.getArgs();
        switch (application.getOperator().getName().toString()) {
            case "$ConjList", "\\land" -> {
                for (SemanticNode arg : args) {
                    kinds(arg, env, translator, found);
                }
            }
            case "\\in" -> {
                String variable = variable(args[0]);
                Kind kind =
                        variable == null ? null : translator.set(args[1], env).element();
                if (variable != null && kind != null) {
                    found.put(variable, kind);
                }
            }
            case "\\subseteq" -> {
                String variable = variable(args[0]);
                Kind kind =
                        variable == null ? null : translator.set(args[1], env).element();
                if (variable != null && kind != null) {
                    found.put(variable, new Kind.SetOf(kind));
                }
            }
            case "$BoundedForall" -> {
                if (args[0] instanceof OpApplNode in
                        && in.getOperator().getName().equals("\\in")
                        && in.getArgs()[0] instanceof OpApplNode at
                        && at.getOperator().getName().equals("$FcnApply")) {
                    String variable = variable(at.getArgs()[0]);
                    Kind kind = variable == null
                            ? null
                            : translator.set(in.getArgs()[1], env).element();
                    if (variable != null && kind != null) {
                        found.put(variable, new Kind.Fun(Kinds.INT, kind, true));
                    }
                }
            }
            default -> {}
        }
    }

    private static @Nullable String variable(SemanticNode node) {
        return node instanceof OpApplNode application
                        && application.getOperator().getKind() == ASTConstants.VariableDeclKind
                ? application.getOperator().getName().toString()
                : null;
    }
}
