package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that was ended half-way goes on from its checkpoint. TLC looks whether one is due 3 seconds after its start and
 * then once a minute, so the run must last longer than that.
 */
class RecoveryTest {
    private static final int STATES = 20_000;

    @TempDir
    private Path directory;

    /** Counts. To check Slow takes a millisecond or so a state; Late fails in the first states, and only there. */
    @BeforeEach
    void writeTheSpec() throws IOException {
        Files.writeString(directory.resolve("Count.tla"), """
                ---- MODULE Count ----
                EXTENDS Naturals, FiniteSets
                VARIABLE x
                Spec == x = 1 /\\ [][x < %d /\\ x' = x + 1]_x
                Slow == x > 100 => Cardinality({<<a, b>> : a, b \\in 1..40}) = 1600
                Late == x > 50
                ====
                """.formatted(STATES));
        String config = "SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\nINVARIANT ";
        Files.writeString(directory.resolve("Slow.cfg"), config + "Slow\n");
        Files.writeString(directory.resolve("Late.cfg"), config + "Late\n");
    }

    @Test
    void goesOnFromItsCheckpoint() throws Exception {
        CheckOptions options = Spec.options().withMetadir(directory.resolve("states"));
        CheckResult ended =
                check("Slow.cfg", options.withCheckpoint(Duration.ofMillis(1)).endingAtCheckpoint());
        assertInstanceOf(Outcome.Undecided.class, ended.outcome());
        Path checkpoint = assertInstanceOf(Path.class, ended.checkpoint());
        assertTrue(checkpoint.startsWith(directory.resolve("states")), checkpoint.toString());
        assertTrue(ended.distinct() < STATES, ended.toString());

        CheckResult recovered = check("Late.cfg", options.withRecover(checkpoint));
        assertEquals(new Outcome.Ok(), recovered.outcome(), "it began anew");
        assertEquals(STATES, recovered.distinct());
    }

    @Test
    void saysThatThereIsNoCheckpoint() throws Exception {
        CheckResult result = check("Late.cfg", Spec.options().withRecover(directory.resolve("nowhere")));
        Outcome.Failure failure = assertInstanceOf(Outcome.Failure.class, result.outcome());
        assertEquals(1, failure.message().lines().count());
    }

    private CheckResult check(String config, CheckOptions options) throws IOException, InterruptedException {
        return new ModelChecker(SpecFiles.in(directory), options).check(Tiny.modelOf("Count", config));
    }
}
