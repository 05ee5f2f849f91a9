package dev.checkedraft.judge;

import dev.checkedraft.core.Action;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.ServerState;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;

/**
 * The AppendEntries that leaders may have sent without the trace telling. Sending changes no server, and while a server
 * leads, its log and commit index only grow: whatever it could send at some time in a term, it can send in its last state
 * of that term. So no step is guessed until a message is needed; then it is looked up what its leader could have sent.
 */
public final class UnloggedSends {
    /** How many past leaderships a spec state remembers. */
    private static final int REMEMBERED = 64;

    /** How many messages may be listed that agree with what is known of one, from one state of a leader. */
    private static final long LISTED = 20_000;

    /** How many entries they may have, all together. */
    private static final long LISTED_ENTRIES = 2_000_000;

    /** What the messages may take that are listed from all leaders and past leaderships, and those kept for the next state. */
    private static final long LISTED_BYTES = 16L << 20;

    /** In place of what a list takes in memory: it was left out. */
    private static final long TOO_MANY = -1;

    /** What is kept of a listing beside its messages, in bytes. */
    private static final int LISTING = 1000;

    private final SpecEvaluator spec;
    private final TlcValues cluster;
    private final boolean any;
    private final boolean heartbeats;
    private final boolean one;
    private final Value nothingObserved;

    /** What was listed lately: the states of a frontier have most leaders in common. */
    private final Map<Listing, List<PackedMessage>> listed = new HashMap<>();

    private long listedBytes;

    /** What a leader in this state could send that agrees with what is known of a message. */
    private record Listing(ServerState leader, PackedMessage pattern) {}

    /** @param one whether of messages that differ in their commit index alone the one with the greatest is enough */
    public UnloggedSends(SpecEvaluator spec, Set<String> omits, boolean one) {
        this.one = one;
        this.spec = spec;
        this.cluster = spec.cluster();
        this.any = omits.contains("SendAppendEntries");
        this.heartbeats = any || omits.contains("Heartbeat");
        this.nothingObserved = cluster.observes(Set.of());
    }

    /** Whether the trace may lack sends at all. */
    public boolean exist() {
        return heartbeats;
    }

    /**
     * Messages that agree with what is known of one.
     *
     * @param isComplete false if some were left out because there would have been too many, or a leadership was forgotten
     */
    public record Matches(List<PackedMessage> messages, boolean isComplete) {
        static final Matches NONE = new Matches(List.of(), true);
    }

    /** A server's time as leader of a term. */
    public record Leadership(String leader, int term) {}

    /** The past leaderships, each with its last state, after {@code node} went from one state to another. */
    public Map<Leadership, TLCState> after(
            Map<Leadership, TLCState> past, String node, TLCState before, TLCState after) {
        if (!heartbeats || !leads(before, node) || (leads(after, node) && term(before, node) == term(after, node))) {
            return past;
        }
        Map<Leadership, TLCState> longer = new LinkedHashMap<>(past);
        longer.put(new Leadership(node, term(before, node)), before);
        if (longer.size() > REMEMBERED) {
            longer.remove(longer.keySet().iterator().next());
        }
        return Collections.unmodifiableMap(longer);
    }

    /**
     * The messages with all that is known of one that some leader could have sent up to this state.
     *
     * @param leaderships those that ended before it
     */
    public Matches matching(TLCState vars, Map<Leadership, TLCState> leaderships, PackedMessage pattern) {
        if (!heartbeats || pattern.kind != PackedMessage.Kind.APPEND_ENTRIES) {
            return Matches.NONE;
        }
        if (!any && pattern.entries != null && pattern.entries.size() > 0) {
            return Matches.NONE;
        }
        boolean isComplete = leaderships.size() < REMEMBERED;
        Set<PackedMessage> found = new LinkedHashSet<>();
        long bytes = 0;
        for (String server : cluster.servers()) {
            if (leads(vars, server)) {
                long added = addSendable(found, vars, server, pattern);
                isComplete &= added != TOO_MANY;
                bytes += added;
            }
        }
        for (Map.Entry<Leadership, TLCState> past : leaderships.entrySet()) {
            if (bytes > LISTED_BYTES) {
                isComplete = false;
                break;
            }
            long added = addSendable(found, past.getValue(), past.getKey().leader(), pattern);
            isComplete &= added != TOO_MANY;
            bytes += added;
        }
        return new Matches(new ArrayList<>(found), isComplete);
    }

