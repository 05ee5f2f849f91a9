package dev.checkedraft.fuzz;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.checkedraft.fuzz.CheckedRun.Failure;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.search.Minimizer;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.Milestone;
import dev.checkedraft.sim.Milestones;
import dev.checkedraft.sim.Simulation;
import dev.checkedraft.sim.Transcript;
import dev.checkedraft.trace.TraceSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.junit.jupiter.api.function.Executable;

/**
 * Whatever happens to a cluster of 1 to 7 nodes, every step of the core keeps the safety properties and is a step of the spec.
 * A jqwik sample is a bundle of plans, run on all processors; a failing one is made short by {@link Minimizer}, printed as a
 * list of steps and saved among the schedules that every build replays.
 */
class EveryRunConformsTest {
    private static final int BUNDLES = 125;
    private static final int BUNDLE = 16;
    private static final int STEPS = 300;
    private static final int TRIES = 2_000;

    /** Where failing schedules are saved, and replayed on every build. */
    private static final Path SCHEDULES = Path.of("..", "impl", "src", "test", "resources", "schedules");

    private final List<Milestones> reached = new ArrayList<>();
    private long runs = 0;
    private long events = 0;
    private final long start = System.nanoTime();

    @Provide
    Arbitrary<List<Plan>> plans() {
        return Arbitraries.longs().map(seed -> Plan.of(seed, STEPS)).list().ofSize(BUNDLE);
    }

    @Property(tries = BUNDLES, shrinking = ShrinkingMode.OFF, edgeCases = net.jqwik.api.EdgeCasesMode.NONE)
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void everyRunIsSafeAndConforms(@ForAll("plans") List<Plan> plans) throws IOException {
        List<CheckedRun> results = plans.parallelStream()
                .map(plan -> CheckedRun.of(plan, TraceSink.NONE))
                .toList();
        for (CheckedRun result : results) {
            Failure failure = result.failure();
            if (failure != null) {
                throw new AssertionError(report(result.outcome().schedule(), failure));
            }
            reached.add(result.outcome().reached());
            runs++;
            events += result.events();
            assertEquals(STEPS, result.outcome().schedule().size());
            Statistics.label("nodes")
                    .collect(result.outcome().schedule().setup().nodes());
            for (Milestone milestone : Milestone.values()) {
                Statistics.label(milestone.name())
                        .collect(result.outcome().reached().count(milestone) > 0);
            }
        }
        for (Milestone milestone : Milestone.values()) {
            double least = least(milestone);
            Statistics.label(milestone.name())
                    .coverage(coverage -> coverage.check(true).percentage(p -> p >= least));
        }
        for (int nodes = 1; nodes <= 7; nodes++) {
            int size = nodes;
            Statistics.label("nodes").coverage(coverage -> coverage.check(size).count(c -> c > 0));
        }
    }

    /** In how many runs out of a hundred a milestone is reached at least. */
    private static double least(Milestone milestone) {
        return switch (milestone) {
            // What other parts of the runs are for.
            case SLICE, LATE_MESSAGE, LONG_LIFE, LONG_LOG, HIGH_TERM, TERM_LIMIT, LOG_LIMIT, RECOVERY -> 0;
            case ELECTION_LOST -> 2;
            case CRASH_BEFORE_PERSISTING, CRASH_BEFORE_SENDING, MAJORITY_REFUSED, TRUNCATION -> 5;
            case CUT, DROP, CRASH -> 20;
            case ELECTION, LEADER, VOTE_GRANTED -> 85;
            default -> 30;
        };
    }

    @AfterProperty
    void tell() {
        if (runs > 0) {
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%,d runs of %d decisions, %,d events replayed against the spec: %.1f s, %,.0f events a second%n",
                    runs,
                    STEPS,
                    events,
                    seconds,
                    events / seconds);
        }
    }

    private static String report(Schedule schedule, Failure failure) throws IOException {
        Schedule minimal = Minimizer.minimize(schedule, other -> CheckedRun.failsLike(failure, other), TRIES);
        Path file = SCHEDULES.resolve(
                String.format(Locale.ROOT, "found-%08x.schedule", minimal.text().hashCode()));
        minimal.save(file, failure.what());
        return failure.what() + "\nA schedule of " + minimal.size() + " decisions does it, saved as " + file + ":\n"
                + Transcript.of(minimal);
    }

    /** Every input is handled by a copy of the node too, and the two must agree. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void everyStepIsDeterministic(@ForAll long seed) {
        Schedule schedule = Plan.of(seed, STEPS).run(TraceSink.NONE).schedule();
        Simulation twice = new Simulation(schedule.setup());
        twice.handleTwice();
        for (Decision decision : schedule.decisions()) {
            twice.step(decision);
        }
        assertEquals(STEPS, twice.steps());
    }

    /** What once failed, or is worth keeping, conforms. */
    @Example
    void everySavedScheduleConforms() throws IOException {
        if (!Files.isDirectory(SCHEDULES)) {
            return;
        }
        List<Executable> replays = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SCHEDULES)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Schedule schedule = Schedule.load(file);
                replays.add(
                        () -> assertNull(CheckedRun.of(schedule, TraceSink.NONE).failure(), () -> file + " fails"));
            }
        }
        assertAll(replays);
    }
}
