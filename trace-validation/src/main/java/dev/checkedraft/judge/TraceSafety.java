package dev.checkedraft.judge;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.safety.Observation;
import dev.checkedraft.safety.Property;
import dev.checkedraft.safety.SafetyChecker;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.tlc.Entries;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;

/**
 * The safety properties of {@code spec/RaftProperties.tla} along a behavior of the spec, at a cost that does not grow with the
 * logs. The model checker has shown them within bounds; a trace goes beyond those.
 */
public final class TraceSafety {
    /** All of the simulator's but those that are about the Java core. */
    public static final Set<Property> PROPERTIES = Collections.unmodifiableSet(
            EnumSet.complementOf(EnumSet.of(Property.PERSISTED, Property.NO_EXCEPTION, Property.DETERMINISM)));

    private final TlcValues cluster;
    private final SafetyChecker checker;

    /** Of those, what holds of any Raft: one may commit what is not on its own disk yet. */
    public static final Set<Property> OF_ANY = Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(
            Property.PERSISTED, Property.NO_EXCEPTION, Property.DETERMINISM, Property.COMMITTED_ENTRIES_SURVIVE)));

    public TraceSafety(TlcValues cluster, Set<Property> properties) {
        this.cluster = cluster;
        List<String> servers = cluster.servers();
        checker = new SafetyChecker(servers.size(), properties, node -> servers.get(node - 1));
    }

    /**
     * Takes the step of an event.
     *
     * @return the property that does not hold after it, and why; null if all hold
     */
    public @Nullable SafetyViolation check(EventValues report, TLCState before, TLCState after) {
        Value role = SpecEvaluator.valueAt(after, "role", report.node);
        boolean leads = ((StringValue) role).val.equals("Leader");
        String vote = string(SpecEvaluator.valueAt(after, "votedFor", report.node));
        Observation seen = new Observation(
                report.place + 1,
                report.event.action().is(Action.RESTART),
                number(SpecEvaluator.valueAt(after, "currentTerm", report.node)),
                vote.isEmpty() ? null : vote,
                leads,
                number(SpecEvaluator.valueAt(after, "commitIndex", report.node)),
                leads ? matchIndex(SpecEvaluator.valueAt(after, "matchIndex", report.node)) : List.of(),
                change(report, before, after),
                null);
        try {
            checker.check(0, seen);
            return null;
        } catch (SafetyViolation e) {
            return e;
        }
    }

    private List<Long> matchIndex(Value match) {
        Long[] indexes = new Long[cluster.servers().size()];
        for (int k = 0; k < indexes.length; k++) {
            indexes[k] = number(SpecEvaluator.at(match, cluster.name(k)));
        }
        return List.of(indexes);
    }

    private static @Nullable LogChange change(EventValues report, TLCState before, TLCState after) {
        if (report.event.state().get("log") instanceof LogChange told) {
            return told;
        }
        Value old = SpecEvaluator.valueAt(before, "log", report.node);
        Value now = SpecEvaluator.valueAt(after, "log", report.node);
        if (now.equals(old)) {
            return null;
        }
        int same = LogValue.commonPrefix(old, now);
        Value rest = LogValue.subSeq(now, IntValue.gen(same + 1), IntValue.gen(LogValue.length(now)));
        return new LogChange(same + 1L, Entries.list(rest));
    }

    private static long number(Value value) {
        return ((IntValue) value).val;
    }

    private static String string(Value value) {
        return ((StringValue) value).val.toString();
    }
}
