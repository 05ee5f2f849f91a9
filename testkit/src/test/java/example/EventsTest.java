package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.safety.Observation;
import dev.checkedraft.safety.Property;
import dev.checkedraft.safety.SafetyChecker;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.trace.StateFields;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.validate.TraceValidator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A Raft that nobody can drive tells what it does: to the spec, or to the safety properties alone. */
class EventsTest {
    private static final TraceEvent ASKS = TraceEvent.of(
                    Action.START_ELECTION,
                    "n1",
                    new StateFields().currentTerm(1).votedFor("n1").role("Candidate"))
            .withSent(new RequestVote(1, "n1", "n2", 0, 0));

    private static TraceEvent answers(boolean granted) {
        return TraceEvent.of(
                        Action.HANDLE_REQUEST_VOTE,
                        "n2",
                        new StateFields().currentTerm(1).votedFor("n1"))
                .withMessage(new RequestVote(1, "n1", "n2", 0, 0))
                .withSent(new RequestVoteResponse(1, "n2", "n1", granted));
    }

    private static Verdict verdict(TraceEvent... events) {
        TraceValidator validator = TraceValidator.open(new TraceHeader(List.of("n1", "n2", "n3"), Set.of(), Map.of()));
        for (TraceEvent event : events) {
            validator.feed(event);
        }
        return validator.verdict();
    }

    @Test
    void eventsAreHeldToTheSpec() {
        assertInstanceOf(Verdict.Accepted.class, verdict(ASKS, answers(true)));
        assertInstanceOf(Verdict.Diverged.class, verdict(ASKS, answers(false)));
    }

    @Test
    void safetyAloneIsHeldToo() {
        SafetyChecker checker = new SafetyChecker(3);
        LogChange first = new LogChange(1, List.of(Entry.noOp(1)));
        checker.check(1, Observation.of(1, 1, "n1", true, 0, first));
        checker.check(2, Observation.of(2, 1, "n1", false, 0, first));
        checker.check(3, Observation.of(1, 1, "n1", true, 1, null));
        SafetyViolation two =
                assertThrows(SafetyViolation.class, () -> checker.check(4, Observation.of(3, 1, "n3", true, 0, null)));
        assertEquals(Property.ELECTION_SAFETY, two.property());
        assertEquals("n3 leads term 1, which n1 led", two.what());
    }

    @Test
    void wrongTypeIsToldInALine() {
        TraceEvent wrong = new TraceEvent(Action.START_ELECTION, "n1", null, null, null, Map.of("currentTerm", 1));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> verdict(wrong));
        assertEquals("currentTerm must be a Long, not Integer 1", e.getMessage());
    }
}
