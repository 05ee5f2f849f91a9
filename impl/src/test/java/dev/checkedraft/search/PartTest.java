package dev.checkedraft.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.Milestone;
import dev.checkedraft.sim.Milestones;
import dev.checkedraft.sim.Outcome;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The parts of {@code raft verify}'s runs: safe, repeatable from their text, and nothing passes by doing nothing. */
class PartTest {
    @ParameterizedTest
    @EnumSource
    void aRunIsRepeatedFromItsText(Part part) {
        for (long seed = 1; seed <= 5; seed++) {
            List<TraceEvent> trace = new ArrayList<>();
            Outcome outcome = part.plan(seed).run(trace::add);
            assertNull(outcome.failure(), part + ", seed " + seed);
            List<TraceEvent> again = new ArrayList<>();
            Outcome replayed = Outcome.of(Schedule.parse(outcome.schedule().text()), again::add);
            assertNull(replayed.failure());
            assertEquals(trace, again, part + ", seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPartThatReachesNothingFails(Part part) {
        Plan nothing = new Plan(Setup.of(3, 1), FaultProfile.lonely(), 1, 0);
        Milestones reached = nothing.run(TraceSink.NONE).reached();
        assertFalse(part.missing(reached, part.runs()).isEmpty());
        assertTrue(part.missing(reached, 0).isEmpty());
    }

    /** The runs of a part reach it, not the limits themselves: a cluster begins below each, and passes it. */
    @Test
    void termsAndLogsPassTheLimits() {
        Milestones reached = Part.LIMITS.plan(0).run(TraceSink.NONE).reached();
        for (long seed = 1; seed <= 40; seed++) {
            reached.addAll(Part.LIMITS.plan(seed).run(TraceSink.NONE).reached());
        }
        assertTrue(reached.count(Milestone.TERM_LIMIT) > 20, reached::toString);
        assertTrue(reached.count(Milestone.LOG_LIMIT) > 5, reached::toString);
    }
}
