package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Kinds;
import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Term.Variable;
import dev.checkedraft.smt.Untranslatable;
import dev.checkedraft.translation.Meaning.Interval;
import dev.checkedraft.translation.Meaning.Mapping;
import dev.checkedraft.translation.Meaning.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;
import tla2sany.semantic.FormalParamNode;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.StringNode;

/** Sets, what is bound to range over them, and what is made by that. */
public final class SetTranslator {
    private static final Meaning.Set EMPTY = new Meaning.Set(null, true, value -> Term.FALSE);

    private final Translator translator;
    private final Kinds kinds;

    public SetTranslator(Translator translator, Kinds kinds) {
        this.translator = translator;
        this.kinds = kinds;
    }

    public Meaning builtIn(String name, OpApplNode node, Env env) {
        SemanticNode[] args = node.getArgs();
        return switch (name) {
            case "$BoundedForall", "$BoundedExists" ->
                Meaning.bool(quantified(name.equals("$BoundedForall"), node, env));
            case "$BoundedChoose" -> new Choice(translator).of(node, env);
            case "$SubsetOf" -> filtered(node, env);
            case "$SetOfAll" -> mapped(node, env);
            case "$FcnConstructor" -> function(node, env);
            case "$SetEnumerate" -> enumerated(args, env);
            case "$SetOfRcds" -> records(args, env);
            case "$SetOfFcns" -> functions(set(args[0], env), set(args[1], env));
            case "$CartesianProd" -> product(args, env);
            case "\\in" -> Meaning.bool(set(args[1], env).has().apply(translator.eval(args[0], env)));
            case "\\notin" -> Meaning.bool(Term.not(set(args[1], env).has().apply(translator.eval(args[0], env))));
            case "\\subseteq" -> Meaning.bool(subset(set(args[0], env), set(args[1], env)));
            case "\\union", "\\cup", "\\intersect", "\\cap", "\\" ->
                combined(name, set(args[0], env), set(args[1], env));
            case "SUBSET" -> {
                Meaning.Set all = set(args[0], env);
                Kind element = all.element();
                yield new Meaning.Set(
                        element == null ? null : new Kind.SetOf(element),
                        all.finite(),
                        value -> subset((Meaning.Set) value, all));
            }
            case "DOMAIN" -> domain(translator.eval(args[0], env));
            case "BOOLEAN" ->
                new Meaning.Set(
                        Kinds.BOOL,
                        true,
                        value -> Term.bool(
                                value instanceof Scalar scalar && scalar.kind().equals(Kinds.BOOL)));
            default -> throw Translator.unknown(node, "not translated: " + name);
        };
    }

    public Meaning standard(String name, OpApplNode node, Env env) {
        SemanticNode[] args = node.getArgs();
        return switch (name) {
            case "Nat" -> new Meaning.Set(Kinds.INT, false, value -> Term.atMost(Term.number(0), integer(value)));
            case ".." -> interval(translator.integer(args[0], env), translator.integer(args[1], env));
            case "Seq" -> sequences(set(args[0], env));
            case "Cardinality" -> Meaning.integer(Term.apply("card", Term.INT, object(set(args[0], env))));
            case "IsFiniteSet" -> Meaning.bool(Term.bool(set(args[0], env).finite()));
            default -> throw Translator.unknown(node, "not translated: " + name);
        };
    }

    private Meaning.Set set(SemanticNode node, Env env) {
        return translator.set(node, env);
    }

    private Values values() {
        return translator.values;
    }

    private Term integer(Meaning value) {
        return values().term(value, Kinds.INT);
    }

    // ---------------------------------------------------------------------------------------------------------- sets

    private static Meaning.Set interval(Term low, Term high) {
        return new Meaning.Set(
                Kinds.INT,
                true,
                value -> value instanceof Scalar scalar && scalar.kind().equals(Kinds.INT)
                        ? Term.between(low, scalar.term(), high)
                        : Term.FALSE,
                new Interval(low, high));
    }

    private static Meaning.Set domain(Meaning function) {
        if (function instanceof Mapping mapping) {
            return mapping.domain();
        }
        if (function instanceof Scalar scalar && scalar.kind() instanceof Kind.Seq kind) {
            return interval(Term.number(1), Values.length(scalar.term(), kind));
        }
        throw new Untranslatable("the domain of what is no function");
    }

    private Meaning.Set sequences(Meaning.Set elements) {
        Kind element = elements.element();
        if (element == null) {
            return new Meaning.Set(null, false, value -> Term.FALSE);
        }
        Kind.Seq kind = new Kind.Seq(element);
        return new Meaning.Set(kind, false, value -> {
            Term sequence = values().term(value, kind);
            return values().all(
                            "k",
                            Kinds.INT,
                            (index, vs) -> Term.implies(
                                    domain(new Scalar(sequence, kind)).has().apply(index),
                                    elements.has().apply(translator.at(new Scalar(sequence, kind), index))));
        });
    }

