package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Kinds;
import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Term.Apply;
import dev.checkedraft.smt.Term.Variable;
import dev.checkedraft.translation.Env.Moment;
import dev.checkedraft.translation.Meaning.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tla2sany.semantic.LetInNode;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.StringNode;

/** A translator with one rule that is wrong. */
final class FaultyTranslator extends Translator {
    /** Rules that are another's. */
    static final Map<String, String> SWAPPED = Map.ofEntries(
            Map.entry("\\union", "\\intersect"),
            Map.entry("\\", "\\union"),
            Map.entry("\\in", "\\notin"),
            Map.entry("\\lor", "\\land"),
            Map.entry("$DisjList", "$ConjList"),
            Map.entry("=>", "\\equiv"),
            Map.entry("/=", "="),
            Map.entry("$BoundedForall", "$BoundedExists"),
            Map.entry("$BoundedExists", "$BoundedForall"),
            Map.entry("\\leq", "<"),
            Map.entry(">", "\\geq"),
            Map.entry("+", "-"),
            Map.entry("*", "+"));

    /** Rules that are wrong in a way of their own. */
    static final List<String> OWN = List.of(
            "EXCEPT",
            "@",
            "CASE",
            "LET",
            "CHOOSE",
            "SubSeq",
            "Cardinality",
            "IF",
            "field",
            "prime",
            "UNCHANGED",
            "DOMAIN",
            "..",
            "Append",
            "\\o",
            "Len",
            "filter",
            "function",
            "[record]",
            "Nat",
            "at");

    private final String fault;

    FaultyTranslator(Kinds kinds, Map<String, Meaning> constants, Set<String> named, String fault) {
        super(kinds, constants, named);
        this.fault = fault;
    }

    @Override
    public Meaning eval(SemanticNode node, Env env) {
        // What a LET defines is not of the state after the step, where all is.
        return fault.equals("LET") && node instanceof LetInNode
                ? super.eval(node, env.at(Moment.BEFORE))
                : super.eval(node, env);
    }

    @Override
    public Meaning at(Meaning function, Meaning argument) {
        return fault.equals("at") && function instanceof Scalar && argument instanceof Scalar index
                ? super.at(function, Meaning.integer(plus(index.term(), 1)))
                : super.at(function, argument);
    }

    private static Term plus(Term term, int number) {
        return Term.apply("+", Term.INT, term, Term.number(number));
    }

    @Override
    protected Meaning builtIn(String name, OpApplNode node, Env env) {
        SemanticNode[] args = node.getArgs();
        if (SWAPPED.containsKey(fault)) {
            return super.builtIn(fault.equals(name) ? String.valueOf(SWAPPED.get(name)) : name, node, env);
        }
        return switch (fault + " " + name) {
            case "EXCEPT $Except" -> eval(args[0], env);
            // The old value of the whole function, not at the argument.
            case "@ $Except" -> super.builtIn(name, node, env.at(Moment.BEFORE));
            case "CASE $Case" -> eval(((OpApplNode) args[args.length - 1]).getArgs()[1], env);
            case "CHOOSE $BoundedChoose" -> any(node, env);
            case "IF $IfThenElse" ->
                values.ite(named("IF", formula(args[0], env)), eval(args[2], env), eval(args[1], env));
            case "field $RcdSelect" -> {
                String field = ((StringNode) args[1]).getRep().toString();
                yield values.field(eval(args[0], env), field.equals("from") ? "to" : field);
            }
            case "prime '" -> eval(args[0], env.at(Moment.BEFORE));
            case "UNCHANGED UNCHANGED" -> Meaning.bool(Term.TRUE);
            case "DOMAIN DOMAIN" ->
                super.builtIn(name, node, env) instanceof Meaning.Set set && set.interval() != null
                        ? withoutLast(set)
                        : super.builtIn(name, node, env);
            case "filter $SubsetOf" -> set(node.getBdedQuantBounds()[0], env);
            case "function $FcnConstructor" ->
                super.builtIn(name, node, env) instanceof Meaning.Mapping mapping
                                && mapping.domain().interval() != null
                        ? new Meaning.Mapping(
                                mapping.domain(),
                                value -> mapping.at().apply(Meaning.integer(plus(((Scalar) value).term(), 1))))
                        : super.builtIn(name, node, env);
            case "[record] $RcdConstructor" ->
                super.builtIn(name, node, env) instanceof Meaning.Rec record ? swapped(record) : null;
            default -> super.builtIn(name, node, env);
        };
    }

    /** The indexes of a sequence, but for the last. */
    private static Meaning.Set withoutLast(Meaning.Set set) {
        return new Meaning.Set(
                set.element(),
                true,
                value -> Term.and(
                        set.has().apply(value), set.has().apply(Meaning.integer(plus(((Scalar) value).term(), 1)))),
                set.interval());
    }

    private static Meaning.Rec swapped(Meaning.Rec record) {
        if (!record.fields().containsKey("from")) {
            return record;
        }
        Map<String, Meaning> fields = new LinkedHashMap<>(record.fields());
        fields.put("from", record.fields().get("to"));
        fields.put("to", record.fields().get("from"));
        return new Meaning.Rec(fields);
    }

    /** Any one of a set, whatever is said of it. */
    private Meaning any(OpApplNode node, Env env) {
        Meaning.Set set = set(node.getBdedQuantBounds()[0], env);
        Kind kind = set.element();
        Variable x = symbols.variable("x", kind);
        Term inside = Term.and(set.has().apply(new Scalar(x, kind)), Term.equal(x, x));
        List<Variable> free = new ArrayList<>(inside.free());
        free.remove(x);
        Term key = new Term.Quantified(true, List.of(x), inside, List.of());
        return new Scalar(symbols.named("CHOOSE", free, kind.sort(), key, symbol -> Term.TRUE), kind);
    }

    @Override
    protected Meaning standard(String name, OpApplNode node, Env env) {
        if (SWAPPED.containsKey(fault)) {
            return super.standard(fault.equals(name) ? String.valueOf(SWAPPED.get(name)) : name, node, env);
        }
        Meaning meaning = super.standard(name, node, env);
        if (!fault.equals(name)) {
            return meaning;
        }
        if (name.equals("..")) {
            Meaning.Set set = (Meaning.Set) meaning;
            return withoutLast(set);
        }
        if (name.equals("Nat")) {
            return new Meaning.Set(Kinds.INT, false, value -> Term.TRUE);
        }
        Scalar scalar = (Scalar) meaning;
        Apply apply = (Apply) scalar.term();
        return switch (name) {
            case "SubSeq" ->
                new Scalar(
                        new Apply(
                                apply.function(),
                                List.of(apply.argument(0), apply.argument(1), plus(apply.argument(2), -1)),
                                apply.sort()),
                        scalar.kind());
            case "Append" -> new Scalar(apply.argument(0), scalar.kind());
            case "\\o" ->
                new Scalar(
                        new Apply(apply.function(), List.of(apply.argument(1), apply.argument(0)), apply.sort()),
                        scalar.kind());
            default -> Meaning.integer(plus(apply, 1));
        };
    }
}
