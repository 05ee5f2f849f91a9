package dev.checkedraft.translation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.translation.Comparison.Difference;
import dev.checkedraft.translation.Comparison.Judged;
import dev.checkedraft.translation.Samples.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A translator with one rule that is wrong is found out by what TLC says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TranslationFaultsTest {
    private static final int STEPS = 120;

    private final List<Judged> judged = new ArrayList<>();

    @BeforeAll
    void judge() throws IOException {
        Spec spec = Compared.spec(Translator::new);
        Comparison comparison = new Comparison(spec, Compared.formulas());
        for (int servers = 2; servers <= 3; servers++) {
            Tlc tlc = Compared.tlc(servers);
            for (Sample sample : new Samples(1, tlc, spec.variables()).take(STEPS)) {
                judged.add(comparison.judge(tlc, sample, 0));
            }
        }
    }

    @Test
    void noFaultIsFoundInTheTranslatorAsItIs() throws IOException {
        assertEquals(List.of(), differences(Compared.spec(Translator::new)));
    }

    static Stream<String> rules() {
        return Stream.concat(FaultyTranslator.SWAPPED.keySet().stream().sorted(), FaultyTranslator.OWN.stream());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aWrongRuleIsFound(String rule) throws IOException {
        Spec spec = Compared.spec((kinds, constants, named) -> new FaultyTranslator(kinds, constants, named, rule));
        List<Difference> differences = differences(spec);
        assertTrue(!differences.isEmpty(), () -> "no difference by a wrong rule for " + rule);
        System.out.println(rule + ": " + differences.get(0).formula());
    }

    /** The walk through an action is not the translator's; where it goes wrong, it says what a changed action would. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "an arm of CASE without its guard | [] counts /\\ IsMajority(refused) -> | [] counts ->",
                "OTHER whatever the other arms say | [] OTHER -> UNCHANGED serverVars | "
                        + "[] TRUE -> UNCHANGED serverVars [] OTHER -> UNCHANGED serverVars",
                "an arm of IF for the other | IF newer THEN BecomeFollower(i) ELSE UNCHANGED "
                        + "<<role, candidateVars, leaderVars>> | IF ~newer THEN BecomeFollower(i) ELSE UNCHANGED "
                        + "<<role, candidateVars, leaderVars>>",
                "a variable that is left open | /\\ UNCHANGED durableVars | /\\ UNCHANGED <<currentTerm, votedFor>>",
            })
    void aWrongWalkIsFound(String what, String right, String wrong, @TempDir Path directory) throws IOException {
        SpecFiles copy = SpecFiles.in(Compared.folder()).copyTo(directory);
        Path raft = copy.root().resolve("Raft.tla");
        String text = Files.readString(raft);
        assertTrue(text.contains(right), right);
        Files.writeString(raft, text.replace(right, wrong));
        List<Difference> differences = differences(Compared.spec(copy.root(), Translator::new));
        assertTrue(!differences.isEmpty(), what);
    }

    /** What differs of the first step of which anything does. */
    private List<Difference> differences(Spec spec) throws IOException {
        Comparison comparison = new Comparison(spec, Compared.formulas());
        for (int k = 0; k < judged.size(); k++) {
            List<Difference> differences = comparison.differences(judged.get(k), k);
            if (!differences.isEmpty()) {
                return differences;
            }
        }
        return List.of();
    }
}
