package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Kinds;
import dev.checkedraft.smt.NormalForm;
import dev.checkedraft.smt.Symbols;
import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Term.Variable;
import dev.checkedraft.smt.Untranslatable;
import dev.checkedraft.translation.Env.Lazy;
import dev.checkedraft.translation.Env.Moment;
import dev.checkedraft.translation.Meaning.Mapping;
import dev.checkedraft.translation.Meaning.Scalar;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tla2sany.semantic.ASTConstants;
import tla2sany.semantic.AtNode;
import tla2sany.semantic.LetInNode;
import tla2sany.semantic.NumeralNode;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.StringNode;
import tla2sany.semantic.Subst;
import tla2sany.semantic.SubstInNode;
import tla2sany.semantic.SymbolNode;

/** What expressions of the spec are in SMT-LIB, for one step: each variable has a value before it and one after it. */
public class Translator {
    /** How a translator is made; tests make wrong ones. */
    public interface Factory {
        /**
         * Makes one.
         *
         * @param constants what the constants of the spec are
         * @param named operators that get a symbol of their own
         */
        Translator make(Kinds kinds, Map<String, Meaning> constants, Set<String> named);
    }

    public final Symbols symbols = new Symbols();
    public final Values values;
    /** Clauses of what proofs use, by its name. */
    public final Map<String, List<Term>> prepared = new HashMap<>();

    private final Kinds kinds;
    /** Operators that get a symbol of their own, and are not expanded where they are used. */
    private final Set<String> named;

    private final Map<Moment, Map<String, Meaning>> variables = new EnumMap<>(Moment.class);
    private final Map<String, Meaning> constants;
    private final Map<String, Meaning> constantNames = new HashMap<>();

    public Translator(Kinds kinds, Map<String, Meaning> constants, Set<String> named) {
        this.values = new Values(symbols, kinds);
        this.kinds = kinds;
        this.constants = constants;
        this.named = named;
        variables.put(Moment.BEFORE, new HashMap<>());
        variables.put(Moment.AFTER, new HashMap<>());
    }

    private SetTranslator sets() {
        return new SetTranslator(this, kinds);
    }

    /** Says what a variable is at a moment. */
    public void variable(Moment moment, String name, Meaning value) {
        of(moment).put(name, value);
    }

    /** What the names of constants stand for that the walk through a step gave. */
    public Map<String, Meaning> constantNames() {
        return constantNames;
    }

    /** What a variable is after the step. */
    public Meaning variable(String name) {
        Meaning value = of(Moment.AFTER).get(name);
        if (value == null) {
            throw new Untranslatable(name + " is no variable");
        }
        return value;
    }

    /** The environment in which what an "exists" binds are constants; that they are in their sets is added to the guards. */
    public Env instance(OpApplNode node, Env env, List<Term> guards) {
        return sets().instance(node, env, guards);
    }

    private Map<String, Meaning> of(Moment moment) {
        Map<String, Meaning> all = variables.get(moment);
        if (all == null) {
            throw new IllegalStateException();
        }
        return all;
    }

    // ------------------------------------------------------------------------------------------------------ by kinds

    public Term formula(SemanticNode node, Env env) {
        return values.term(eval(node, env), Kinds.BOOL);
    }

    public Term integer(SemanticNode node, Env env) {
        return values.term(eval(node, env), Kinds.INT);
    }

    public Meaning.Set set(SemanticNode node, Env env) {
        if (eval(node, env) instanceof Meaning.Set set) {
            return set;
        }
        throw unknown(node, "no set");
    }

    public static Untranslatable unknown(SemanticNode node, String what) {
        return new Untranslatable(node.getLocation() + ": " + what);
    }

    // --------------------------------------------------------------------------------------------------- expressions

    public Meaning eval(SemanticNode node, Env env) {
        try {
            return plain(node, env);
        } catch (Untranslatable e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith("line ") ? e : unknown(node, message);
        }
    }

    private Meaning plain(SemanticNode node, Env env) {
        if (node instanceof NumeralNode numeral) {
            return Meaning.integer(Term.number(numeral.val()));
        }
        if (node instanceof StringNode string) {
            String name = "\"" + string.getRep() + "\"";
            symbols.declare(name, List.of(), Kinds.TEXT.sort());
            return new Scalar(Term.apply(name, Kinds.TEXT.sort()), Kinds.TEXT);
        }
        if (node instanceof AtNode && env.at() != null) {
            return env.at();
        }
        if (node instanceof LetInNode let) {
            return eval(let.getBody(), let(let, env));
        }
        if (node instanceof SubstInNode instance) {
            return eval(instance.getBody(), substituted(instance, env));
        }
        if (node instanceof OpApplNode application) {
            return application(application, env);
        }
        throw unknown(node, "nothing that can be translated");
    }

