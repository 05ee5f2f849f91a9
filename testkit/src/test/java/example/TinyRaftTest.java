package example;

import dev.checkedraft.conform.ConformOptions;
import dev.checkedraft.conform.Conformance;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.testkit.Schedules;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TinyRaftTest {
    @Test
    void conforms() {
        Conformance.check(TinyRaft::new, ConformOptions.DEFAULT.withRuns(50, 200))
                .mustConform();
    }

    @Property(tries = 100, seed = "1")
    void conformsUnderAnySchedule(@ForAll("schedules") Schedule schedule) {
        Conformance.replay(TinyRaft::new, ConformOptions.DEFAULT, schedule).mustConform();
    }

    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedules.of(3, 150);
    }
}
