package dev.checkedraft.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.replay.Corruptions;
import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One run from several traces, in whatever order their events come in. */
class MergerTest {
    private static List<List<TraceEvent>> byServer(List<TraceEvent> events, int servers) {
        List<List<TraceEvent>> traces = new ArrayList<>();
        for (String server : TestRuns.header(servers).servers()) {
            traces.add(
                    events.stream().filter(event -> event.node().equals(server)).toList());
        }
        return traces;
    }

    /** Feeds the traces in a random interleaving, with a drain now and then. */
    private static Merger merge(List<List<TraceEvent>> traces, int servers, Random random) {
        Merger merger = new Merger(TraceValidator.open(TestRuns.header(servers)), traces.size());
        int[] next = new int[traces.size()];
        List<Integer> open = new ArrayList<>();
        for (int k = 0; k < traces.size(); k++) {
            open.add(k);
        }
        boolean goesOn = true;
        while (goesOn && !open.isEmpty()) {
            Integer k = open.get(random.nextInt(open.size()));
            if (next[k] == traces.get(k).size()) {
                merger.end(k);
                open.remove(k);
            } else {
                merger.add(k, traces.get(k).get(next[k]), new TraceLocation("n" + (k + 1), ++next[k] + 1));
            }
            goesOn = random.nextInt(4) != 0 || merger.drain();
        }
        merger.drain();
        return merger;
    }

    @Test
    void everyInterleavingOfARunIsAccepted() {
        for (int k = 0; k < 60; k++) {
            int servers = 1 + k % 5;
            List<TraceEvent> events = TestRuns.events(k % 12, servers, 400);
            Verdict verdict =
                    merge(byServer(events, servers), servers, new Random(k)).verdict();
            assertInstanceOf(Verdict.Accepted.class, verdict, "interleaving " + k + ": " + verdict);
            assertEquals(400, verdict.evidence().events(), "interleaving " + k);
        }
    }

    @Test
    void aCorruptedRunIsRejectedInEveryInterleaving() {
        int corrupted = 0;
        for (int k = 0; k < 40; k++) {
            int servers = 2 + k % 3;
            List<TraceEvent> events =
                    new Corruptions(k).corrupt(TestRuns.events(k, servers, 300)).events();
            List<List<TraceEvent>> traces = byServer(events, servers);
            int rejected = 0;
            for (int order = 0; order < 4; order++) {
                Verdict verdict = merge(traces, servers, new Random(order)).verdict();
                rejected += verdict instanceof Verdict.Diverged ? 1 : 0;
            }
            assertTrue(rejected == 0 || rejected == 4, "corruption " + k + " was rejected " + rejected + " times of 4");
            boolean inOneOrder =
                    TraceValidatorTest.validate(TestRuns.header(servers), events) instanceof Verdict.Diverged;
            // A merge may find a better order than the one given, never a worse one.
            assertTrue(inOneOrder || rejected == 0, "corruption " + k);
            corrupted += rejected > 0 ? 1 : 0;
        }
        assertTrue(corrupted > 20, "only " + corrupted + " were rejected");
    }

    @Test
    void anEventIsTakenBeforeTheOtherTracesHaveEnded() {
        List<TraceEvent> events = TestRuns.events(5, 3, 300);
        Merger merger = new Merger(TraceValidator.open(TestRuns.header(3)), 3);
        for (int k = 0; k < events.size(); k++) {
            int source = Integer.parseInt(events.get(k).node().substring(1)) - 1;
            merger.add(source, events.get(k), new TraceLocation("t", k + 2));
            assertTrue(merger.drain());
            assertEquals(k + 1, merger.verdict().evidence().events());
        }
    }
}
