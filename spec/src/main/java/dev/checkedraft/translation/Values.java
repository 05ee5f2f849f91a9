package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Kinds;
import dev.checkedraft.smt.NormalForm;
import dev.checkedraft.smt.Symbols;
import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Term.Variable;
import dev.checkedraft.smt.Untranslatable;
import dev.checkedraft.translation.Meaning.Interval;
import dev.checkedraft.translation.Meaning.Mapping;
import dev.checkedraft.translation.Meaning.Scalar;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes, compares and converts meanings, by what kind of thing they are. */
public final class Values {
    private final Symbols symbols;
    private final Kinds kinds;

    public Values(Symbols symbols, Kinds kinds) {
        this.symbols = symbols;
        this.kinds = kinds;
    }

    // -------------------------------------------------------------------------------------------------------- of SMT

    /** The value of this kind that functions named after {@code name} give for these arguments. */
    public Meaning reified(Kind kind, String name, List<Term> arguments) {
        if (kind instanceof Kind.SetOf set) {
            return new Meaning.Set(
                    set.element(),
                    set.element().equals(Kinds.SERVER),
                    value -> declared(name, NormalForm.join(arguments, flat(value, set.element())), Term.BOOL));
        }
        if (kind instanceof Kind.Fun function) {
            Meaning.Set domain = new Meaning.Set(
                    function.argument(),
                    function.argument().equals(Kinds.SERVER),
                    value -> function.partial()
                            ? declared(
                                    name + ".domain",
                                    NormalForm.join(arguments, flat(value, function.argument())),
                                    Term.BOOL)
                            : Term.TRUE);
            return new Mapping(
                    domain,
                    value -> reified(
                            function.result(), name, NormalForm.join(arguments, flat(value, function.argument()))));
        }
        return new Scalar(declared(name, arguments, kind.sort()), kind);
    }

    private Term declared(String name, List<Term> arguments, String sort) {
        symbols.declare(name, arguments.stream().map(Term::sort).toList(), sort);
        return new Term.Apply(name, arguments, sort);
    }

    /** The terms that stand for a value of this kind. */
    public List<Term> flat(Meaning value, Kind kind) {
        if (kind instanceof Kind.Tuple tuple) {
            if (!(value instanceof Meaning.Tuple parts)
                    || parts.parts().size() != tuple.parts().size()) {
                throw new Untranslatable("no tuple of " + tuple.parts().size());
            }
            List<Term> terms = new ArrayList<>();
            for (int k = 0; k < tuple.parts().size(); k++) {
                terms.addAll(flat(parts.parts().get(k), tuple.parts().get(k)));
            }
            return terms;
        }
        return List.of(term(value, kind));
    }

    /** The value of this kind that terms of its sorts stand for. */
    public static Meaning unflat(Kind kind, Iterator<? extends Term> terms) {
        if (kind instanceof Kind.Tuple tuple) {
            return new Meaning.Tuple(
                    tuple.parts().stream().map(part -> unflat(part, terms)).toList());
        }
        return new Scalar(terms.next(), kind);
    }

    /** Variables for a bound identifier of this kind. */
    public List<Variable> variables(String name, Kind kind) {
        return kind.flat().stream().map(part -> symbols.variable(name, part)).toList();
    }

    // ---------------------------------------------------------------------------------------------------- conversions

    /** The value as a term of this kind. */
    public Term term(Meaning value, Kind kind) {
        if (value instanceof Scalar scalar) {
            if (scalar.kind().equals(kind)) {
                return scalar.term();
            }
            if (scalar.kind().equals(Kinds.SERVER) && kind.equals(Kinds.VOTE)) {
                return Term.apply("for", "Vote", scalar.term());
            }
        }
        if (kind instanceof Kind.Seq sequence) {
            if (value instanceof Meaning.Tuple tuple) {
                Term term = Term.apply("empty." + sequence.element().sort(), kind.sort());
                for (Meaning part : tuple.parts()) {
                    term = Term.apply(
                            "append." + sequence.element().sort(), kind.sort(), term, term(part, sequence.element()));
                }
                return term;
            }
            if (value instanceof Mapping mapping && mapping.domain().interval() != null) {
                return sequence(mapping, mapping.domain().interval(), sequence);
            }
        }
        if (kind instanceof Kind.Rec record
                && !record.open()
                && value instanceof Meaning.Rec fields
                && fields.fields().keySet().equals(record.fields().keySet())) {
            List<Term> terms = new ArrayList<>();
            record.fields().forEach((name, part) -> terms.add(term(field(fields, name), part)));
            return new Term.Apply("mk." + record.name(), terms, record.name());
        }
        if (kind instanceof Kind.Rec open && open.open() && value instanceof Meaning.Rec fields) {
            return record(fields, open);
        }
        throw new Untranslatable("not of kind " + kind + ": " + value);
    }

