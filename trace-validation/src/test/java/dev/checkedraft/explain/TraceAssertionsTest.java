package dev.checkedraft.explain;

import static dev.checkedraft.explain.TraceAssertions.assertConforms;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example of the README. */
class TraceAssertionsTest {
    @Test
    void myRaftConforms() {
        List<TraceEvent> events = TestRuns.events(7, 3, 2000); // what my Raft did
        assertConforms(TestRuns.header(3), events);
    }

    @Test
    void theFailureIsTheExplanation() {
        List<TraceEvent> events = new ArrayList<>(TestRuns.events(7, 3, 200));
        events.add(new TraceEvent(Action.RESTART, "n2", null, null, null, Map.of("currentTerm", 99L)));
        AssertionError failure = assertThrows(AssertionError.class, () -> assertConforms(TestRuns.header(3), events));
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("trace:202: n2 Restart: currentTerm: spec 1, trace 99"), message);
        assertTrue(message.contains("rule: A crash and the restart after it"), message);
    }
}
