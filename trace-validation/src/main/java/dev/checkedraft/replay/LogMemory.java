package dev.checkedraft.replay;

import dev.checkedraft.core.Action;
import dev.checkedraft.judge.Bytes;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import dev.checkedraft.trace.TraceAction;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tlc2.value.impl.LogValue;

/** How much memory the logs of a replay and its spec states take, counted event by event. */
final class LogMemory {
    /** What may put entries into a log. */
    private static final Set<TraceAction> LENGTHENING = EnumSet.of(
            TraceAction.PROPOSE,
            TraceAction.HANDLE_APPEND_ENTRIES,
            TraceAction.START_ELECTION,
            TraceAction.HANDLE_REQUEST_VOTE_RESPONSE,
            TraceAction.LEAD);

    private final TlcValues cluster;
    private final long little;

    /** What the entries of all logs so far take, those cut off included. */
    private long entries;

    /** How many entries were put into logs so far, into all of them together. */
    private long places;

    /**
     * @param little spec states that surely take no more than so many bytes need no closer look
     */
    LogMemory(TlcValues cluster, long little) {
        this.cluster = cluster;
        this.little = little;
    }

    LogMemory copy() {
        LogMemory copy = new LogMemory(cluster, little);
        copy.entries = entries;
        copy.places = places;
        return copy;
    }

    /** What they take after an event. */
    long held(EventValues report, List<SpecState> before, List<SpecState> after) {
        if (LENGTHENING.contains(report.event.action())) {
            int added = Math.max(0, longest(report, after) - shortest(report, before));
            places += added;
            entries += report.event.action().is(Action.HANDLE_APPEND_ENTRIES)
                    ? (long) Bytes.PLACE * added
                    : Bytes.made(report.event, added);
        }
        return entries + states(after);
    }

    private long states(List<SpecState> states) {
        long atMost = 0;
        for (SpecState state : states) {
            atMost += (long) Bytes.MEMBER * state.onlyHere().size();
            atMost += (long) Bytes.STATE * (1 + state.leaderships().size());
        }
        if (states.size() > 1 || !states.get(0).leaderships().isEmpty()) {
            atMost += Bytes.PLACE
                    * places
                    * states.size()
                    * (1 + states.get(0).leaderships().size());
        }
        return atMost > little ? Successors.bytes(states, cluster) : atMost;
    }

    private static int longest(EventValues report, List<SpecState> states) {
        int longest = 0;
        for (SpecState state : states) {
            longest = Math.max(longest, LogValue.length(SpecEvaluator.log(state.vars(), report.node)));
        }
        return longest;
    }

    private static int shortest(EventValues report, List<SpecState> states) {
        int shortest = Integer.MAX_VALUE;
        for (SpecState state : states) {
            shortest = Math.min(shortest, LogValue.length(SpecEvaluator.log(state.vars(), report.node)));
        }
        return shortest;
    }
}
