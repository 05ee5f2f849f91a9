package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.raft.Counterexample;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Outcome;
import dev.checkedraft.spec.result.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs TLC on the small spec of the tests' resources; {@link RecordedOutputTest} covers what TLC can say. */
class ModelCheckerTest {
    private static final CheckOptions OPTIONS = CheckOptions.defaults()
            .withWorkers(1)
            .withHeap("512m")
            .withTimeout(Duration.ofMinutes(2))
            .forBriefRun();

    @TempDir
    private Path directory;

    @Test
    void countsTheStatesOfAModelThatHolds() throws Exception {
        assertAsExpected("ok");
    }

    @Test
    void findsTheRunThatViolatesAnInvariant() throws Exception {
        CheckResult result = assertAsExpected("invariant");
        assertEquals(3, assertNotNullRun(result).steps().size());
    }

    /** TLC does not say which; they are tried one by one. */
    @Test
    void namesTheTemporalPropertyThatIsViolated() throws Exception {
        Model model = Tiny.model("stuttering");
        Model expectingNothing = new Model(
                model.name(),
                model.module(),
                model.config(),
                model.mode(),
                model.kind(),
                model.about(),
                true,
                Model.Expectation.ok(),
                List.of());
        CheckResult result = new ModelChecker(Tiny.files(), OPTIONS).check(expectingNothing);
        assertEquals(new Outcome.Violation(Outcome.Kind.TEMPORAL_PROPERTY, List.of("AllPassMax")), result.outcome());
        assertEquals(
                new Counterexample.Ending.Stuttering(), assertNotNullRun(result).ending());
    }

    @Test
    void tellsTheStepsOfACounterexample() throws Exception {
        ModelChecker checker = new ModelChecker(Tiny.files(), OPTIONS);
        Model model = Tiny.model("action");
        CheckResult result = checker.check(model);
        CheckResult told = checker.narrate(model, result, progress -> {});
        assertEquals(result.outcome(), told.outcome());
        Counterexample.Step step = assertNotNullRun(told).steps().get(1);
        assertEquals("StartElection", step.action());
        assertNotNull(step.node());
    }

    @Test
    void simulates() throws Exception {
        CheckResult result = assertAsExpected("simulate");
        assertEquals(-1, result.distinct());
        assertTrue(result.generated() > 1000, result.toString());
    }

    @Test
    void saysWhereASpecIsWrong() throws Exception {
        CheckResult result = new ModelChecker(Tiny.files(), OPTIONS).check(Tiny.model("semantic-error"));
        assertEquals(new Outcome.Failure("SemanticError.tla:5:14: Unknown operator: `y'."), result.outcome());
    }

    @Test
    void passesOnWhatTheSpecPrints() throws Exception {
        Files.writeString(directory.resolve("Says.tla"), """
                ---- MODULE Says ----
                EXTENDS TLC
                VARIABLE x
                Spec == x = 0 /\\ [][FALSE]_x
                Said == PrintT("here it is")
                ====
                """);
        Files.writeString(directory.resolve("Says.cfg"), "SPECIFICATION Spec\nINVARIANT Said\nCHECK_DEADLOCK FALSE\n");
        List<String> printed = new ArrayList<>();
        CheckResult result = new ModelChecker(SpecFiles.in(directory), OPTIONS)
                .check(Tiny.modelOf("Says", "Says.cfg"), progress -> {}, printed::add);
        assertTrue(result.isOk(), result.toString());
        assertTrue(printed.contains("\"here it is\""), printed.toString());
    }

    /** A model without end: TLC is ended, and with it its JVM and its files. */
    @Test
    void endsTlcWhenTimeIsUp() throws Exception {
        Tiny.writeEndless(directory);
        List<Progress> told = new ArrayList<>();
        CheckResult result = new ModelChecker(SpecFiles.in(directory), OPTIONS.withTimeout(Duration.ofSeconds(5)))
                .check(Tiny.modelOf("Endless", "Endless.cfg"), told::add);
        assertEquals(new Outcome.Undecided("no verdict in 5 s"), result.outcome());
        assertFalse(told.isEmpty());
        assertTrue(result.generated() > 0, result.toString());
        assertTrue(told.get(told.size() - 1).generated() <= result.generated());
    }

    @Test
    void endsTlcWhenInterrupted() throws Exception {
        Tiny.writeEndless(directory);
        Thread caller = Thread.currentThread();
        assertThrows(
                InterruptedException.class,
                () -> new ModelChecker(SpecFiles.in(directory), OPTIONS)
                        .check(Tiny.modelOf("Endless", "Endless.cfg"), progress -> caller.interrupt()));
        assertFalse(Thread.interrupted());
    }

    @Test
    void needsAJarWithTlcInIt() throws Exception {
        Path noJar = directory.resolve("no.jar");
        assertThrows(
                NoSuchFileException.class,
                () -> new ModelChecker(Tiny.files(), OPTIONS.withTla2tools(noJar)).check(Tiny.model("ok")));
        Files.writeString(noJar, "no jar");
        assertThrows(
                IOException.class,
                () -> new ModelChecker(Tiny.files(), OPTIONS.withTla2tools(noJar)).check(Tiny.model("ok")));
    }

    /** A worker pool of the real thing on one host. */
    @Test
    void checksDistributed() throws Exception {
        CheckResult local = assertAsExpected("ok");
        CheckResult distributed = new DistributedCheck(Tiny.files(), OPTIONS, DistributedCheck.Cluster.local(2))
                .check(Tiny.model("ok"), progress -> {});
        assertEquals(new Outcome.Ok(), distributed.outcome());
        assertEquals(local.distinct(), distributed.distinct());
    }

    /** TLC leaves out the first state there. */
    @Test
    void findsTheRunThatViolatesAnInvariantDistributed() throws Exception {
        CheckResult result = new DistributedCheck(Tiny.files(), OPTIONS, DistributedCheck.Cluster.local(1))
                .check(Tiny.model("invariant"), progress -> {});
        assertEquals(new Outcome.Violation(Outcome.Kind.PROPERTY, List.of("Small")), result.outcome());
        assertTrue(assertNotNullRun(result).steps().size() >= 2, result.toString());
    }

    private static Counterexample assertNotNullRun(CheckResult result) {
        return assertInstanceOf(Counterexample.class, result.counterexample());
    }

    private static CheckResult assertAsExpected(String name) throws IOException, InterruptedException {
        Model model = Tiny.model(name);
        CheckResult result = new ModelChecker(Tiny.files(), OPTIONS).check(model);
        assertEquals(Optional.empty(), model.expect().differenceFrom(result));
        return result;
    }
}
