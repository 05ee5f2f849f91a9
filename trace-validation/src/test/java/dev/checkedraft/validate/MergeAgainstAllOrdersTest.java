package dev.checkedraft.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.replay.ShortRuns;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.TraceAction;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The merge against a search of all orders: it may leave undecided what that decides, and never contradict it. */
class MergeAgainstAllOrdersTest {
    private static final int RUNS = Integer.getInteger("checkedraft.merge.runs", 2500);
    private static final long FIRST_SEED = Long.getLong("checkedraft.merge.seed", 0);
    private static final int SPLITS = 4;

    private final Map<String, Integer> verdicts = new LinkedHashMap<>();
    private int tooMuch;

    @Test
    void neverContradictsASearchOfAllOrders() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
            ShortRuns.Told told = ShortRuns.run(seed);
            AllOrders orders = new AllOrders(told.header());
            Random random = new Random(seed);
            for (int split = 0; split < SPLITS; split++) {
                compare(told, orders, random, "seed " + seed + ", split " + split);
            }
        }
        System.out.println("merges against all orders: " + verdicts + ", not compared " + tooMuch);
        assertTrue(count("Accepted") > RUNS && count("Diverged") > RUNS, verdicts::toString);
        // Undecided are those with tight limits.
        assertTrue(count("Undecided") < RUNS / 4 && tooMuch < RUNS / 10, verdicts::toString);
    }

    private int count(String verdict) {
        return verdicts.getOrDefault(verdict, 0);
    }

    private void compare(ShortRuns.Told told, AllOrders orders, Random random, String name) {
        List<List<TraceEvent>> traces = split(told, random);
        boolean isTight = random.nextInt(8) == 0;
        ValidatorOptions options = isTight
                ? new ValidatorOptions(1 + random.nextInt(12), 1 + random.nextInt(12))
                : ValidatorOptions.DEFAULT;
        int likely = random.nextBoolean() ? 1 : 1 << (2 * random.nextInt(4));
        Verdict verdict = merge(told.header(), traces, options, likely, random);
        OptionalInt ends = orders.ends(traces);
        if (ends.isEmpty()) {
            tooMuch++;
            return;
        }
        verdicts.merge(verdict.getClass().getSimpleName(), 1, Integer::sum);
        if (verdict instanceof Verdict.Accepted) {
            assertTrue(ends.getAsInt() > 0, () -> name + ": accepted, and no order explains it: " + traces);
            assertEquals(byAction(told.events()), verdict.evidence().byAction(), name);
            assertEquals(told.events().size(), verdict.evidence().events(), name);
        } else if (verdict instanceof Verdict.Diverged) {
            assertEquals(0, ends.getAsInt(), () -> name + ": diverged, and some order explains it: " + traces);
        } else {
            Verdict.Undecided undecided = (Verdict.Undecided) verdict;
            assertTrue(isTight, () -> name + ": " + undecided.limit());
        }
    }

    private static Map<TraceAction, Long> byAction(List<TraceEvent> events) {
        Map<TraceAction, Long> counts = new LinkedHashMap<>();
        for (TraceAction action : TraceAction.OF_RAFT) {
            counts.put(
                    action,
                    events.stream().filter(event -> event.action() == action).count());
        }
        return counts;
    }

    /** Each server's events in one of up to as many traces as there are servers, in the order in which they were told. */
    private static List<List<TraceEvent>> split(ShortRuns.Told told, Random random) {
        Map<String, List<TraceEvent>> traceOf = new LinkedHashMap<>();
        List<List<TraceEvent>> traces = new ArrayList<>();
        for (String server : told.header().servers()) {
            if (traces.isEmpty() || random.nextInt(4) > 0) {
                traces.add(random.nextInt(traces.size() + 1), new ArrayList<>());
            }
            traceOf.put(server, traces.get(random.nextInt(traces.size())));
        }
        told.events().forEach(event -> traceOf.get(event.node()).add(event));
        return traces;
    }

    /** Gives a merger the traces in a random interleaving, with a drain now and then. */
    private static Verdict merge(
            TraceHeader header, List<List<TraceEvent>> traces, ValidatorOptions options, int likely, Random random) {
        SpecEvaluator spec = SpecEvaluator.of(header.servers());
        Merger merger = new Merger(TraceValidator.open(header, options, "trace", spec, likely), traces.size());
        int[] next = new int[traces.size()];
        List<Integer> open = new ArrayList<>();
        for (int k = 0; k < traces.size(); k++) {
            open.add(k);
        }
        int patience = random.nextInt(5);
        while (!open.isEmpty()) {
            Integer k = open.get(random.nextInt(open.size()));
            if (next[k] == traces.get(k).size()) {
                merger.end(k);
                open.remove(k);
            } else {
                merger.add(k, traces.get(k).get(next[k]), new TraceLocation("t" + k, ++next[k] + 1));
            }
            if (random.nextInt(5) >= patience) {
                merger.drain();
            }
        }
        merger.drain();
        return merger.verdict();
    }
}
