package dev.checkedraft.translation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.translation.Comparison.Difference;
import dev.checkedraft.translation.Comparison.Judged;
import dev.checkedraft.translation.Samples.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What the prover takes a formula of the spec to say is what TLC says of it: on steps of random runs, on the same with
 * something changed, and on pairs of states that are no step.
 */
class TranslationTest {
    private static final long SEED = 4;

    /** By the number of servers, how many steps of random runs; as many again are changed. */
    private static final Map<Integer, Integer> STEPS = Map.of(1, 100, 2, 300, 3, 500);

    @Test
    void theTranslationSaysWhatTlcSays() throws IOException {
        Spec spec = Compared.spec(Translator::new);
        Comparison comparison = new Comparison(spec, Compared.formulas());
        Set<String> claims = new LinkedHashSet<>(Compared.claims());
        Set<String> taken = new TreeSet<>();
        Set<String> varied = new TreeSet<>();
        long compared = 0;
        long undefined = 0;
        long steps = 0;
        for (int servers = 1; servers <= 3; servers++) {
            Tlc tlc = Compared.tlc(servers);
            List<Sample> samples = new Samples(SEED, tlc, spec.variables()).take(STEPS.get(servers));
            for (int k = 0; k < samples.size(); k++) {
                // Every tenth time, with more integers than there need be.
                Judged judged = comparison.judge(tlc, samples.get(k), k % 10 == 0 ? 5 : 0);
                List<Difference> differences = comparison.differences(judged, k);
                assertEquals(List.of(), differences, () -> "differs");
                if (k % 300 == 100) {
                    assertEquals(List.of(), comparison.falseDefinitions(judged));
                }
                compared += judged.verdicts().size();
                undefined += judged.verdicts().values().stream()
                        .filter(verdict -> verdict == FiniteModel.UNDEFINED)
                        .count();
                judged.verdicts().forEach((name, verdict) -> varied.add(name + " " + verdict));
                if (judged.sample().reached()) {
                    steps++;
                    assertHolds(claims, judged);
                    ways(comparison, judged, taken);
                }
            }
        }
        System.out.printf(
                "%,d comparisons on %,d states: %,d steps and as many changed ones, seed %d; %,d times TLC has no value%n",
                compared, 4 * steps, steps, SEED, undefined);
        // All that the prover supposes of a step holds of one that a run has, and so does the invariant.
        List<String> never = new ArrayList<>();
        comparison.ways().forEach(way -> {
            if (!taken.contains(way.name)) {
                never.add(way.name);
            }
        });
        assertEquals(List.of(), never, "ways that no step takes");
        for (String name : Compared.formulas()) {
            assertTrue(varied.contains(name + " true"), () -> name + " never holds");
            assertTrue(varied.contains(name + " false"), () -> name + " always holds");
        }
    }

    /** What is proved holds of a step that a run has, and nothing in it is undefined. */
    private static void assertHolds(Set<String> claims, Judged judged) {
        for (String claim : claims) {
            assertEquals(true, judged.verdicts().get(claim), () -> claim + " of " + judged.sample());
        }
        assertTrue(Samples.STEPS.stream()
                .map(step -> judged.verdicts().get(step.substring(0, step.length() - "Step".length())))
                .allMatch(Boolean.class::isInstance));
    }

    private static void ways(Comparison comparison, Judged judged, Set<String> taken) {
        for (Way way : comparison.ways()) {
            Sample sample = judged.sample();
            if (!taken.contains(way.name)
                    && way.holds(sample.before(), sample.after(), judged.universe())
                            .equals(true)) {
                taken.add(way.name);
                way.holdsAsDefined(sample.before(), sample.after(), judged.universe());
            }
        }
    }
}
