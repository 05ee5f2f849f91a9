package dev.checkedraft.tlc;

import dev.checkedraft.core.LogChange;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceEvent;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.Value;
import util.UniqueString;

/**
 * Whether a step of the spec agrees with all that an event reports: {@code Observed} of RaftTrace.tla, said once more in
 * Java, since TLC takes as long for it as for the step. ByTheBookTest replays traces by both.
 */
public final class Agreement {
    private static final int FIELDS = TraceEvent.STATE_FIELDS.size();
    private static final int MATCH_INDEX = TraceEvent.STATE_FIELDS.indexOf("matchIndex");
    private static final int LOG = TraceEvent.STATE_FIELDS.indexOf("log");
    private static final UniqueString[] VARIABLES =
            TraceEvent.STATE_FIELDS.stream().map(UniqueString::uniqueStringOf).toArray(UniqueString[]::new);

    private final TlcValues cluster;
    /** By the field's place. */
    private final boolean[] observes = new boolean[FIELDS];

    private final boolean observesStored;

    /** For the traces of a cluster whose events report every change of these fields. */
    public Agreement(TlcValues cluster, Set<String> observed) {
        this.cluster = cluster;
        observesStored = observed.contains(TraceEvent.STORED);
        for (int k = 0; k < FIELDS; k++) {
            observes[k] = observed.contains(TraceEvent.STATE_FIELDS.get(k));
        }
    }

    /**
     * What a server's field was after an event, by what the trace tells; null if that is not known. A log is known here only
     * if it is as before.
     */
    public @Nullable Value known(EventValues report, TLCState before, String field) {
        int k = TraceEvent.STATE_FIELDS.indexOf(field);
        Value reported = report.state[k];
        if (reported != null) {
            return reported;
        }
        return isAsBefore(report, k) ? at((Value) before.lookup(VARIABLES[k]), report) : null;
    }

    /** Whether the event tells of a field, if only by leaving it out. */
    public boolean tells(EventValues report, String field) {
        return report.event.state().containsKey(field) || isAsBefore(report, TraceEvent.STATE_FIELDS.indexOf(field));
    }

    private boolean isAsBefore(EventValues report, int field) {
        String name = TraceEvent.STATE_FIELDS.get(field);
        return observes[field]
                && !report.event.unknown().contains(name)
                && !report.event.state().containsKey(name);
    }

    /** Whether a server's log after an event is as long as the event tells; and ends in the term that it tells. */
    public boolean logSizeHolds(TraceEvent event, TLCState after) {
        return !(event.state().get("log") instanceof LogSize size)
                || Entries.have(SpecEvaluator.log(after, cluster.name(event.node())), size);
    }

    /** How much of the server's log is on its disk, which only version 2 tells. */
    public boolean storedHolds(EventValues report, TLCState before, TLCState after) {
        Object told = report.event.state().get(TraceEvent.STORED);
        if (told == null && (!observesStored || report.event.unknown().contains(TraceEvent.STORED))) {
            return true;
        }
        long expected = told instanceof Long index ? index : stored(report, before);
        return stored(report, after) == expected;
    }

    /** Up to where a server's log is on its disk. */
    private static long stored(EventValues report, TLCState state) {
        Value log = SpecEvaluator.log(state, report.node);
        Value disk = SpecEvaluator.stored(state, report.node);
        return log == disk ? LogValue.length(log) : LogValue.commonPrefix(log, disk);
    }

    /** Whether the event may have been the step from one state to another in which these messages were sent. */
    public boolean holds(EventValues report, TLCState before, TLCState after, List<PackedMessage> sent) {
        for (int k = 0; k < FIELDS; k++) {
            if (!holds(report, k, (Value) before.lookup(VARIABLES[k]), (Value) after.lookup(VARIABLES[k]))) {
                return false;
            }
        }
        return hasSent(report, sent);
    }

    private boolean holds(EventValues report, int field, Value before, Value after) {
        Value reported = report.state[field];
        if (reported == null && field == LOG && report.event.state().get("log") instanceof LogSize size) {
            return Entries.have(at(after, report), size);
        }
        if (reported == null && report.event.unknown().contains(TraceEvent.STATE_FIELDS.get(field))) {
            return true;
        }
        if (reported == null) {
            return !observes[field] || before == after || at(before, report).equals(at(after, report));
        }
        if (field == MATCH_INDEX) {
            return matchIndexHolds(report, (RecordValue) reported, at(before, report), at(after, report));
        }
        if (field == LOG) {
            return logHolds(report, reported, at(before, report), at(after, report));
        }
        return reported.equals(at(after, report));
    }

    private static Value at(Value variable, EventValues report) {
        return SpecEvaluator.at(variable, report.node);
    }

    /** An event reports the servers for which {@code matchIndex} changed. */
    private boolean matchIndexHolds(EventValues report, RecordValue reported, Value before, Value after) {
        for (String server : cluster.servers()) {
            Value name = cluster.name(server);
            @Nullable Value told = reported.select(name);
            boolean holds = told == null
                    ? !observes[MATCH_INDEX]
                            || report.event.unknown().contains("matchIndex")
                            || SpecEvaluator.at(before, name).equals(SpecEvaluator.at(after, name))
                    : told.equals(SpecEvaluator.at(after, name));
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    /** An event reports an index of the log, and everything from there on. */
    private static boolean logHolds(EventValues report, Value entries, Value before, Value after) {
        if (!(report.event.state().get("log") instanceof LogChange change)
                || change.from() > ((IntValue) LogValue.len(before)).val + 1) {
            return false;
        }
        Value kept = LogValue.subSeq(before, IntValue.gen(1), IntValue.gen((int) change.from() - 1));
        return LogValue.concat(kept, entries).equals(after);
    }

    private static boolean hasSent(EventValues report, List<PackedMessage> sent) {
        PackedMessage told = report.sent;
        if (told == null) {
            return true;
        }
        for (PackedMessage packet : sent) {
            if (!packet.agreesWith(told)) {
                return false;
            }
        }
        return !sent.isEmpty();
    }
}