    private Meaning.Set enumerated(SemanticNode[] args, Env env) {
        List<Meaning> elements = new ArrayList<>();
        Kind kind = null;
        for (SemanticNode arg : args) {
            Meaning element = translator.eval(arg, env);
            elements.add(element);
            kind = Kinds.join(kind, values().kind(element));
        }
        if (elements.isEmpty()) {
            return EMPTY;
        }
        return new Meaning.Set(
                kind,
                true,
                value -> Term.or(
                        elements.stream().map(e -> values().equal(value, e)).toList()));
    }

    private static Meaning.Set combined(String name, Meaning.Set a, Meaning.Set b) {
        boolean union = name.equals("\\union") || name.equals("\\cup");
        boolean without = name.equals("\\");
        return new Meaning.Set(
                without ? a.element() : Kinds.join(a.element(), b.element()),
                union ? a.finite() && b.finite() : a.finite() || (!without && b.finite()),
                value -> {
                    Term in = a.has().apply(value);
                    Term other = b.has().apply(value);
                    return union ? Term.or(in, other) : Term.and(in, without ? Term.not(other) : other);
                });
    }

    private Term subset(Meaning.Set a, Meaning.Set b) {
        Kind kind = a.element();
        return kind == null
                ? Term.TRUE
                : values().all(
                                "x",
                                kind,
                                (value, vs) -> Term.implies(
                                        a.has().apply(value), b.has().apply(value)));
    }

    private Meaning.Set records(SemanticNode[] args, Env env) {
        Map<String, Meaning.Set> sets = new LinkedHashMap<>();
        Map<String, Kind> fields = new LinkedHashMap<>();
        for (SemanticNode arg : args) {
            SemanticNode[] pair = ((OpApplNode) arg).getArgs();
            String name = ((StringNode) pair[0]).getRep().toString();
            Meaning.Set set = set(pair[1], env);
            sets.put(name, set);
            if (set.element() != null) {
                fields.put(name, set.element());
            }
        }
        return new Meaning.Set(kinds.record(fields), false, value -> {
            List<Term> terms = new ArrayList<>();
            sets.forEach((name, set) -> terms.add(set.has().apply(values().field(value, name))));
            return Term.and(terms);
        });
    }

    private Meaning.Set functions(Meaning.Set from, Meaning.Set to) {
        Kind argument = from.element();
        Kind result = to.element();
        if (argument == null || result == null) {
            throw new Untranslatable("functions of or to nothing");
        }
        return new Meaning.Set(new Kind.Fun(argument, result, false), false, value -> {
            if (!(value instanceof Mapping mapping)) {
                throw new Untranslatable("no function: " + value);
            }
            return Term.and(
                    values().equal(mapping.domain(), from),
                    values().all(
                                    "x",
                                    argument,
                                    (x, vs) -> Term.implies(
                                            from.has().apply(x),
                                            to.has().apply(mapping.at().apply(x)))));
        });
    }

    private Meaning.Set product(SemanticNode[] args, Env env) {
        List<Meaning.Set> sets = new ArrayList<>();
        List<Kind> parts = new ArrayList<>();
        for (SemanticNode arg : args) {
            Meaning.Set set = set(arg, env);
            Kind kind = set.element();
            if (kind == null) {
                return EMPTY;
            }
            sets.add(set);
            parts.add(kind);
        }
        return new Meaning.Set(new Kind.Tuple(parts), sets.stream().allMatch(Meaning.Set::finite), value -> {
            if (!(value instanceof Meaning.Tuple tuple) || tuple.parts().size() != sets.size()) {
                return Term.FALSE;
            }
            List<Term> terms = new ArrayList<>();
            for (int k = 0; k < sets.size(); k++) {
                terms.add(sets.get(k).has().apply(tuple.parts().get(k)));
            }
            return Term.and(terms);
        });
    }

    /** A set of servers as a term: a name for it, defined by who is in it. */
    private Term object(Meaning.Set set) {
        Variable server = translator.symbols.variable("server", Kinds.SERVER);
        Term inside = set.element() == null ? Term.FALSE : set.has().apply(new Scalar(server, Kinds.SERVER));
        if (inside.equals(Term.TRUE)) {
            return Term.apply("everyone", "Servers");
        }
        List<Variable> free = new ArrayList<>(inside.free());
        free.remove(server);
        Term key = Term.forall(List.of(server), Term.apply("in", Term.BOOL, server, inside));
        return translator.symbols.named("set", free, "Servers", key, name -> {
            Term member = Term.apply("member", Term.BOOL, server, name);
            return new Term.Quantified(true, List.of(server), Term.equal(member, inside), List.of(List.of(member)));
        });
    }

    // -------------------------------------------------------------------------------------------------------- binding

    /** What is bound, with the variables that stand for it and the formula that it is in its set. */
    private record Binding(Env env, List<Variable> variables, Term guard) {}

