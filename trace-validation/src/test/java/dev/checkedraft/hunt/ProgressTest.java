package dev.checkedraft.hunt;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.trace.TraceSink;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Once faults end, a leader comes and all accepted entries are committed everywhere, within {@value Nets#TICKS} ticks. */
class ProgressTest {
    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void progressOnceFaultsEnd(@ForAll long seed) {
        Schedule schedule = Plan.of(seed, 300).run(TraceSink.NONE).schedule();
        assertTrue(Nets.settles(schedule), () -> "not settled after seed " + seed);
    }
}
