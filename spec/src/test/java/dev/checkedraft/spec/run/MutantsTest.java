package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.Cleanup;
import dev.checkedraft.spec.manifest.Mutant;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.raft.Counterexample;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every mutant of the spec is caught by the property it names, and every control by none. The matrix is written to {@code
 * target/mutants.md}.
 */
class MutantsTest {
    private static final Path MATRIX = Spec.TARGET.resolve("mutants.md");
    private static final Map<String, String> ROWS = Collections.synchronizedMap(new TreeMap<>());

    /** The known ways to get Raft wrong that the mutants must cover. */
    private static final Set<String> KNOWN = Set.of(
            "ack-before-durable",
            "campaign-same-term",
            "commit-on-refusal",
            "commit-scan-breaks",
            "commit-unbounded",
            "duplicate-votes",
            "figure-8",
            "half-quorum",
            "leader-counted-twice",
            "leader-drops-suffix",
            "match-not-max",
            "match-on-refusal",
            "no-noop",
            "prev-term-unchecked",
            "prev-zero-blind",
            "stale-append",
            "term-forgotten",
            "truncate-always",
            "vote-before-durable",
            "vote-forgotten",
            "vote-ignores-last-index",
            "vote-ignores-last-term",
            "vote-not-reset",
            "vote-twice");

    @TestFactory
    Stream<DynamicTest> isCaught() throws IOException {
        // The long runs first, lest one be left for the end alone: those that come to no violation before all states
        // are found.
        List<Mutant> mutants = Spec.files().mutants().all().stream()
                .sorted(Comparator.comparing(
                        mutant -> !mutant.control() && !mutant.module().equals("MCLiveness")))
                .toList();
        return TlcPool.test(mutants, Mutant::id, mutant -> () -> check(mutant), mutant -> result -> {
            System.out.printf("mutant %s: %s, %.1f s%n", mutant.id(), result.outcome(), result.seconds());
            row(mutant, result);
            assertEquals(Optional.empty(), mutant.model().expect().differenceFrom(result));
            assertTrue(mutant.control() || result.counterexample() != null, "caught without a counterexample");
        });
    }

    /** What catches a mutant is not what the model forbids the spec itself: the same configuration holds without the change. */
    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> isCaughtByWhatTheSpecItselfPasses() throws IOException {
        List<Mutant> mutants = Spec.files().mutants().all().stream()
                .filter(mutant -> !mutant.control() && !mutant.config().startsWith("models/"))
                .toList();
        return TlcPool.test(
                mutants,
                Mutant::id,
                mutant -> () -> new ModelChecker(Spec.files(), Spec.options()).check(mutant.unchanged()),
                mutant -> result -> {
                    System.out.printf(
                            "without mutant %s: %,d distinct states, depth %d, %.1f s%n",
                            mutant.id(), result.distinct(), result.depth(), result.seconds());
                    assertEquals(Optional.empty(), mutant.unchanged().expect().differenceFrom(result));
                });
    }

    /** A configuration of the models' own is one that {@link ModelsTest} holds, in every build, for the spec itself. */
    @Test
    void sharesOnlyConfigurationsOfModelsThatHold() throws IOException {
        List<String> held = Spec.files().models().all().stream()
                .filter(model -> model.build() && !model.expect().violation())
                .map(model -> model.module() + " models/" + model.config())
                .toList();
        for (Mutant mutant : Spec.files().mutants().all()) {
            if (mutant.config().startsWith("models/")) {
                assertTrue(held.contains(mutant.module() + " " + mutant.config()), mutant.id());
            }
        }
    }

    @Test
    void coversTheKnownBugs() throws IOException {
        Set<String> caught = Spec.files().mutants().all().stream()
                .filter(mutant -> !mutant.control())
                .map(Mutant::id)
                .collect(Collectors.toSet());
        List<String> missing = new ArrayList<>(KNOWN);
        missing.removeAll(caught);
        assertEquals(List.of(), missing);
    }

    /** Controls show that a change is not caught for being a change. */
    @Test
    void hasControls() throws IOException {
        assertTrue(Spec.files().mutants().all().stream().filter(Mutant::control).count() >= 2);
    }

    private static CheckResult check(Mutant mutant) throws IOException, InterruptedException {
        Path directory = Cleanup.temporaryDirectory("mutant");
        try {
            SpecFiles files = mutant.apply(Spec.files(), directory);
            return new ModelChecker(files, Spec.briefOptions()).check(mutant.model());
        } finally {
            Cleanup.delete(directory);
        }
    }

    private static void row(Mutant mutant, CheckResult result) {
        String found = result.outcome() instanceof Outcome.Violation violation ? violation.property() : "none";
        Counterexample run = result.counterexample();
        ROWS.put(
                mutant.id(),
                String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %,d | %d | %s | %.1f |",
                        mutant.id(),
                        mutant.title(),
                        mutant.control() ? "none" : mutant.property(),
                        found,
                        result.distinct(),
                        result.depth(),
                        run == null ? "" : run.steps().size(),
                        result.seconds()));
    }

    @AfterAll
    static void writeTheMatrix() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "| mutant | what is wrong | must violate | violates | distinct states | depth | run length | seconds |",
                "| --- | --- | --- | --- | --: | --: | --: | --: |"));
        lines.addAll(ROWS.values());
        lines.forEach(System.out::println);
        Files.createDirectories(Spec.TARGET);
        Files.write(MATRIX, lines);
    }
}
