package dev.checkedraft.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** What a cluster does that begins with a high term and a long log is what one does that begins with nothing. */
class TraceFromBaseTest {
    private static List<TraceEvent> trace(Schedule schedule) {
        List<TraceEvent> events = new ArrayList<>();
        assertNull(Outcome.of(schedule, events::add).failure());
        return events;
    }

    /** The same decisions from another term on; without ticks, since timeouts are another term's. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void termsCountFromTheBase(@ForAll long seed) {
        Schedule drawn = Plan.of(seed, 300).run(TraceSink.NONE).schedule();
        List<Decision> decisions = drawn.decisions().stream()
                .filter(d -> !(d instanceof Tick) && !(d instanceof CrashDuring c && c.input() instanceof Tick))
                .toList();
        List<TraceEvent> fromNothing = trace(new Schedule(drawn.setup(), decisions));
        for (long base : new long[] {1, 32_760, 65_530, (1L << 30) - 3, (1L << 31) - 3, (1L << 32) - 3}) {
            Setup setup = drawn.setup().from(base, 0);
            assertEquals(fromNothing, trace(new Schedule(setup, decisions)), "from term " + base);
        }
    }

    @Test
    void indexesCountFromTheBase() {
        String decisions = """
                timeout n1
                deliver n1 n2
                deliver n2 n1
                propose n1 v1
                deliver n1 n2 AppendEntries -1
                deliver n2 n1
                send n1 n3 %d 0 %d
                deliver n1 n3 AppendEntries -1
                """;
        List<TraceEvent> fromNothing = trace(Schedule.parse("nodes 3\n" + decisions.formatted(1, 0)));
        List<TraceEvent> fromBase =
                trace(Schedule.parse("nodes 3\nbase-term 7\nbase-log 32766\n" + decisions.formatted(32_767, 32_766)));
        assertTrue(fromNothing.toString().contains("value=v1"), fromNothing::toString);
        assertEquals(fromNothing, fromBase);
    }
}
