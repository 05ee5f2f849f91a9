package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Kinds;
import dev.checkedraft.smt.Term;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What an expression of the spec is in SMT-LIB: a term, or something made of terms. */
public sealed interface Meaning {
    /** A single term. */
    record Scalar(Term term, Kind kind) implements Meaning {}

    /** A function, or a sequence that is given as one. */
    record Mapping(Set domain, Function<Meaning, Meaning> at) implements Meaning {}

    /** A set, by what is in it. The kind of its elements is unknown of the empty set only. */
    record Set(
            @Nullable Kind element,
            boolean finite,
            Function<Meaning, Term> has,
            @Nullable Interval interval) implements Meaning {
        Set(@Nullable Kind element, boolean finite, Function<Meaning, Term> has) {
            this(element, finite, has, null);
        }
    }

    /** The bounds of a set that is all integers between them. */
    record Interval(Term low, Term high) {}

    record Rec(Map<String, Meaning> fields) implements Meaning {}

    record Tuple(List<Meaning> parts) implements Meaning {}

    static Scalar bool(Term term) {
        return new Scalar(term, Kinds.BOOL);
    }

    static Scalar integer(Term term) {
        return new Scalar(term, Kinds.INT);
    }
}
