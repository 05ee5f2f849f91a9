package dev.checkedraft.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.Milestone;
import dev.checkedraft.sim.Outcome;
import dev.checkedraft.trace.TraceSink;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The minimizer, put to find short ways to what a correct cluster can reach. */
class MinimizerTest {
    private static Schedule firstThat(Predicate<Schedule> reaches) {
        for (long seed = 0; seed < 10_000; seed++) {
            Schedule schedule = Plan.of(seed, 300).run(TraceSink.NONE).schedule();
            if (reaches.test(schedule)) {
                return schedule;
            }
        }
        throw new AssertionError("no schedule found");
    }

    @ParameterizedTest
    @CsvSource({
        // One node times out.
        "LEADER, 1, 1",
        // Two elections, or one and a restart.
        "RESTART, 1, 2",
        // A leader elected twice, since one that hears of a newer term has to be elected first.
        "LEADER_DEPOSED, 3, 5",
        // Two nodes lead, both with an entry of their own, and the second one's gets to the first.
        "TRUNCATION, 3, 8",
        // Two votes are refused.
        "MAJORITY_REFUSED, 3, 8",
        // A commit of an entry of an older term needs a restart, on one node.
        "OLD_TERM_COMMIT, 1, 4",
    })
    void theShortestWayTo(Milestone milestone, int nodes, int decisions) {
        Predicate<Schedule> reaches = schedule -> Outcome.of(schedule).reached().count(milestone) > 0;
        Schedule minimal = Minimizer.minimize(firstThat(reaches), reaches, 20_000);
        assertTrue(reaches.test(minimal));
        assertTrue(minimal.size() <= decisions, minimal::text);
        assertTrue(minimal.setup().nodes() <= nodes, minimal::text);
        assertEquals(0, Outcome.of(minimal).skipped());
    }

    @Test
    void theSameScheduleGivesTheSameResult() {
        Predicate<Schedule> reaches = schedule -> Outcome.of(schedule).reached().count(Milestone.TRUNCATION) > 0;
        Schedule failing = firstThat(reaches);
        assertEquals(Minimizer.minimize(failing, reaches, 2_000), Minimizer.minimize(failing, reaches, 2_000));
    }

    @Test
    void whatDoesNotFailIsRefused() {
        Outcome fine = Plan.of(0, 10).run(TraceSink.NONE);
        assertThrows(IllegalArgumentException.class, () -> Minimizer.minimize(fine));
        assertThrows(IllegalArgumentException.class, () -> Minimizer.minimize(fine.schedule(), schedule -> false, 100));
    }
}
