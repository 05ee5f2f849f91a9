package dev.checkedraft.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.search.FaultProfile;
import dev.checkedraft.search.Minimizer;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.ScenariosTest.TestFiles;
import dev.checkedraft.trace.TraceSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;

/**
 * Fuzzing of the core by schedules: message orderings first, then crashes and partitions too. All safety properties are
 * checked after every step. A schedule that fails is minimised by {@link Minimizer}, which knows what a decision is, and
 * not by jqwik; it is printed as a list of steps, and saved so that {@link SchedulesTest} replays it from then on.
 */
class FaultsTest {
    private static final int STEPS = 300;

    /** What a settled cluster needs at most, in ticks: some elections, as the longest timeout is 20. */
    private static final int TICKS_TO_SETTLE = 40 * 20;

    /** Any order, loss, duplication, delay to any depth; nothing else goes wrong. */
    @Provide
    Arbitrary<Plan> orderings() {
        Arbitrary<FaultProfile> profiles = Combinators.combine(
                        Arbitraries.of(0.0, 0.1, 0.4),
                        Arbitraries.of(0.0, 0.1, 0.4),
                        Arbitraries.of(0.0, 0.5, 1.0),
                        Arbitraries.of(0.0, 0.1),
                        Arbitraries.of(0.0, 0.5, 0.9))
                .as((drop, duplicate, reorder, replay, hunt) ->
                        new FaultProfile(drop, duplicate, 0, 0.05, 0, 0, 0.05, reorder, replay, hunt, 0, 0));
        return plans(profiles);
    }

    /** Crashes at every point, cuts of links, and clocks that disagree, too. */
    @Provide
    Arbitrary<Plan> faults() {
        return Arbitraries.longs().map(seed -> Plan.of(seed, STEPS));
    }

    private static Arbitrary<Plan> plans(Arbitrary<FaultProfile> profiles) {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 7), Arbitraries.of(1, 2, 16), profiles, Arbitraries.longs())
                .as((nodes, maxEntries, profile, seed) ->
                        new Plan(Setup.of(nodes, seed).with(nodes, maxEntries), profile, seed, STEPS));
    }

    @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
    void safetyInAnyOrderOfMessages(@ForAll("orderings") Plan plan) {
        Outcome outcome = plan.run(TraceSink.NONE);
        check(outcome);
        Milestones reached = outcome.reached();
        Statistics.label("leaders")
                .collect(atMost(reached.count(Milestone.LEADER), 3))
                .coverage(seen -> {
                    seen.check(1L).percentage(percent -> percent > 5);
                    seen.check(3L).percentage(percent -> percent > 20);
                });
        covered("entries committed", reached.count(Milestone.COMMIT) > 0, 50);
        covered("a conflict truncated", reached.count(Milestone.TRUNCATION) > 0, 5);
        covered("a majority refused", reached.count(Milestone.MAJORITY_REFUSED) > 0, 5);
        covered("an election lost", reached.count(Milestone.ELECTION_LOST) > 0, 1);
        covered("a leader deposed", reached.count(Milestone.LEADER_DEPOSED) > 0, 20);
        covered("a message of an old term", reached.count(Milestone.STALE_MESSAGE) > 0, 40);
        covered("a message again", reached.count(Milestone.REPEATED_MESSAGE) > 0, 40);
        covered("a message overtaking another", reached.count(Milestone.OVERTAKING) > 0, 40);
    }

    @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
    void safetyUnderCrashesAndPartitions(@ForAll("faults") Plan plan) {
        Outcome outcome = plan.run(TraceSink.NONE);
        check(outcome);
        Milestones reached = outcome.reached();
        covered("a restart", reached.count(Milestone.RESTART) > 0, 50);
        covered("a crash before persisting", reached.count(Milestone.CRASH_BEFORE_PERSISTING) > 0, 10);
        covered("a crash before sending", reached.count(Milestone.CRASH_BEFORE_SENDING) > 0, 10);
        covered("a cut", reached.count(Milestone.CUT) > 0, 20);
        covered("an old term's entry committed", reached.count(Milestone.OLD_TERM_COMMIT) > 0, 10);
        covered("a conflict truncated", reached.count(Milestone.TRUNCATION) > 0, 10);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void aCopyOfANodeDoesTheSame(@ForAll("faults") Plan plan) {
        Simulation cluster = new Simulation(plan.setup());
        cluster.handleTwice();
        check(plan.run(cluster));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void theSameScheduleRunsTheSame(@ForAll("faults") Plan plan) {
        Schedule schedule = plan.run(TraceSink.NONE).schedule();
        assertEquals(Transcript.of(schedule), Transcript.of(schedule));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void whatIsDurableIsAllThatARestartNeeds(@ForAll("faults") Plan plan) {
        Simulation cluster = new Simulation(plan.setup());
        check(plan.run(cluster));
        for (int node = 1; node <= plan.setup().nodes(); node++) {
            RaftNode before = cluster.node(node);
            if (before == null) {
                continue;
            }
            DurableState durable = before.durableState();
            cluster.step(new Decision.Crash(node));
            cluster.step(new Decision.Restart(node));
            RaftNode after = cluster.node(node);
            assertEquals(durable, after == null ? null : after.durableState());
            assertEquals(0, after == null ? 0 : after.commitIndex());
        }
        assertTrue(cluster.step(new Decision.Recover(TICKS_TO_SETTLE)));
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void progressOnceFaultsEnd(@ForAll("faults") Plan plan) {
        Simulation cluster = new Simulation(plan.setup());
        Outcome outcome = plan.run(cluster);
        check(outcome);
        try {
            assertTrue(cluster.step(new Decision.Recover(TICKS_TO_SETTLE)));
        } catch (SafetyViolation e) {
            fail("after\n" + outcome.schedule().text(), e);
        }
        for (int node = 1; node <= plan.setup().nodes(); node++) {
            RaftNode raft = cluster.node(node);
            assertEquals(
                    "recovered",
                    raft == null
                            ? null
                            : raft.log().get((int) raft.commitIndex() - 1).value());
        }
    }

    private static long atMost(long count, long most) {
        return Math.min(count, most);
    }

    private static void covered(String what, boolean isSo, int percentage) {
        Statistics.label(what)
                .collect(isSo)
                .coverage(seen -> seen.check(true).percentage(percent -> percent >= percentage));
    }

    /** Fails, with a short schedule that fails in the same way, if the run did. */
    private static void check(Outcome outcome) {
        SafetyViolation failure = outcome.failure();
        if (failure == null) {
            assertNull(failure);
            return;
        }
        Schedule minimal = Minimizer.minimize(outcome);
        String name = "found-" + failure.property().label() + "-"
                + Integer.toHexString(minimal.text().hashCode());
        Path file = Path.of(System.getProperty(
                        "raft.schedules", TestFiles.folder("schedules").toString()))
                .resolve(name + ".txt");
        try {
            minimal.save(file, failure.property().label() + " was violated here.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        fail(
                "a schedule of " + minimal.size() + " decisions, saved as " + file.toAbsolutePath() + ":\n"
                        + Transcript.of(minimal),
                failure);
    }
}