    /** A record of one of several kinds: a name for it, defined by its fields. */
    private Term record(Meaning.Rec fields, Kind.Rec kind) {
        Map<String, Term> terms = new TreeMap<>();
        fields.fields().forEach((name, value) -> {
            Kind field = kind.fields().get(name);
            if (field == null) {
                throw new Untranslatable("no " + kind.name() + " has a field " + name);
            }
            terms.put(name, term(value, field));
        });
        Term key = new Term.Apply(String.join("+", terms.keySet()), List.copyOf(terms.values()), kind.sort());
        return symbols.named("record", List.copyOf(key.free()), kind.sort(), key, name -> {
            List<Term> equations = new ArrayList<>();
            terms.forEach((field, value) -> {
                if (field(new Scalar(name, kind), field) instanceof Scalar scalar) {
                    equations.add(Term.equal(scalar.term(), value));
                }
            });
            return Term.and(equations);
        });
    }

    /** The value as a term, if it is a sequence, however it is given. */
    @Nullable
    Scalar sequence(Meaning value) {
        if (value instanceof Scalar scalar) {
            return scalar.kind() instanceof Kind.Seq ? scalar : null;
        }
        if (value instanceof Mapping mapping && mapping.domain().interval() != null) {
            Variable index = symbols.variable("index", Kinds.INT);
            Kind element = kind(mapping.at().apply(Meaning.integer(index)));
            if (element != null) {
                Kind kind = new Kind.Seq(element);
                return new Scalar(term(value, kind), kind);
            }
        }
        return null;
    }

    /** A sequence given by its length and entries: a name for it, defined by them. */
    private Term sequence(Mapping mapping, Interval interval, Kind.Seq kind) {
        if (!interval.low().equals(Term.number(1))) {
            throw new Untranslatable("a function of integers that begins at " + interval.low());
        }
        Variable index = symbols.variable("index", Kinds.INT);
        Term entry = term(mapping.at().apply(Meaning.integer(index)), kind.element());
        List<Variable> free = new ArrayList<>(
                Term.apply("both", kind.sort(), interval.high(), entry).free());
        free.remove(index);
        Term key = Term.apply(
                "given", kind.sort(), interval.high(), Term.forall(List.of(index), Term.equal(entry, entry)), entry);
        return symbols.named("sequence", free, kind.sort(), key, name -> {
            Term length = length(name, kind);
            Term here = Term.between(Term.number(1), index, interval.high());
            return Term.and(
                    Term.equal(
                            length,
                            Term.ite(Term.atMost(Term.number(0), interval.high()), interval.high(), Term.number(0))),
                    Term.forall(List.of(index), Term.implies(here, Term.equal(at(name, index, kind), entry))));
        });
    }

    public static Term length(Term sequence, Kind.Seq kind) {
        return Term.apply("len." + kind.element().sort(), Term.INT, sequence);
    }

    public static Term at(Term sequence, Term index, Kind.Seq kind) {
        return Term.apply("at." + kind.element().sort(), kind.element().sort(), sequence, index);
    }

    private static Meaning part(Meaning.Rec record, String name) {
        Meaning field = record.fields().get(name);
        if (field == null) {
            throw new Untranslatable("no field " + name);
        }
        return field;
    }

    /** A field of a record, however the record is given. */
    public Meaning field(Meaning value, String name) {
        if (value instanceof Meaning.Rec record) {
            return part(record, name);
        }
        if (value instanceof Scalar scalar && scalar.kind() instanceof Kind.Rec kind) {
            Kind field = kind.fields().get(name);
            if (field != null) {
                if (kind.open()) {
                    symbols.declare(kind.name() + "." + name, List.of(kind.name()), field.sort());
                }
                return new Scalar(Term.apply(kind.name() + "." + name, field.sort(), scalar.term()), field);
            }
        }
        throw new Untranslatable("no field " + name + " in " + value);
    }

    // ----------------------------------------------------------------------------------------------------- comparing

