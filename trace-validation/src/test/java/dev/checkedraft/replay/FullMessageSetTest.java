package dev.checkedraft.replay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tlc2.tool.TLCState;

/**
 * The engine keeps the messages outside TLC, shows it one at a time, and evaluates what is compared field by field. Here
 * small traces are replayed by TraceNext as it is written, with all messages in TLC: the verdicts are the same.
 */
class FullMessageSetTest {
    @Test
    void keepingMessagesOutsideTlcChangesNoVerdict() {
        int diverged = 0;
        for (int k = 0; k < 120; k++) {
            int servers = 1 + k % 4;
            List<TraceEvent> events = TestRuns.events(k, servers, 60 + k % 60);
            String what = "none";
            if (k % 4 != 0) {
                Corruptions.Corrupted corrupted = new Corruptions(k).corrupt(events);
                events = corrupted.events();
                what = corrupted.what();
            }
            Verdict verdict = TraceValidatorTest.validate(TestRuns.header(servers), events);
            long explained = byTheBook(servers, events);
            // Of a message sent again, TraceNext cannot tell which of those in messages it was.
            boolean same = what.matches("(sent|msg)\\..*")
                    ? explained >= verdict.evidence().events()
                    : explained == verdict.evidence().events();
            assertTrue(same, "trace " + k + ", " + what + ": " + explained + ", " + verdict);
            diverged += verdict instanceof Verdict.Diverged ? 1 : 0;
        }
        assertTrue(diverged > 40, "only " + diverged + " of the traces diverged");
    }

    /** How many of the events TraceNext explains, from the first on. */
    private static long byTheBook(int servers, List<TraceEvent> events) {
        SpecEvaluator spec = SpecEvaluator.of(TestRuns.header(servers).servers());
        Cluster cluster = spec.cluster();
        var observes = cluster.observes(TestRuns.header(servers).observes());
        List<TLCState> states = List.of(spec.initial());
        long explained = 0;
        for (TraceEvent event : events) {
            List<TLCState> next = new ArrayList<>();
            for (TLCState state : states) {
                TLCState before =
                        SpecEvaluator.bind(state, cluster.event(event, observes, true), SpecEvaluator.messages(state));
                next.addAll(spec.byTheBook(before));
            }
            if (next.isEmpty()) {
                return explained;
            }
            explained++;
            states = next;
        }
        return explained;
    }
}
