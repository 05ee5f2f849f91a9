package dev.checkedraft.replay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.validate.TraceValidatorTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tla2sany.semantic.OpDefNode;
import tlc2.tool.Action;
import tlc2.tool.StateVec;
import tlc2.tool.TLCState;
import tlc2.tool.impl.FastTool;
import tlc2.util.Context;
import tlc2.value.impl.Value;
import util.UniqueString;

/**
 * The engine keeps the messages outside TLC, shows it one at a time, gives the actions their arguments, keeps logs in a
 * sequence of its own, and compares in Java. Here small traces are replayed by TLC as it is and by TraceNext as it is
 * written, with all messages in TLC: the verdicts are the same.
 */
class ByTheBookTest {
    private static final int TRACES = 120;

    @Test
    void theEngineAndPlainTlcGiveTheSameVerdicts() {
        List<FastTool> tlc =
                IntStream.rangeClosed(1, 4).mapToObj(ByTheBookTest::plainTlc).toList();
        int diverged = 0;
        for (int k = 0; k < TRACES; k++) {
            int servers = 1 + k % 4;
            List<TraceEvent> events = TestRuns.events(k, servers, 60 + k % 60);
            String what = "none";
            if (k % 5 != 0) {
                Corruptions.Corrupted corrupted = new Corruptions(k).corrupt(events);
                events = corrupted.events();
                what = corrupted.what();
            }
            Verdict verdict = TraceValidatorTest.validate(TestRuns.header(servers), events);
            long explained = byTheBook(tlc.get(servers - 1), TestRuns.header(servers), events);
            // Of a message sent again, TraceNext cannot tell which of those in messages it was.
            boolean same = what.matches("(sent|msg)\\..*")
                    ? explained >= verdict.evidence().events()
                    : explained == verdict.evidence().events();
            assertTrue(same, "trace " + k + ", " + what + ": " + explained + ", " + verdict);
            diverged += verdict instanceof Verdict.Diverged ? 1 : 0;
        }
        assertTrue(diverged > TRACES / 3, "only " + diverged + " of the traces diverged");
    }

    /** TLC with RaftTrace.tla for so many servers, and nothing of ours. */
    private static FastTool plainTlc(int servers) {
        return SpecEvaluator.load(
                TestRuns.header(servers).servers(),
                (folder, resolver) -> new FastTool(folder, "RaftTrace", "RaftTrace", resolver));
    }

    /** How many of the events TraceNext explains, from the first on. */
    private static long byTheBook(FastTool tlc, TraceHeader header, List<TraceEvent> events) {
        TlcValues cluster = new TlcValues(header.servers());
        Value observes = cluster.observes(header.observes());
        OpDefNode traceNext = tlc.getRootModule().getOpDef(UniqueString.uniqueStringOf("TraceNext"));
        Action step = new Action(traceNext.getBody(), Context.Empty, traceNext);
        List<TLCState> states = List.of(tlc.getInitStates().elementAt(0));
        long explained = 0;
        for (TraceEvent event : events) {
            List<TLCState> next = new ArrayList<>();
            for (TLCState state : states) {
                StateVec after = tlc.getNextStates(
                        step,
                        SpecEvaluator.bind(state, cluster.event(event, observes, true), SpecEvaluator.messages(state)));
                for (int k = 0; k < after.size(); k++) {
                    next.add(after.elementAt(k));
                }
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
