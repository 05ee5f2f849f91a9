package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.Models;
import dev.checkedraft.spec.result.CheckResult;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The models' reductions leave no state of the servers out, and add none: on bounds small enough for it, the servers'
 * reachable states of Raft, message by message, are those of the reduced model.
 */
class SoundnessTest {
    /** The servers' states that the two models of a comparison print. */
    private record Printed(Set<String> full, Set<String> reduced) {}

    @TestFactory
    Stream<DynamicTest> reductionsChangeNothing() throws IOException {
        return test(Models.Soundness::build);
    }

    /** The comparisons that take too long for every build. */
    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> reductionsChangeNothingInMinutes() throws IOException {
        return test(comparison -> !comparison.build());
    }

    private static Stream<DynamicTest> test(Predicate<Models.Soundness> which) throws IOException {
        List<Models.Soundness> comparisons =
                Spec.files().models().soundness().stream().filter(which).toList();
        assertFalse(comparisons.isEmpty(), "nothing to compare");
        return TlcPool.test(
                comparisons,
                Models.Soundness::name,
                comparison -> () -> new Printed(printedBy(comparison.full()), printedBy(comparison.reduced())),
                comparison -> printed -> {
                    assertEquals(
                            Optional.empty(), anyOfFirst(printed.full(), printed.reduced()), "the reduced model lacks");
                    assertEquals(
                            Optional.empty(), anyOfFirst(printed.reduced(), printed.full()), "the reduced model adds");
                    assertEquals(comparison.servers(), printed.full().size());
                });
    }

    private static Optional<String> anyOfFirst(Set<String> first, Set<String> second) {
        return first.stream().filter(state -> !second.contains(state)).findFirst();
    }

    private static Set<String> printedBy(Model model) throws IOException, InterruptedException {
        Set<String> servers = new HashSet<>();
        CheckResult result = new ModelChecker(Spec.files(), Spec.briefOptions()).check(model, progress -> {}, line -> {
            if (line.contains("servers")) {
                servers.add(line);
            }
        });
        assertEquals(Optional.empty(), model.expect().differenceFrom(result));
        return servers;
    }
}
