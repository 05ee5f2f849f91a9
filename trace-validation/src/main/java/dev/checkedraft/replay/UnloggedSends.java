package dev.checkedraft.replay;

import dev.checkedraft.core.Action;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tlc2.tool.TLCState;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;

/**
 * The AppendEntries that leaders may have sent without the trace telling. Sending changes no server, and while a server
 * leads, its log and commit index only grow: whatever it could send at some time in a term, it can send in its last state
 * of that term. So no step is guessed until a message is needed; then it is looked up what its leader could have sent.
 */
final class UnloggedSends {
    /** How many past leaderships a spec state remembers. */
    private static final int REMEMBERED = 64;

    /** How many messages may be listed that agree with what is known of one. */
    private static final long LISTED = 20_000;

    private final SpecEvaluator spec;
    private final TlcValues cluster;
    private final boolean any;
    private final boolean heartbeats;
    private final Value nothingObserved;

    /** Whether a list was left out because it would have been too long, or a leadership forgotten. */
    boolean incomplete;

    UnloggedSends(SpecEvaluator spec, Set<String> omits) {
        this.spec = spec;
        this.cluster = spec.cluster();
        this.any = omits.contains("SendAppendEntries");
        this.heartbeats = any || omits.contains("Heartbeat");
        this.nothingObserved = cluster.observes(Set.of());
    }

    /** Whether the trace may lack sends at all. */
    boolean exist() {
        return heartbeats;
    }

    /** A server's time as leader of a term. */
    record Leadership(String leader, int term) {}

    /** The past leaderships, each with its last state, after {@code node} went from one state to another. */
    Map<Leadership, TLCState> after(Map<Leadership, TLCState> past, String node, TLCState before, TLCState after) {
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

    /** The messages with all that is known of one that some leader could have sent up to this state. */
    List<PackedMessage> matching(SpecState state, PackedMessage pattern) {
        List<PackedMessage> found = new ArrayList<>();
        if (!heartbeats || pattern.kind != PackedMessage.Kind.APPEND_ENTRIES) {
            return found;
        }
        if (!any && pattern.entries != null && pattern.entries.size() > 0) {
            return found;
        }
        incomplete |= state.leaderships().size() == REMEMBERED;
        for (String server : cluster.servers()) {
            if (leads(state.vars(), server)) {
                addSendable(found, state.vars(), server, pattern);
            }
        }
        state.leaderships().forEach((past, last) -> addSendable(found, last, past.leader(), pattern));
        return found;
    }

    private void addSendable(List<PackedMessage> found, TLCState state, String leader, PackedMessage pattern) {
        int place = cluster.place(leader);
        if (!fits(pattern.get(PackedMessage.FROM), place)
                || !fits(pattern.get(PackedMessage.TERM), term(state, leader))
                || pattern.get(PackedMessage.TO) == place) {
            return;
        }
        Map<String, Object> known = cluster.known(pattern);
        if (!any) {
            known.put("entries", List.of());
        }
        if (choices(state, leader, known) > LISTED) {
            incomplete = true;
            return;
        }
        TraceEvent send = new TraceEvent(Action.SEND_APPEND_ENTRIES, leader, known, null, null, Map.of());
        TLCState before = SpecEvaluator.bind(state, cluster.event(send, nothingObserved, true), SetEnumValue.EmptySet);
        for (TLCState after : spec.free(Action.SEND_APPEND_ENTRIES.label(), before)) {
            SetEnumValue sent = SpecEvaluator.messages(after);
            for (int k = 0; k < sent.elems.size(); k++) {
                PackedMessage packet = cluster.packet((RecordValue) sent.elems.elementAt(k));
                if (packet.agreesWith(pattern) && !found.contains(packet)) {
                    found.add(packet);
                }
            }
        }
    }

    private static boolean fits(int known, int actual) {
        return known == PackedMessage.UNKNOWN || known == actual;
    }

    /** How many messages TLC would list. */
    private long choices(TLCState state, String leader, Map<String, Object> known) {
        long length = 1L + at(state, "log", leader).size();
        long choices = 1;
        if (!known.containsKey("prevLogIndex")) {
            choices *= length;
        }
        if (!known.containsKey("entries")) {
            choices *= length;
        }
        if (!known.containsKey("leaderCommit")) {
            choices *= 1L + ((IntValue) at(state, "commitIndex", leader)).val;
        }
        return choices;
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