    public static Env let(LetInNode let, Env env) {
        Env inner = env;
        for (OpDefNode definition : let.getLets()) {
            inner = inner.with(
                    definition,
                    new Lazy(
                            definition.getBody(),
                            inner,
                            definition.getParams(),
                            definition.getName().toString()));
        }
        return inner;
    }

    public static Env substituted(SubstInNode instance, Env env) {
        Env inner = env;
        for (Subst subst : instance.getSubsts()) {
            inner = inner.with(subst.getOp(), new Lazy(subst.getExpr(), env, new SymbolNode[0], null));
        }
        return inner;
    }

    private Meaning application(OpApplNode node, Env env) {
        SymbolNode operator = node.getOperator();
        String name = operator.getName().toString();
        SemanticNode[] arguments = node.getArgs();
        Object bound = env.find(operator);
        if (bound instanceof Meaning meaning) {
            return meaning;
        }
        if (bound instanceof Lazy lazy) {
            return lazy.parameters.length == 0
                    ? force(lazy, env.moment())
                    : eval(lazy.node, parameters(lazy.parameters, arguments, lazy.env.at(env.moment()), env));
        }
        if (operator.getKind() == ASTConstants.VariableDeclKind) {
            Meaning value = of(env.moment()).get(name);
            if (value == null) {
                throw unknown(node, name + " has no value here");
            }
            return value;
        }
        if (operator.getKind() == ASTConstants.ConstantDeclKind) {
            Meaning value = constants.get(name);
            if (value == null) {
                throw unknown(node, "a constant of no known kind: " + name);
            }
            return value;
        }
        if (operator.getKind() == ASTConstants.BuiltInKind) {
            return builtIn(name, node, env);
        }
        if (operator instanceof OpDefNode definition) {
            if (SpecTree.isStandard(definition)) {
                return standard(name, node, env);
            }
            Env inner = parameters(definition.getParams(), arguments, env, env);
            return named.contains(name) ? named(name, definition, inner) : eval(definition.getBody(), inner);
        }
        throw unknown(node, "an operator that is not known: " + name);
    }

    public static Env parameters(SymbolNode[] parameters, SemanticNode[] arguments, Env definition, Env use) {
        Env inner = definition;
        for (int k = 0; k < parameters.length; k++) {
            inner = inner.with(parameters[k], new Lazy(arguments[k], use, new SymbolNode[0], null));
        }
        return inner;
    }

    /** The value of a definition; one that a LET makes, and that depends on nothing bound, gets its name as a constant. */
    private Meaning force(Lazy lazy, Moment moment) {
        Meaning known = lazy.known.get(moment);
        if (known != null) {
            return known;
        }
        Meaning value = eval(lazy.node, lazy.env.at(moment));
        if (lazy.name != null
                && value instanceof Scalar scalar
                && scalar.term().free().isEmpty()
                && scalar.term() instanceof Term.Apply apply
                && !apply.arguments().isEmpty()) {
            value = new Scalar(named(lazy.name, scalar.term()), scalar.kind());
            constantNames.putIfAbsent(lazy.name, value);
        } else if (lazy.name != null
                && value instanceof Scalar scalar
                && scalar.term().free().isEmpty()) {
            constantNames.putIfAbsent(lazy.name, value);
        }
        lazy.known.put(moment, value);
        return value;
    }

    /** A symbol that is defined as equal to this term. */
    public Term named(String name, Term term) {
        List<Variable> free = List.copyOf(term.free());
        return symbols.named(name, free, term.sort(), term, symbol -> Term.equal(symbol, term));
    }

    /** An operator under its own name: a function of its parameters and, if it is a set, of what may be in it. */
    private Meaning named(String name, OpDefNode definition, Env env) {
        List<Variable> parameters = new ArrayList<>();
        Map<Variable, Term> arguments = new LinkedHashMap<>();
        Env inner = env;
        for (SymbolNode parameter : definition.getParams()) {
            Object argument = env.find(parameter);
            if (!(argument instanceof Lazy lazy) || !(force(lazy, env.moment()) instanceof Scalar scalar)) {
                throw new Untranslatable("an argument of " + name + " that is no single term");
            }
            Variable variable = symbols.variable(parameter.getName().toString(), scalar.kind());
            parameters.add(variable);
            arguments.put(variable, scalar.term());
            inner = inner.with(parameter, new Scalar(variable, scalar.kind()));
        }
        Meaning body = eval(definition.getBody(), inner);
        if (body instanceof Scalar scalar) {
            Term symbol = symbols.operator(name, parameters, scalar.kind().sort(), scalar.term());
            return new Scalar(Term.substitute(symbol, arguments), scalar.kind());
        }
        if (body instanceof Meaning.Set set && set.element() != null) {
            Kind element = set.element();
            return new Meaning.Set(element, set.finite(), value -> {
                List<Variable> elements = values.variables("e", element);
                Term inside = set.has().apply(Values.unflat(element, elements.iterator()));
                Term symbol = symbols.operator(name, NormalForm.join(parameters, elements), Term.BOOL, inside);
                Map<Variable, Term> all = new HashMap<>(arguments);
                List<Term> terms = values.flat(value, element);
                for (int k = 0; k < terms.size(); k++) {
                    all.put(elements.get(k), terms.get(k));
                }
                return Term.substitute(symbol, all);
            });
        }
        throw new Untranslatable(name + " is neither a term nor a set");
    }