    public Term equal(Meaning a, Meaning b) {
        if (a instanceof Scalar x && b instanceof Scalar y) {
            Kind kind = Kinds.join(x.kind(), y.kind());
            if (kind instanceof Kind.Seq sequence) {
                return x.term().equals(y.term())
                        ? Term.TRUE
                        : Term.apply("same." + sequence.element().sort(), Term.BOOL, x.term(), y.term());
            }
            if (kind == null) {
                throw new Untranslatable("things of no kind");
            }
            return Term.equal(term(x, kind), term(y, kind));
        }
        if (b instanceof Scalar && !(a instanceof Scalar)) {
            return equal(b, a);
        }
        if (a instanceof Scalar x) {
            Scalar y = new Scalar(term(b, x.kind()), x.kind());
            return equal(a, y);
        }
        if (a instanceof Meaning.Set x && b instanceof Meaning.Set y) {
            Kind kind = Kinds.join(x.element(), y.element());
            return kind == null
                    ? Term.TRUE
                    : all(
                            "x",
                            kind,
                            (value, vs) ->
                                    Term.equal(x.has().apply(value), y.has().apply(value)));
        }
        if (a instanceof Mapping x && b instanceof Mapping y) {
            Scalar first = sequence(x);
            Scalar second = sequence(y);
            if (first != null && second != null) {
                return equal(first, second);
            }
            Kind kind = x.domain().element();
            if (kind == null) {
                throw new Untranslatable("functions of nothing");
            }
            return Term.and(
                    equal(x.domain(), y.domain()),
                    all(
                            "x",
                            kind,
                            (value, vs) -> Term.implies(
                                    x.domain().has().apply(value), equal(x.at().apply(value), y.at().apply(value)))));
        }
        if (a instanceof Mapping x
                && b instanceof Meaning.Tuple tuple
                && tuple.parts().isEmpty()) {
            return equal(x.domain(), new Meaning.Set(null, true, value -> Term.FALSE));
        }
        if (a instanceof Meaning.Rec x
                && b instanceof Meaning.Rec y
                && x.fields().keySet().equals(y.fields().keySet())) {
            return Term.and(x.fields().keySet().stream()
                    .map(name -> equal(field(x, name), field(y, name)))
                    .toList());
        }
        if (a instanceof Meaning.Tuple x
                && b instanceof Meaning.Tuple y
                && x.parts().size() == y.parts().size()) {
            List<Term> parts = new ArrayList<>();
            for (int k = 0; k < x.parts().size(); k++) {
                parts.add(equal(x.parts().get(k), y.parts().get(k)));
            }
            return Term.and(parts);
        }
        throw new Untranslatable("cannot compare " + a + " and " + b);
    }

    /** It holds of all values of a kind. */
    public Term all(String name, Kind kind, BiFunction<Meaning, List<Variable>, Term> body) {
        List<Variable> variables = variables(name, kind);
        return Term.forall(variables, body.apply(unflat(kind, variables.iterator()), variables));
    }

    public Meaning ite(Term condition, Meaning a, Meaning b) {
        if (condition.equals(Term.TRUE) || condition.equals(Term.FALSE)) {
            return condition.equals(Term.TRUE) ? a : b;
        }
        if (a instanceof Mapping x && b instanceof Mapping y) {
            return new Mapping(
                    (Meaning.Set) ite(condition, x.domain(), y.domain()),
                    value -> ite(condition, x.at().apply(value), y.at().apply(value)));
        }
        if (a instanceof Meaning.Set x && b instanceof Meaning.Set y) {
            return new Meaning.Set(
                    Kinds.join(x.element(), y.element()),
                    x.finite() && y.finite(),
                    value -> Term.ite(condition, x.has().apply(value), y.has().apply(value)),
                    Objects.equals(x.interval(), y.interval()) ? x.interval() : null);
        }
        if (a instanceof Meaning.Rec x
                && b instanceof Meaning.Rec y
                && x.fields().keySet().equals(y.fields().keySet())) {
            Map<String, Meaning> fields = new LinkedHashMap<>();
            x.fields().forEach((name, value) -> fields.put(name, ite(condition, value, field(y, name))));
            return new Meaning.Rec(fields);
        }
        Kind kind = Kinds.join(kind(a), kind(b));
        if (kind == null) {
            throw new Untranslatable("neither arm of IF tells what it is");
        }
        return new Scalar(Term.ite(condition, term(a, kind), term(b, kind)), kind);
    }

    /** The kind of a value; null if the value does not tell. */
    @Nullable
    Kind kind(Meaning value) {
        if (value instanceof Scalar scalar) {
            return scalar.kind();
        }
        if (value instanceof Meaning.Tuple tuple && !tuple.parts().isEmpty()) {
            List<Kind> parts = new ArrayList<>();
            for (Meaning part : tuple.parts()) {
                Kind kind = kind(part);
                if (kind == null) {
                    return null;
                }
                parts.add(kind);
            }
            return new Kind.Tuple(parts);
        }
        if (value instanceof Meaning.Rec record) {
            Map<String, Kind> fields = new TreeMap<>();
            record.fields().forEach((name, part) -> {
                Kind kind = kind(part);
                if (kind != null) {
                    fields.put(name, kind);
                }
            });
            return fields.containsKey("type")
                    ? null
                    : kinds.record(new TreeSet<>(record.fields().keySet()));
        }
        return null;
    }
}