    public Env instance(OpApplNode node, Env env, List<Term> guards) {
        Binding bound = bind(node, env, name -> kind -> {
            Term constant = translator.symbols.constant(name, kind.sort());
            translator.constantNames().put(name, new Scalar(constant, kind));
            return List.of(constant);
        });
        guards.add(bound.guard);
        return bound.env;
    }

    private Binding bind(OpApplNode node, Env env) {
        List<Variable> variables = new ArrayList<>();
        Binding bound = bind(node, env, name -> kind -> {
            List<Variable> own = values().variables(name, kind);
            variables.addAll(own);
            return own;
        });
        return new Binding(bound.env, variables, bound.guard);
    }

    private Binding bind(OpApplNode node, Env env, Function<String, Function<Kind, List<? extends Term>>> terms) {
        FormalParamNode[][] groups = node.getBdedQuantSymbolLists();
        List<Term> guards = new ArrayList<>();
        Env inner = env;
        for (int group = 0; group < groups.length; group++) {
            Meaning.Set set = set(node.getBdedQuantBounds()[group], env);
            boolean tuple = node.isBdedQuantATuple()[group];
            int count = tuple ? 1 : groups[group].length;
            for (int k = 0; k < count; k++) {
                Kind kind = set.element();
                if (kind == null) {
                    guards.add(Term.FALSE);
                    kind = Kinds.INT;
                }
                Meaning value = Values.unflat(
                        kind,
                        terms.apply(groups[group][k].getName().toString())
                                .apply(kind)
                                .iterator());
                guards.add(set.has().apply(value));
                if (!tuple) {
                    inner = inner.with(groups[group][k], value);
                } else if (value instanceof Meaning.Tuple parts) {
                    for (int part = 0; part < groups[group].length; part++) {
                        inner = inner.with(groups[group][part], parts.parts().get(part));
                    }
                }
            }
        }
        return new Binding(inner, List.of(), Term.and(guards));
    }

    private Term quantified(boolean forall, OpApplNode node, Env env) {
        Binding bound = bind(node, env);
        if (bound.guard.equals(Term.FALSE)) {
            return Term.bool(forall);
        }
        Term body = translator.formula(node.getArgs()[0], bound.env);
        return forall
                ? Term.forall(bound.variables, Term.implies(bound.guard, body))
                : Term.exists(bound.variables, Term.and(bound.guard, body));
    }

    /** {@code {x \in S : P}}; where P quantifies, that something is in it has a name. */
    private Meaning.Set filtered(OpApplNode node, Env env) {
        Meaning.Set set = set(node.getBdedQuantBounds()[0], env);
        Function<Meaning, Term> has = value ->
                Term.and(set.has().apply(value), translator.formula(node.getArgs()[0], with(node, value, env)));
        Kind element = set.element();
        return new Meaning.Set(element, set.finite(), value -> {
            Term inside = has.apply(value);
            return element == null || !Term.hasQuantifier(inside) ? inside : named("such", has, value, element);
        });
    }

    /** That a value is in a set, by a symbol of this name. */
    private Term named(String name, Function<Meaning, Term> has, Meaning value, Kind element) {
        List<Variable> elements = values().variables("e", element);
        Term symbol = translator.named(name, has.apply(Values.unflat(element, elements.iterator())));
        Map<Variable, Term> arguments = new HashMap<>();
        List<Term> terms = values().flat(value, element);
        for (int k = 0; k < terms.size(); k++) {
            arguments.put(elements.get(k), terms.get(k));
        }
        return Term.substitute(symbol, arguments);
    }

    /** The environment in which the only thing that is bound stands for this value. */
    static Env with(OpApplNode node, Meaning value, Env env) {
        FormalParamNode[][] groups = node.getBdedQuantSymbolLists();
        if (groups.length != 1 || groups[0].length != 1 || node.isBdedQuantATuple()[0]) {
            throw Translator.unknown(node, "more than one thing is bound");
        }
        return env.with(groups[0][0], value);
    }

    /** {@code {e : x \in S}}. */
    private Meaning.Set mapped(OpApplNode node, Env env) {
        Binding sample = bind(node, env);
        @Nullable Kind kind = values().kind(translator.eval(node.getArgs()[0], sample.env));
        boolean finite = true;
        for (SemanticNode from : node.getBdedQuantBounds()) {
            finite &= set(from, env).finite();
        }
        return new Meaning.Set(kind, finite, value -> {
            Binding bound = bind(node, env);
            return Term.exists(
                    bound.variables,
                    Term.and(values().equal(translator.eval(node.getArgs()[0], bound.env), value), bound.guard));
        });
    }

    private Meaning function(OpApplNode node, Env env) {
        Meaning.Set set = set(node.getBdedQuantBounds()[0], env);
        return new Mapping(set, value -> translator.eval(node.getArgs()[0], with(node, value, env)));
    }
}
