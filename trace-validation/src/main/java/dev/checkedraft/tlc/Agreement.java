package dev.checkedraft.tlc;

import dev.checkedraft.core.LogChange;
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

    /** For the traces of a cluster whose events report every change of these fields. */
    public Agreement(TlcValues cluster, Set<String> observed) {
        this.cluster = cluster;
        for (int k = 0; k < FIELDS; k++) {
            observes[k] = observed.contains(TraceEvent.STATE_FIELDS.get(k));
        }
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
        if (reported == null) {
            return !observes[field] || before == after || at(before, report).equals(at(after, report));
        }
        if (field == MATCH_INDEX) {
            return matchIndexHolds((RecordValue) reported, at(before, report), at(after, report));
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
    private boolean matchIndexHolds(RecordValue reported, Value before, Value after) {
        for (String server : cluster.servers()) {
            Value name = cluster.name(server);
            @Nullable Value told = reported.select(name);
            boolean holds = told == null
                    ? !observes[MATCH_INDEX] || SpecEvaluator.at(before, name).equals(SpecEvaluator.at(after, name))
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
