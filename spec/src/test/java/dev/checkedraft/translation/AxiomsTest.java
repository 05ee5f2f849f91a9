package dev.checkedraft.translation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.smt.Symbols;
import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Theory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each axiom of axioms.smt2 holds of what TLA+ says sequences and finite sets are, wherever these are small. */
class AxiomsTest {
    private static final int LONGEST = 4;
    private static final List<Object> THINGS = List.of("a", "b");

    @Test
    void whatIsSaidOfSequencesIsSo() {
        assertEquals(31, sequences().size());
        List<String> failed = failed(Theory.text(), "Seq.Entry", sequences(), 1);
        assertEquals(List.of(), failed);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void whatIsSaidOfSetsIsSo(int servers) {
        assertEquals(List.of(), failed(Theory.text(), "Servers", sets(servers), servers));
    }

    /** The three facts on majorities for which the axioms are there, by counting. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void majoritiesMeetAndGrow(int servers) {
        List<Object> majorities = sets(servers).stream()
                .filter(set -> 2 * ((Set<?>) set).size() > servers)
                .toList();
        for (Object a : majorities) {
            for (Object b : majorities) {
                Set<Object> common = new HashSet<>((Set<?>) a);
                common.retainAll((Set<?>) b);
                assertTrue(!common.isEmpty());
            }
        }
        for (Object set : sets(servers)) {
            boolean within = majorities.stream().anyMatch(majority -> ((Set<?>) set).containsAll((Set<?>) majority));
            assertEquals(within, majorities.contains(set));
        }
    }

    /** An axiom that says too much is seen. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "(= (len (append s e)) (+ (len s) 1)); (= (len (append s e)) (len s))",
                "(= (at (append s e) (+ (len s) 1)) e); (= (at (append s e) (len s)) e)",
                "(ite (<= a b) (+ (- b a) 1) 0); (+ (- b a) 1)",
                "(= (at (subSeq s a b) k) (at s (+ (- a 1) k))); (= (at (subSeq s a b) k) (at s (+ a k)))",
                "(=> (and (<= 1 k) (<= k (+ (- b a) 1))) (= (at (subSeq; (=> (<= 1 k) (= (at (subSeq",
                "(= (len (concat s t)) (+ (len s) (len t))); (= (len (concat s t)) (+ (len s) 1))",
                "(= (at (concat s t) k) (at t (- k (len s)))); (= (at (concat s t) k) (at t k))",
                "(or (same s t) (not (= (len s) (len t))); (or (same s t)",
                "(<= (+ (card a) (card b)) (card everyone)); (< (+ (card a) (card b)) (card everyone))",
                "(or (<= (card a) (card b)); (or (< (card a) (card b))",
                "(<= 0 (len s)); (< 0 (len s))",
            })
    void aFalseAxiomIsSeen(String right, String wrong) {
        String text = Theory.text();
        assertTrue(text.contains(right), right);
        String planted = text.replace(right, wrong);
        List<String> failed = new ArrayList<>(failed(planted, "Seq.Entry", sequences(), 1));
        failed.addAll(failed(planted, "Servers", sets(3), 3));
        assertNotEquals(List.of(), failed);
    }

    /** The axiom that is a rule: wherever three things have numbers, one has the greatest. */
    @Test
    void ofFinitelyManyThingsOneHasTheGreatest() {
        for (int numbers = 0; numbers < 64; numbers++) {
            List<Integer> of = List.of(numbers % 4, numbers / 4 % 4, numbers / 16);
            for (int set = 1; set < 8; set++) {
                List<Integer> in = new ArrayList<>();
                for (int k = 0; k < 3; k++) {
                    if ((set >> k & 1) == 1) {
                        in.add(of.get(k));
                    }
                }
                assertTrue(in.stream().anyMatch(x -> in.stream().allMatch(y -> x >= y)));
            }
        }
    }

    // -------------------------------------------------------------------------------------------------------- models

    private static List<Object> sequences() {
        List<Object> all = new ArrayList<>();
        all.add(List.of());
        for (int from = 0, length = 1; length <= LONGEST; length++) {
            int to = all.size();
            for (; from < to; from++) {
                for (Object thing : THINGS) {
                    List<Object> longer = new ArrayList<>((List<?>) all.get(from));
                    longer.add(thing);
                    all.add(longer);
                }
            }
        }
        return all;
    }

    private static List<Object> sets(int servers) {
        List<Object> all = new ArrayList<>();
        for (int bits = 0; bits < 1 << servers; bits++) {
            Set<Object> set = new HashSet<>();
            for (int k = 0; k < servers; k++) {
                if ((bits >> k & 1) == 1) {
                    set.add(Tlc.servers(servers).get(k));
                }
            }
            all.add(set);
        }
        return all;
    }

    /** The axioms on things of a sort that do not hold. */
    private static List<String> failed(String text, String sort, List<Object> things, int servers) {
        Map<String, List<Object>> bySort = new HashMap<>();
        bySort.put(sort, things);
        bySort.put("Server", List.copyOf(Tlc.servers(servers)));
        bySort.put("Entry", THINGS);
        List<Object> numbers = new ArrayList<>();
        for (int k = -2; k <= 2 * LONGEST + 2; k++) {
            numbers.add(k);
        }
        bySort.put("Int", numbers);
        FiniteModel model = new Open();
        model.step(Map.of(), Map.of(), new Universe(bySort));
        List<String> failed = new ArrayList<>();
        int tried = 0;
        for (Term axiom : Theory.read(text, List.of("Entry")).axioms()) {
            boolean ofSequences = axiom.toString().contains(".Entry");
            if (ofSequences == sort.startsWith("Seq")) {
                tried++;
                if (!FiniteModel.value(model.code(axiom)).equals(true)) {
                    failed.add(axiom.toString());
                }
            }
        }
        assertTrue(tried > 2);
        return failed;
    }

    /** What TLA+ leaves open is something here; and what an axiom only says to be there is looked for. */
    private static final class Open extends FiniteModel {
        Open() {
            super(new Symbols(), Map.of());
        }

        @Override
        Object applied(String function, List<Object> values) {
            if (!List.of("both", "only").contains(function)) {
                return super.applied(function, values);
            }
            Set<Object> found = new HashSet<>((Set<?>) values.get(0));
            found.removeIf(server -> ((Set<?>) values.get(1)).contains(server) != function.equals("both"));
            return found.stream().findAny().orElse(universe("Server").get(0));
        }

        @Override
        Object ofSequences(String function, List<Object> values) {
            return switch (function) {
                case "at" -> at((List<?>) values.get(0), (Integer) values.get(1));
                case "subSeq" -> subSeq((List<?>) values.get(0), (Integer) values.get(1), (Integer) values.get(2));
                case "differ" -> differ((List<?>) values.get(0), (List<?>) values.get(1));
                default -> super.ofSequences(function, values);
            };
        }

        /** As module Sequences defines it, whatever there is of it. */
        private static Object subSeq(List<?> sequence, int from, int to) {
            List<Object> slice = new ArrayList<>();
            for (int k = from; k <= to; k++) {
                slice.add(at(sequence, k));
            }
            return slice;
        }

        private static Object differ(List<?> s, List<?> t) {
            for (int k = 1; k <= Math.min(s.size(), t.size()); k++) {
                if (!s.get(k - 1).equals(t.get(k - 1))) {
                    return k;
                }
            }
            return 0;
        }

        private static Object at(List<?> sequence, int index) {
            return index >= 1 && index <= sequence.size() ? sequence.get(index - 1) : "beyond " + sequence + index;
        }
    }
}
