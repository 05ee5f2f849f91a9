package dev.checkedraft.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.checkedraft.conform.ConformOptions;
import dev.checkedraft.conform.ConformReport;
import dev.checkedraft.conform.Conformance;
import dev.checkedraft.port.Answer;
import dev.checkedraft.schedule.Schedule;
import example.TinyRaft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The kit as a Java team has it: in process, with properties that shrink. */
class TestKitTest {
    private static final Path PAGE = Path.of("README.md");
    private static final Path EXAMPLE = Path.of("src/test/java/example/TinyRaftTest.java");
    private static final ConformOptions FEW =
            ConformOptions.DEFAULT.withRuns(50, 200).withWorkers(2);

    @Test
    void thePageShowsTheTestThatRuns() throws IOException {
        String source = Files.readString(EXAMPLE);
        String test = source.substring(source.indexOf("    @Test"), source.lastIndexOf('}'));
        test = test.stripTrailing().stripIndent();
        assertTrue(Files.readString(PAGE).contains("```java\n" + test + "\n```"), test);
    }

    @Test
    void plantedBugsAreFound() {
        for (String bug : List.of("vote-for-anyone", "commit-beyond-message")) {
            ConformReport report = Conformance.check(() -> new TinyRaft(bug), FEW);
            assertEquals(ConformReport.Verdict.DOES_NOT_CONFORM, report.verdict(), bug);
            assertTrue(report.schedule().size() <= 25, report.toString());
            Schedule schedule = report.replayable();
            assertTrue(schedule != null);
            ConformReport again = Conformance.replay(() -> new TinyRaft(bug), FEW, schedule);
            assertEquals(report.schedule(), again.schedule());
            Conformance.replay(() -> new TinyRaft(""), FEW, schedule).mustConform();
        }
    }

    /** Not one of this build's: the test below runs it. */
    static class Planted {
        @Property(tries = 200, seed = "1")
        void conforms(@ForAll("schedules") Schedule schedule) {
            Conformance.replay(() -> new TinyRaft("vote-for-anyone"), FEW, schedule)
                    .mustConform();
        }

        @Provide
        Arbitrary<Schedule> schedules() {
            return Schedules.of(3, 150);
        }
    }

    @Test
    void propertyFindsAPlantedBugAndShrinksIt() {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Planted.class))
                                .configurationParameter("jqwik.database", "")
                                .build(),
                        listener);
        assertEquals(1, listener.getSummary().getTestsFailedCount());
        String told = String.valueOf(
                listener.getSummary().getFailures().get(0).getException().getMessage());
        assertTrue(told.contains("HandleRequestVote: "), told);
        Schedule shrunk = Schedule.parse(told.substring(told.indexOf("nodes 3\n")));
        assertTrue(shrunk.size() <= 8, told);
    }

    /** An exception is the node's fault, and is told with where it was thrown. */
    @Test
    void exceptionIsToldWithItsPlace() {
        ConformReport report = Conformance.check(
                () -> new TinyRaft("") {
                    @Override
                    public Answer electionTimeout() {
                        throw new IllegalStateException("no election today");
                    }
                },
                FEW);
        assertEquals(ConformReport.Verdict.DOES_NOT_CONFORM, report.verdict());
        assertTrue(report.text().contains("threw java.lang.IllegalStateException: no election today"), report.text());
        assertTrue(
                report.details().stream().anyMatch(line -> line.startsWith("at ") && line.contains("TestKitTest")),
                report.details().toString());
    }
}