    // ------------------------------------------------------------------------------------------------------ built-ins

    protected Meaning builtIn(String name, OpApplNode node, Env env) {
        SemanticNode[] args = node.getArgs();
        return switch (name) {
            case "TRUE", "FALSE" -> Meaning.bool(Term.bool(name.equals("TRUE")));
            case "$ConjList", "\\land" -> Meaning.bool(Term.and(formulas(args, env)));
            case "$DisjList", "\\lor" -> Meaning.bool(Term.or(formulas(args, env)));
            case "\\lnot", "\\neg" -> Meaning.bool(Term.not(formula(args[0], env)));
            case "=>" -> Meaning.bool(Term.implies(formula(args[0], env), formula(args[1], env)));
            case "\\equiv" -> Meaning.bool(Term.equal(formula(args[0], env), formula(args[1], env)));
            case "=" -> Meaning.bool(values.equal(eval(args[0], env), eval(args[1], env)));
            case "/=", "#" -> Meaning.bool(Term.not(values.equal(eval(args[0], env), eval(args[1], env))));
            case "'" -> eval(args[0], env.at(Moment.AFTER));
            case "UNCHANGED" ->
                Meaning.bool(values.equal(eval(args[0], env.at(Moment.AFTER)), eval(args[0], env.at(Moment.BEFORE))));
            case "[]" -> eval(args[0], env);
            case "$SquareAct" -> {
                Term stutters = values.equal(eval(args[1], env.at(Moment.AFTER)), eval(args[1], env.at(Moment.BEFORE)));
                yield Meaning.bool(Term.or(formula(args[0], env), stutters));
            }
            case "$IfThenElse" -> choose(formula(args[0], env), eval(args[1], env), eval(args[2], env));
            case "$Case" -> cases(node, env);
            case "$Tuple" -> {
                List<Meaning> parts = new ArrayList<>();
                for (SemanticNode arg : args) {
                    parts.add(eval(arg, env));
                }
                yield new Meaning.Tuple(parts);
            }
            case "$RcdConstructor" -> {
                Map<String, Meaning> fields = new LinkedHashMap<>();
                for (SemanticNode arg : args) {
                    SemanticNode[] pair = ((OpApplNode) arg).getArgs();
                    fields.put(((StringNode) pair[0]).getRep().toString(), eval(pair[1], env));
                }
                yield new Meaning.Rec(fields);
            }
            case "$RcdSelect" ->
                values.field(eval(args[0], env), ((StringNode) args[1]).getRep().toString());
            case "$FcnApply" -> at(eval(args[0], env), eval(args[1], env));
            case "$Except" -> except(node, env);
            default -> sets().builtIn(name, node, env);
        };
    }

    private List<Term> formulas(SemanticNode[] nodes, Env env) {
        List<Term> terms = new ArrayList<>();
        for (SemanticNode node : nodes) {
            terms.add(formula(node, env));
        }
        return terms;
    }

    /** One of two values; a condition that quantifies gets a name, unless it can be said with the formulas. */
    private Meaning choose(Term condition, Meaning yes, Meaning no) {
        boolean formulas = yes instanceof Scalar scalar && scalar.kind().equals(Kinds.BOOL);
        boolean names = !formulas && Term.hasQuantifier(condition);
        return values.ite(names ? named("IF", condition) : condition, yes, no);
    }

    private Meaning cases(OpApplNode node, Env env) {
        SemanticNode[] arms = node.getArgs();
        Meaning result = null;
        for (int k = arms.length - 1; k >= 0; k--) {
            SemanticNode[] arm = ((OpApplNode) arms[k]).getArgs();
            Meaning value = eval(arm[1], env);
            if (isOther(arm[0])) {
                result = value;
            } else if (result == null) {
                throw unknown(node, "CASE without OTHER");
            } else {
                result = choose(formula(arm[0], env), value, result);
            }
        }
        if (result == null) {
            throw unknown(node, "CASE of nothing");
        }
        return result;
    }

