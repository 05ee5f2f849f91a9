package dev.checkedraft.smt;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What sort of thing a value of the spec is. */
public sealed interface Kind {
    /** Of one SMT sort. */
    record Basic(String sort) implements Kind {}

    record Seq(Kind element) implements Kind {
        @Override
        public String sort() {
            return "Seq." + element.sort();
        }
    }

    /** Records with these fields; if open, records of several kinds, each with some of them. */
    record Rec(String name, Map<String, Kind> fields, boolean open) implements Kind {
        @Override
        public String sort() {
            return name;
        }
    }

    record Tuple(List<Kind> parts) implements Kind {}

    record SetOf(Kind element) implements Kind {}

    /** A function of all of a kind; or, partial, of some. */
    record Fun(Kind argument, Kind result, boolean partial) implements Kind {}

    /** The SMT sort of its values, if they are terms. */
    default String sort() {
        throw new Untranslatable("no sort for " + this);
    }

    default boolean isTerm() {
        return this instanceof Basic || this instanceof Seq || this instanceof Rec;
    }

    /** The sorts of the terms that stand for one value of this kind. */
    default List<Kind> flat() {
        return this instanceof Tuple tuple
                ? tuple.parts().stream().flatMap(part -> part.flat().stream()).collect(Collectors.toList())
                : List.of(this);
    }
}
