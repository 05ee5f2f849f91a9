package dev.checkedraft.validate;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.judge.AnyRuns;
import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a Raft does that AnyRaft.tla allows, its trace is accepted: there is no false alarm. */
class AnyRunsTest {
    private static final int RUNS = 200;
    private static final int ATTEMPTS = 700;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyBehaviorOfAnyRaftIsAccepted(boolean tellsDisks) {
        Set<String> observes = tellsDisks ? Set.of(TraceEvent.STORED) : Set.of();
        TraceHeader header = new TraceHeader(
                TraceHeader.ANY_RAFT, TestRuns.header(3).servers(), observes, Map.of(), Set.of(), null, Map.of());
        Set<String> choices = new TreeSet<>();
        long events = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            TraceValidator validator = TraceValidator.open(header, ValidatorOptions.DEFAULT.anyRaft(), "seed " + seed);
            for (TraceEvent event : AnyRuns.events(seed, ATTEMPTS)) {
                if (!validator.feed(tellsDisks ? event : withoutDisk(event))) {
                    break;
                }
            }
            Verdict verdict = validator.verdict();
            int run = seed;
            assertInstanceOf(Verdict.Accepted.class, verdict, () -> "seed " + run + ": " + what(verdict));
            choices.addAll(verdict.evidence().choices().keySet());
            events += verdict.evidence().events();
        }
        System.out.println(events + " events of AnyRaft.tla, " + choices.size() + " kinds of choice: " + choices);
        assertTrue(events > 40L * RUNS && choices.size() > 25, events + " " + choices);
    }

    private static String what(Verdict verdict) {
        return verdict instanceof Verdict.Diverged diverged
                ? diverged.divergence().where() + " " + diverged.divergence().event()
                : verdict.toString();
    }

    private static TraceEvent withoutDisk(TraceEvent event) {
        Map<String, Object> state = new LinkedHashMap<>(event.state());
        // A flush is told with how far it went.
        if (!event.action().label().equals("Flush")) {
            state.remove(TraceEvent.STORED);
        }
        return new TraceEvent(event.action(), event.node(), event.msg(), event.sent(), event.value(), state);
    }
}
