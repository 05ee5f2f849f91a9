package dev.checkedraft.judge;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
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
     * Takes a state in which a trace begins: first the logs, then what of them is committed.
     *
     * @return false if the properties do not hold there
     */
    public boolean begin(TLCState state) {
        try {
            for (boolean commits : new boolean[] {false, true}) {
                for (String server : cluster.servers()) {
                    begin(state, server, commits);
                }
            }
            return true;
        } catch (SafetyViolation e) {
            return false;
        }
    }

    private void begin(TLCState state, String server, boolean commits) {
        Value name = cluster.name(server);
        String vote = string(SpecEvaluator.valueAt(state, "votedFor", name));
        List<Entry> entries = Entries.list(SpecEvaluator.log(state, name));
        checker.check(
                0,
                new Observation(
                        cluster.place(server) + 1,
                        !commits,
                        number(SpecEvaluator.valueAt(state, "currentTerm", name)),
                        vote.isEmpty() ? null : vote,
                        false,
                        commits ? number(SpecEvaluator.valueAt(state, "commitIndex", name)) : 0,
                        List.of(),
                        commits || entries.isEmpty() ? null : new LogChange(1, entries),
                        null));
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