    /** Adds what a leader could have sent in a state; returns what that takes in memory, or {@link #TOO_MANY}. */
    private long addSendable(Set<PackedMessage> found, TLCState state, String leader, PackedMessage pattern) {
        int place = cluster.place(leader);
        if (!fits(pattern.get(PackedMessage.FROM), place)
                || !fits(pattern.get(PackedMessage.TERM), term(state, leader))
                || pattern.get(PackedMessage.TO) == place) {
            return 0;
        }
        PackedMessage only = one ? only(state, leader, pattern) : null;
        if (only != null) {
            found.add(only);
            return Bytes.of(only);
        }
        Map<String, Object> known = cluster.known(pattern);
        if (!any) {
            known.put("entries", List.of());
        }
        if (!canList(state, leader, known)) {
            return TOO_MANY;
        }
        Listing listing = new Listing(ServerState.of(state, cluster.name(leader)), pattern);
        List<PackedMessage> sendable = listed.get(listing);
        if (sendable == null) {
            sendable = sendable(state, leader, known, pattern);
            keep(listing, sendable);
        }
        found.addAll(sendable);
        return bytes(sendable);
    }

    /** The message, where so much is known of it that only its commit index is open, if the leader could have sent it. */
    private @Nullable PackedMessage only(TLCState state, String leader, PackedMessage pattern) {
        Value entries = pattern.entries;
        LogSize size = pattern.size();
        int previous = pattern.get(PackedMessage.PREV_LOG_INDEX);
        int commit = pattern.get(PackedMessage.LEADER_COMMIT);
        if (previous == PackedMessage.UNKNOWN || (entries == null && size == null)) {
            return null;
        }
        long count = size != null ? size.length() : entries == null ? 0 : LogValue.length(entries);
        Value[] arguments = {
            cluster.name(leader),
            cluster.name(pattern.get(PackedMessage.TO)),
            IntValue.gen(previous),
            IntValue.gen((int) count),
            commit == PackedMessage.UNKNOWN ? at(state, "commitIndex", leader) : IntValue.gen(commit)
        };
        TLCState after = spec.any(Action.SEND_APPEND_ENTRIES.label(), state, null, arguments);
        if (after == null) {
            return null;
        }
        PackedMessage sent =
                cluster.packet((RecordValue) SpecEvaluator.messages(after).elems.elementAt(0));
        return sent.agreesWith(pattern) ? sent : null;
    }

    private void keep(Listing listing, List<PackedMessage> sendable) {
        if (listedBytes > LISTED_BYTES) {
            listed.clear();
            listedBytes = 0;
        }
        listed.put(listing, sendable);
        listedBytes += LISTING + bytes(sendable);
    }

    private static long bytes(List<PackedMessage> messages) {
        long bytes = 0;
        for (PackedMessage message : messages) {
            bytes += Bytes.of(message);
        }
        return bytes;
    }

    private List<PackedMessage> sendable(
            TLCState state, String leader, Map<String, Object> known, PackedMessage pattern) {
        List<PackedMessage> sendable = new ArrayList<>();
        TraceEvent send = new TraceEvent(Action.SEND_APPEND_ENTRIES, leader, known, null, null, Map.of());
        TLCState before = SpecEvaluator.bind(state, cluster.event(send, nothingObserved, true), SetEnumValue.EmptySet);
        for (TLCState after : spec.free(Action.SEND_APPEND_ENTRIES.label(), before)) {
            SetEnumValue sent = SpecEvaluator.messages(after);
            for (int k = 0; k < sent.elems.size(); k++) {
                PackedMessage packet = cluster.packet((RecordValue) sent.elems.elementAt(k));
                if (packet.agreesWith(pattern)) {
                    sendable.add(packet);
                }
            }
        }
        return sendable;
    }

    private static boolean fits(int known, int actual) {
        return known == PackedMessage.UNKNOWN || known == actual;
    }

    /** Whether an AppendEntries of which an event tells only part is one of few enough. */
    public boolean canList(TLCState state, TraceEvent send) {
        Map<String, Object> known = send.msg() == null ? Map.of() : send.msg();
        return canList(state, send.node(), known);
    }

    /** Whether what TLC would list is within the limits. */
    private boolean canList(TLCState state, String leader, Map<String, Object> known) {
        long length = 1L + LogValue.length(at(state, "log", leader));
        long choices = known.containsKey("to") ? 1 : cluster.servers().size();
        if (!known.containsKey("prevLogIndex")) {
            choices *= length;
        }
        if (!known.containsKey("entries")) {
            choices *= length;
        }
        if (!known.containsKey("leaderCommit")) {
            choices *= 1L + ((IntValue) at(state, "commitIndex", leader)).val;
        }
        long entries = known.get("entries") instanceof List<?> told ? told.size() : length / 2;
        return choices <= LISTED && choices * entries <= LISTED_ENTRIES;
    }

    private boolean leads(TLCState state, String server) {
        return ((StringValue) at(state, "role", server)).val.toString().equals("Leader");
    }

    private int term(TLCState state, String server) {
        return ((IntValue) at(state, "currentTerm", server)).val;
    }

    private Value at(TLCState state, String variable, String server) {
        return SpecEvaluator.valueAt(state, variable, cluster.name(server));
    }
}
