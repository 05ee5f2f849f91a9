package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.Cleanup;
import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.Mutant;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.result.CheckResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * AnyRaft permits no step more than is safe: each of its permissions, widened by one step, is caught. And none less than
 * Raft takes: narrowed, it is caught by the refinement.
 */
class AnyMutantsTest {
    private static final String BRIEF = "any.json";
    private static final String LONG = "any-slow.json";

    /** Their quorums are none that AnyRaft takes. */
    private static final Set<String> NOT_MEETING = Set.of("any-elections-do-not-meet", "any-commit-does-not-meet");

    @TestFactory
    Stream<DynamicTest> isCaught() throws IOException {
        return areCaught(BRIEF);
    }

    /** The mutants that take too long for every build. */
    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> isCaughtInMinutes() throws IOException {
        return areCaught(LONG);
    }

    /** What catches a mutant is not what the model forbids AnyRaft itself. */
    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> isCaughtByWhatTheSpecItselfPasses() throws IOException {
        List<Mutant> mutants = all().stream()
                .filter(mutant -> !mutant.control() && !mutant.config().startsWith("models/"))
                .toList();
        return TlcPool.test(
                mutants, Mutant::id, mutant -> () -> check(mutant.unchanged(), Spec.files()), mutant -> result -> {
                    System.out.printf("without mutant %s: %,d distinct states%n", mutant.id(), result.distinct());
                    Optional<String> difference = mutant.unchanged().expect().differenceFrom(result);
                    if (NOT_MEETING.contains(mutant.id())) {
                        assertTrue(difference.orElse("nothing").contains("Assumption"), difference.toString());
                    } else {
                        assertEquals(Optional.empty(), difference);
                    }
                });
    }

    /** A configuration of the models' own is one that {@link ModelsTest} holds for the spec itself. */
    @Test
    void sharesOnlyConfigurationsOfModelsThatHold() throws IOException {
        List<String> held = Spec.files().models().all().stream()
                .filter(model ->
                        model.expect().distinct().isPresent() && !model.expect().violation())
                .map(model -> model.module() + " models/" + model.config())
                .toList();
        for (Mutant mutant : all()) {
            if (mutant.config().startsWith("models/")) {
                assertTrue(held.contains(mutant.module() + " " + mutant.config()), mutant.id());
            }
        }
    }

    @Test
    void areAllOfAnyRaft() throws IOException {
        List<Mutant> mutants = all();
        for (Mutant mutant : mutants) {
            assertTrue(mutant.edits().stream().allMatch(edit -> edit.file().equals("AnyRaft.tla")), mutant.id());
        }
        assertEquals(mutants.size(), mutants.stream().map(Mutant::id).distinct().count());
        assertTrue(mutants.stream().filter(Mutant::control).count() >= 2);
    }

    private static List<Mutant> all() throws IOException {
        List<Mutant> mutants = new ArrayList<>(Spec.files().mutants(BRIEF).all());
        mutants.addAll(Spec.files().mutants(LONG).all());
        return mutants;
    }

    private static Stream<DynamicTest> areCaught(String manifest) throws IOException {
        List<Mutant> mutants = Spec.files().mutants(manifest).all();
        return TlcPool.test(mutants, Mutant::id, mutant -> () -> changed(mutant), mutant -> result -> {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %,d | %s |%n",
                    mutant.id(),
                    mutant.title(),
                    result.outcome(),
                    result.distinct(),
                    result.counterexample() == null
                            ? "(depth " + result.depth() + ")"
                            : result.counterexample().steps().size());
            assertEquals(Optional.empty(), mutant.model().expect().differenceFrom(result));
        });
    }

    private static CheckResult changed(Mutant mutant) throws IOException, InterruptedException {
        Path directory = Cleanup.temporaryDirectory("mutant");
        try {
            return check(mutant.model(), mutant.apply(Spec.files(), directory));
        } finally {
            Cleanup.delete(directory);
        }
    }

    private static CheckResult check(Model model, SpecFiles files) throws IOException, InterruptedException {
        return new ModelChecker(files, Spec.briefOptions()).check(model);
    }
}
