package dev.checkedraft.spec.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlaValueTest {
    private static final TlaValue ONE = new TlaValue.Int(1);
    private static final TlaValue S1 = new TlaValue.Atom("s1");

    @Test
    void readsEachKindOfValue() {
        assertEquals(new TlaValue.Int(-12), TlaValue.parse("-12"));
        assertEquals(new TlaValue.Bool(true), TlaValue.parse(" TRUE "));
        assertEquals(S1, TlaValue.parse("s1"));
        assertEquals(new TlaValue.Str("a \"b\" \\ c"), TlaValue.parse("\"a \\\"b\\\" \\\\ c\""));
        assertEquals(new TlaValue.Tuple(List.of(ONE, S1)), TlaValue.parse("<<1, s1>>"));
        assertEquals(new TlaValue.Tuple(List.of()), TlaValue.parse("<< >>"));
        assertEquals(new TlaValue.Set(Set.of(ONE, S1)), TlaValue.parse("{s1, 1}"));
        assertEquals(new TlaValue.Struct(Map.of("a", ONE, "b", S1)), TlaValue.parse("[b |-> s1, a |-> 1]"));
        assertEquals(new TlaValue.Function(Map.of(S1, ONE)), TlaValue.parse("(s1 :> 1)"));
    }

    @Test
    void readsAnIntervalAsTheSetItIs() {
        assertEquals(TlaValue.parse("{1, 2, 3}"), TlaValue.parse("1..3"));
        assertEquals(TlaValue.parse("{}"), TlaValue.parse("3..1"));
    }

    @Test
    void readsWhatTlcBreaksIntoLines() {
        String printed = """
                { [from |-> s1, to |-> s2, n |-> 0, kind |-> "Msg"],
                  [from |-> s2, to |-> s1, n |-> 1, kind |-> "Msg"] }
                """;
        TlaValue.Set set = assertInstanceOf(TlaValue.Set.class, TlaValue.parse(printed));
        assertEquals(2, set.elements().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SUBSET {1, 2}", "[a |-> 1", "<<1", "", "1 2", "(s1 :> )", "{1,}", "\"open", "1..2000000000"})
    void keepsWhatIsNoValueAsItIs(String text) {
        assertThrows(IllegalArgumentException.class, () -> TlaParser.parse(text));
        assertEquals(new TlaValue.Opaque(text), TlaValue.parse(text));
    }

    /** Whatever is written out is read again as the same value. */
    @Property(tries = 200)
    void roundTrips(@ForAll("values") TlaValue value) {
        assertEquals(value, TlaParser.parse(value.toString()));
    }

    /** However narrow the page, no line is lost and nothing but space is added. */
    @Property(tries = 200)
    void prettyPrintsTheSameValue(@ForAll("values") TlaValue value) {
        String pretty = Pretty.format("", value, 0, 20);
        assertEquals(value, TlaParser.parse(pretty));
    }

    @Test
    void breaksWhatDoesNotFit() {
        TlaValue value = TlaValue.parse("[log |-> <<[term |-> 1], [term |-> 2]>>, term |-> 12345678]");
        String broken = """
                | x = [ log |-> << [term |-> 1],
                |                  [term |-> 2] >>,
                |       term |-> 12345678 ]""".replaceAll("(?m)^[|]", " ");
        assertEquals(broken, Pretty.format("x = ", value, 2, 36));
        assertEquals("  x = " + value, Pretty.format("x = ", value, 2, 80));
    }

    @Provide
    Arbitrary<TlaValue> values() {
        Arbitrary<String> names = Arbitraries.of("a", "b", "term", "s1");
        Arbitrary<TlaValue> simple = Arbitraries.oneOf(
                Arbitraries.integers().map(TlaValue.Int::new),
                Arbitraries.of(true, false).map(TlaValue.Bool::new),
                Arbitraries.strings().alpha().withChars("\"\\ ,").ofMaxLength(4).map(TlaValue.Str::new),
                names.map(TlaValue.Atom::new));
        return Arbitraries.recursive(
                () -> simple,
                inner -> Arbitraries.oneOf(
                        inner,
                        inner.list().ofMaxSize(3).map(TlaValue.Tuple::new),
                        inner.list().ofMaxSize(3).map(list -> new TlaValue.Set(new LinkedHashSet<>(list))),
                        Arbitraries.maps(names, inner)
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .map(map -> new TlaValue.Struct(new LinkedHashMap<>(map))),
                        Arbitraries.maps(simple, inner)
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .map(map -> new TlaValue.Function(new LinkedHashMap<>(map)))),
                0,
                3);
    }
}