    @SuppressWarnings("nullness:redundantNullnessComparison") // SANY has null for OTHER
    public static boolean isOther(SemanticNode guard) {
        return guard == null;
    }

    /** A function, sequence or tuple at an argument. */
    public Meaning at(Meaning function, Meaning argument) {
        if (function instanceof Mapping mapping) {
            return mapping.at().apply(argument);
        }
        if (function instanceof Scalar scalar && scalar.kind() instanceof Kind.Seq kind) {
            return new Scalar(Values.at(scalar.term(), values.term(argument, Kinds.INT), kind), kind.element());
        }
        if (function instanceof Meaning.Tuple tuple && argument instanceof Scalar scalar) {
            for (int k = 0; k < tuple.parts().size(); k++) {
                if (scalar.term().equals(Term.number(k + 1))) {
                    return tuple.parts().get(k);
                }
            }
        }
        throw new Untranslatable("no function: " + function);
    }

    /** {@code [f EXCEPT ![a][b] = e, ...]}. */
    private Meaning except(OpApplNode node, Env env) {
        SemanticNode[] args = node.getArgs();
        Meaning function = eval(args[0], env);
        for (int k = 1; k < args.length; k++) {
            SemanticNode[] pair = ((OpApplNode) args[k]).getArgs();
            function = except(function, ((OpApplNode) pair[0]).getArgs(), 0, pair[1], env);
        }
        return function;
    }

    private Meaning except(Meaning old, SemanticNode[] path, int from, SemanticNode value, Env env) {
        if (from == path.length) {
            return eval(value, env.withAt(old));
        }
        if (path[from] instanceof StringNode field && old instanceof Meaning.Rec record) {
            Map<String, Meaning> fields = new LinkedHashMap<>(record.fields());
            String name = field.getRep().toString();
            fields.put(name, except(values.field(record, name), path, from + 1, value, env));
            return new Meaning.Rec(fields);
        }
        if (!(old instanceof Mapping mapping)) {
            throw unknown(value, "EXCEPT of what is no function");
        }
        Meaning index = eval(path[from], env);
        Meaning changed = except(mapping.at().apply(index), path, from + 1, value, env);
        return new Mapping(
                mapping.domain(),
                argument -> values.ite(
                        values.equal(argument, index), changed, mapping.at().apply(argument)));
    }

    // ---------------------------------------------------------------------------------------------- standard modules

    protected Meaning standard(String name, OpApplNode node, Env env) {
        SemanticNode[] args = node.getArgs();
        return switch (name) {
            case "+", "-", "*" ->
                Meaning.integer(Term.apply(name, Term.INT, integer(args[0], env), integer(args[1], env)));
            case "<", ">" -> Meaning.bool(Term.apply("<", Term.BOOL, ordered(name.equals(">"), args, env)));
            case "<=", "\\leq", "=<", ">=", "\\geq" ->
                Meaning.bool(
                        Term.apply("<=", Term.BOOL, ordered(name.startsWith(">") || name.equals("\\geq"), args, env)));
            case "Len" -> {
                Scalar scalar = values.sequence(eval(args[0], env));
                if (scalar != null && scalar.kind() instanceof Kind.Seq kind) {
                    yield Meaning.integer(Values.length(scalar.term(), kind));
                }
                throw unknown(node, "the length of what is no sequence");
            }
            case "Append", "SubSeq", "\\o" -> sequence(name, node, env);
            default -> sets().standard(name, node, env);
        };
    }

    private Term[] ordered(boolean reversed, SemanticNode[] args, Env env) {
        return new Term[] {integer(args[reversed ? 1 : 0], env), integer(args[reversed ? 0 : 1], env)};
    }

    private Meaning sequence(String name, OpApplNode node, Env env) {
        SemanticNode[] args = node.getArgs();
        Scalar first = values.sequence(eval(args[0], env));
        if (first == null || !(first.kind() instanceof Kind.Seq kind)) {
            throw unknown(node, name + " of what is no sequence");
        }
        List<Term> terms = new ArrayList<>(List.of(first.term()));
        for (int k = 1; k < args.length; k++) {
            Kind expected = name.equals("\\o") ? kind : name.equals("Append") ? kind.element() : Kinds.INT;
            terms.add(values.term(eval(args[k], env), expected));
        }
        String function = name.equals("\\o") ? "concat" : name.equals("Append") ? "append" : "subSeq";
        return new Scalar(new Term.Apply(function + "." + kind.element().sort(), terms, kind.sort()), kind);
    }
}
