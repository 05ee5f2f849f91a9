package dev.checkedraft.hunt;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.Outcome;
import dev.checkedraft.trace.TraceSink;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Once faults end, a leader comes and all accepted entries are committed everywhere, within {@value Nets#TICKS} ticks. */
class ProgressTest {
    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void progressOnceFaultsEnd(@ForAll long seed) {
        Outcome outcome = Plan.of(seed, 300).recovering(Nets.TICKS).run(TraceSink.NONE);
        assertNull(outcome.failure(), () -> "seed " + seed);
    }
}
