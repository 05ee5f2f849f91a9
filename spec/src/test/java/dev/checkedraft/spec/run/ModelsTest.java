package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.raft.Counterexample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every model gives exactly what the manifest says: the result, the distinct states and the depth. A witness is moreover a
 * run of Raft.tla, message by message, once the steps are put in that the models' network leaves out.
 */
class ModelsTest {
    /** The witnesses that the tests have found, as runs for a reader. */
    private static final Path WITNESSES = Spec.TARGET.resolve("witnesses");

    @TestFactory
    Stream<DynamicTest> givesWhatTheManifestSays() throws IOException {
        String only = System.getProperty("raft.models", "");
        return test(model -> model.build() && (only.isEmpty() || only.equals(model.name())));
    }

    /** The models that take too long for every build, but were seen to end. */
    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> givesWhatTheManifestSaysInMinutes() throws IOException {
        return test(model ->
                !model.build() && (model.expect().distinct().isPresent() || model.mode() == Model.Mode.SIMULATE));
    }

    /** A claim that was never tried is worth nothing: each kind of model is there, and each file is of some use. */
    @Test
    void coversWhatIsClaimed() throws IOException {
        List<Model> models = Spec.files().models().all();
        Set<Model.Kind> built = models.stream()
                .filter(Model::build)
                .map(Model::kind)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Model.Kind.class)));
        assertTrue(built.containsAll(EnumSet.of(Model.Kind.SAFETY, Model.Kind.LIVENESS, Model.Kind.WITNESS)));
        for (Model model : models) {
            boolean isCounted =
                    model.expect().violation() || model.expect().distinct().isPresent();
            assertTrue(isCounted || !model.build(), model.name() + " is in the build without a count");
            assertNotNull(Spec.files().find(model.module() + ".tla"));
            assertNotNull(Spec.files().find(model.config()));
        }
    }

    private static Stream<DynamicTest> test(Predicate<Model> which) throws IOException {
        List<Model> models = Spec.files().models().all().stream().filter(which).toList();
        assertFalse(models.isEmpty(), "no models");
        return TlcPool.test(models, Model::name, model -> () -> Spec.check(model), model -> result -> {
            System.out.printf(
                    "%s: %,d distinct states, depth %d, %.1f s%n",
                    model.name(), result.distinct(), result.depth(), result.seconds());
            assertEquals(Optional.empty(), model.expect().differenceFrom(result));
            if (model.kind() == Model.Kind.WITNESS) {
                Counterexample run = assertInstanceOf(Counterexample.class, result.counterexample());
                keep(model, run);
                PlainRun.assertIsOne(run);
            }
        });
    }

    private static void keep(Model model, Counterexample run) throws IOException {
        Files.createDirectories(WITNESSES);
        Files.writeString(WITNESSES.resolve(model.name() + ".txt"), model.about() + "\n\n" + run.format());
    }
}
