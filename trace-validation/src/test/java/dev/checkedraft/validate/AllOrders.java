package dev.checkedraft.validate;

import dev.checkedraft.core.Action;
import dev.checkedraft.tlc.Agreement;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.ServerState;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import tlc2.tool.TLCState;
import tlc2.tool.impl.ReplayTool;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;

/**
 * Whether some order of several traces' events is a behavior of the spec, by trying them all: for every number of events
 * taken of each trace, all states of the cluster, with all messages sent, in which that may end. Knows nothing of what order
 * is better than another, of what may be forgotten, or of which states are alike. For runs of a few events.
 */
final class AllOrders {
    private static final int TOO_MANY = 30_000;

    private final TraceHeader header;
    private final SpecEvaluator spec;
    private final TlcValues cluster;
    private final Agreement agreement;
    private final ReplayTool.Visits visits;

    /** States of one server, and messages, each with its number. */
    private final List<ServerState> servers = new ArrayList<>();

    private final Map<ServerState, Integer> serverNumbers = new HashMap<>();
    private final List<PackedMessage> messages = new ArrayList<>();
    private final Map<PackedMessage, Integer> messageNumbers = new HashMap<>();

    private final Map<Key, List<Local>> steps = new HashMap<>();
    private final Map<Integer, BitSet> unlogged = new HashMap<>();

    /** A state of the cluster: the number of each server's state, and those of all messages sent. */
    private record State(List<Integer> servers, BitSet sent) {}

    private record Key(int server, TraceEvent event, int message) {}

    /** What a step makes of its server, and the messages it sends. */
    private record Local(int server, BitSet sent) {}

    AllOrders(TraceHeader header) {
        this.header = header;
        spec = SpecEvaluator.of(header.servers());
        cluster = spec.cluster();
        agreement = new Agreement(cluster, header.observes());
        visits = new ReplayTool.Visits(spec.branches().size());
    }

    /** How many states all events may end in; nothing if that is too much work. */
    OptionalInt ends(List<List<TraceEvent>> traces) {
        int cells = 1;
        int[] stride = new int[traces.size()];
        for (int k = 0; k < stride.length; k++) {
            stride[k] = cells;
            cells *= traces.get(k).size() + 1;
        }
        List<Set<State>> reached = new ArrayList<>();
        for (int k = 0; k < cells; k++) {
            reached.add(new HashSet<>());
        }
        reached.get(0).add(initial());
        int states = 0;
        for (int cell = 0; cell < cells; cell++) {
            states += reached.get(cell).size();
            if (states > TOO_MANY) {
                return OptionalInt.empty();
            }
            for (int k = 0; k < stride.length; k++) {
                int taken = cell / stride[k] % (traces.get(k).size() + 1);
                if (taken < traces.get(k).size()) {
                    Set<State> next = reached.get(cell + stride[k]);
                    EventValues report = new EventValues(traces.get(k).get(taken), cluster);
                    reached.get(cell).forEach(state -> step(state, report, next));
                }
            }
        }
        return OptionalInt.of(reached.get(cells - 1).size());
    }

    private State initial() {
        List<Integer> numbers = new ArrayList<>();
        for (String server : header.servers()) {
            numbers.add(number(ServerState.of(spec.initial(), cluster.name(server))));
        }
        return new State(numbers, new BitSet());
    }

    private void step(State state, EventValues report, Set<State> next) {
        if (report.handled == null) {
            step(state, report, -1, next);
            return;
        }
        for (int k = state.sent.nextSetBit(0); k >= 0; k = state.sent.nextSetBit(k + 1)) {
            PackedMessage message = messages.get(k);
            if (message.agreesWith(report.handled) && message.get(PackedMessage.TO) == report.place) {
                step(state, report, k, next);
            }
        }
    }

    private void step(State state, EventValues report, int message, Set<State> next) {
        int server = state.servers.get(report.place);
        for (Local local : steps.computeIfAbsent(new Key(server, report.event, message), key -> local(key, report))) {
            List<Integer> after = new ArrayList<>(state.servers);
            after.set(report.place, local.server);
            BitSet sent = (BitSet) state.sent.clone();
            sent.or(local.sent);
            sent.or(unlogged.computeIfAbsent(local.server, number -> unlogged(number, report.event.node())));
            next.add(new State(after, sent));
        }
    }

    private List<Local> local(Key key, EventValues report) {
        TLCState before = state(key.server);
        RecordValue handled = key.message < 0 ? null : cluster.message(messages.get(key.message));
        List<Local> locals = new ArrayList<>();
        for (TLCState after : spec.steps(report, before, handled, visits)) {
            List<PackedMessage> sent = new ArrayList<>();
            for (PackedMessage packet : packets(after)) {
                if (key.message < 0 || !packet.equals(messages.get(key.message))) {
                    sent.add(packet);
                }
            }
            if (agreement.holds(report, before, after, sent)) {
                locals.add(new Local(number(ServerState.of(after, report.node)), numbers(sent)));
            }
        }
        return locals;
    }

    /** All that a leader in this state may have sent without the trace telling. */
    private BitSet unlogged(int server, String node) {
        if (header.omits().isEmpty()) {
            return new BitSet();
        }
        Map<String, Object> known =
                header.omits().contains("SendAppendEntries") ? Map.of() : Map.of("entries", List.of());
        TraceEvent send = new TraceEvent(Action.SEND_APPEND_ENTRIES, node, known, null, null, Map.of());
        TLCState before = SpecEvaluator.bind(
                state(server), cluster.event(send, cluster.observes(Set.of()), true), SetEnumValue.EmptySet);
        BitSet sent = new BitSet();
        spec.free(Action.SEND_APPEND_ENTRIES.label(), before).forEach(after -> sent.or(numbers(packets(after))));
        return sent;
    }

    private TLCState state(int server) {
        return servers.get(server).in(SpecEvaluator.unbind(spec.initial().copy()));
    }

    private List<PackedMessage> packets(TLCState after) {
        List<PackedMessage> packets = new ArrayList<>();
        SetEnumValue all = SpecEvaluator.messages(after);
        for (int k = 0; k < all.elems.size(); k++) {
            packets.add(cluster.packet((RecordValue) all.elems.elementAt(k)));
        }
        return packets;
    }

    private int number(ServerState state) {
        return serverNumbers.computeIfAbsent(state, its -> {
            servers.add(its);
            return servers.size() - 1;
        });
    }

    private BitSet numbers(List<PackedMessage> packets) {
        BitSet numbers = new BitSet();
        for (PackedMessage packet : packets) {
            numbers.set(messageNumbers.computeIfAbsent(packet, its -> {
                messages.add(its);
                return messages.size() - 1;
            }));
        }
        return numbers;
    }
}
