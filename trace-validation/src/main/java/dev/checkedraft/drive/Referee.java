package dev.checkedraft.drive;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.MessageKind;
import dev.checkedraft.port.Answer;
import dev.checkedraft.port.Describe;
import dev.checkedraft.port.Failure;
import dev.checkedraft.port.Fields;
import dev.checkedraft.port.PortException;
import dev.checkedraft.port.PortPacket;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.schedule.TraceFromBase;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceSink;
import dev.checkedraft.validate.ServerView;
import dev.checkedraft.validate.TraceValidator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Judges what ports do: turns their answers into a trace's events, which the replay holds to the spec, and checks what
 * the spec does not speak of, such as who sent what to whom, and what was applied.
 */
final class Referee {
    private final Level level;
    private final int nodes;
    private final PortNetwork network;
    private final Setup setup;
    private final TraceSink sink;
    private final TraceValidator validator;

    /** The entries that some node applied: they are the same on every node. */
    private final List<Entry> appliedByAny = new ArrayList<>();

    private long applied = 0;

    /** The number of the step in the run, 0 before the first, and its id. */
    private int step = 0;

    private int stepId = 0;

    /**
     * Judges a run.
     *
     * @param network gets the messages that are sent
     * @param sink gets every event, the one that is no step of the spec too
     */
    Referee(Setup setup, Level level, PortNetwork network, TraceSink sink) {
        this.level = level;
        this.nodes = setup.nodes();
        this.setup = setup;
        this.network = network;
        this.validator = TraceValidator.open(new TraceHeader(Nodes.names(nodes), Set.of(), Map.of()));
        this.sink = sink;
    }

    /** Says which step what follows belongs to. */
    void begin(int number, int id) {
        step = number;
        stepId = id;
    }

    Evidence evidence() {
        return validator.verdict().evidence();
    }

    long applied() {
        return applied;
    }

    // Answers ---------------------------------------------------------------------------------------------------------

    /** A node answered {@code start}. */
    void started(PortNode node, Answer answer) throws NonConformance {
        String error = answer.error();
        if (error != null) {
            throw misbehaved(node, "refused to start: " + Fields.shorten(error));
        }
        Action action = answer.action();
        if (action != null && action != Action.RESTART) {
            throw misbehaved(node, "answered start with the action " + action.label());
        }
        if (node.isChangedBy(answer.persist()) || !answer.send().isEmpty() || answer.apply() != null) {
            throw misbehaved(node, "answered start with more than its state: it can have done nothing yet");
        }
        // What a restart begins with, unless the port says otherwise, is what it persisted.
        Map<String, Object> state = node.durableState();
        state.putAll(answer.state());
        node.started(answer);
        feed(node, new TraceEvent(Action.RESTART, node.name, null, null, null, state));
    }

    /** A node answered an input that it must refuse. */
    void mustRefuse(PortNode node, Answer answer, String what) throws NonConformance {
        if (answer.error() == null) {
            throw misbehaved(node, "took " + what + ", which it must refuse with an error");
        }
        checkNothingDone(node, answer, "refused " + what);
    }

    /**
     * A node answered an input.
     *
     * @param packet the message that was delivered; null if none was
     * @param left how many of its messages leave before it crashes
     */
    void handled(PortNode node, Input input, @Nullable PortPacket packet, Answer answer, int left)
            throws NonConformance {
        String error = answer.error();
        if (error != null) {
            if (input instanceof Deliver || input instanceof Tick || input instanceof Heartbeat) {
                throw misbehaved(node, "refused what it must handle: " + Fields.shorten(error));
            }
            checkNothingDone(node, answer, "refused an input");
            return;
        }
        Action action = action(node, input, packet, answer);
        if (action == null) {
            checkNothingDone(node, answer, "took no action");
        }
        guarded(node, () -> node.persist(answer.persist()));
        node.report(answer.state());
        Map<String, Object> sent = checkSent(node, action, packet, answer.send());
        if (action != null) {
            Map<String, Object> msg = packet == null ? null : packet.fields;
            String value = input instanceof Propose propose ? Values.text(propose.value()) : null;
            feed(node, new TraceEvent(action, node.name, msg, sent, value, state(node, answer)));
        }
        send(node, answer.send(), left);
        LogChange apply = answer.apply();
        if (apply != null) {
            apply(node, apply);
        }
    }

    /** The state fields of an event: as reported; and of the log what was persisted, unless something else was said. */
    private Map<String, Object> state(PortNode node, Answer answer) {
        Map<String, Object> state = new LinkedHashMap<>(answer.state());
        if (!state.containsKey("log")) {
            LogChange persisted = answer.persist().log();
            if (persisted != null) {
                state.put("log", persisted);
            } else if (level == Level.ALL) {
                // What it did not persist is not there.
                state.put("log", new LogChange(node.lastIndex() + 1L, List.of()));
            }
        }
        return state;
    }

    private @Nullable Action action(PortNode node, Input input, @Nullable PortPacket packet, Answer answer)
            throws NonConformance {
        Action wanted;
        if (packet != null) {
            wanted = packet.kind.handledBy();
        } else if (input instanceof Propose) {
            wanted = Action.PROPOSE;
        } else if (input instanceof Heartbeat) {
            wanted = null;
        } else {
            wanted = Action.START_ELECTION;
        }
        if (!answer.saysAction()) {
            return input instanceof Tick && !startsElection(node, answer) ? null : wanted;
        }
        Action action = answer.action();
        boolean mayDoNothing = input instanceof Tick || (input instanceof Timeout && !isKnownNotToLead(node));
        if (action == wanted || (action == null && mayDoNothing)) {
            return action;
        }
        throw misbehaved(
                node,
                "answered with the action " + (action == null ? "null" : action.label()) + ", not "
                        + (wanted == null ? "null" : wanted.label()));
    }

    private static boolean isKnownNotToLead(PortNode node) {
        return node.reported("role") != null && !node.saysRole("Leader");
    }

    private static boolean startsElection(PortNode node, Answer answer) {
        Long term = answer.persist().currentTerm();
        return (term != null && term > node.currentTerm())
                || answer.send().stream().anyMatch(message -> kind(message) == MessageKind.REQUEST_VOTE);
    }

    private void checkNothingDone(PortNode node, Answer answer, String what) throws NonConformance {
        if (node.isChangedBy(answer.persist())) {
            throw misbehaved(node, what + " and yet persisted something");
        }
        if (answer.error() != null && (!answer.send().isEmpty() || answer.apply() != null || answer.action() != null)) {
            throw misbehaved(node, what + " and yet did something");
        }
        String changed = node.changed(answer.state());
        if (changed != null) {
            throw misbehaved(node, what + " and yet changed " + changed);
        }
    }

    // Messages --------------------------------------------------------------------------------------------------------

    /**
     * Checks which messages were sent to whom; what they say is for the spec. A message may also be sent again.
     *
     * @return what the messages that the action sends have in common; null if there are none
     */
    private @Nullable Map<String, Object> checkSent(
            PortNode node, @Nullable Action action, @Nullable PortPacket packet, List<Map<String, Object>> send)
            throws NonConformance {
        MessageKind wanted = action == null || action == Action.SEND_APPEND_ENTRIES ? null : action.sends();
        Map<String, Object> common = null;
        List<Integer> receivers = new ArrayList<>();
        for (Map<String, Object> message : send) {
            MessageKind kind = kind(message);
            int to = receiver(message);
            if (!node.name.equals(message.get("from"))) {
                throw misbehaved(node, "sent " + kind.label() + " in the name of " + message.get("from"));
            }
            if (to == node.number) {
                throw misbehaved(node, "sent " + kind.label() + " to itself");
            }
            if (kind == MessageKind.APPEND_ENTRIES) {
                continue;
            }
            boolean isDue = kind == wanted && !receivers.contains(to) && (packet == null || to == packet.from);
            if (!isDue) {
                if (network.hasSent(message)) {
                    continue;
                }
                if (kind == wanted && receivers.contains(to)) {
                    throw misbehaved(
                            node,
                            "did " + (action == null ? "nothing" : action.label()) + " and sent a " + kind.label()
                                    + " twice to " + message.get("to") + without(node, kind, packet, send));
                }
                throw misbehaved(
                        node,
                        "sent a " + kind.label() + " to " + message.get("to") + ", which "
                                + (action == null ? "no action" : action.label()) + " does not send there");
            }
            receivers.add(to);
            Map<String, Object> said = new LinkedHashMap<>(message);
            said.keySet().removeAll(List.of("type", "from", "to"));
            if (common != null && !common.equals(said)) {
                throw misbehaved(
                        node,
                        "sent a " + kind.label() + " " + PortPacket.describe(common) + " and another "
                                + PortPacket.describe(said));
            }
            common = said;
        }
        int due = wanted == null ? 0 : wanted == MessageKind.REQUEST_VOTE ? nodes - 1 : 1;
        if (wanted != null && action != null && receivers.size() < due) {
            throw misbehaved(
                    node,
                    "did " + action.label() + " and sent " + receivers.size() + " " + wanted.label() + ", not " + due
                            + without(node, wanted, packet, send));
        }
        return common;
    }

    /** To whom a message of that kind was due, and was not sent, in words. */
    private String without(
            PortNode node, MessageKind kind, @Nullable PortPacket packet, List<Map<String, Object>> send) {
        List<String> missing = new ArrayList<>();
        for (int other = 1; other <= nodes; other++) {
            int to = other;
            boolean due = packet == null ? other != node.number : other == packet.from;
            if (due && send.stream().noneMatch(message -> kind(message) == kind && receiver(message) == to)) {
                missing.add("none to " + Nodes.name(other));
            }
        }
        return missing.isEmpty() ? "" : " and " + String.join(", ", missing);
    }

    private void send(PortNode node, List<Map<String, Object>> send, int left) throws NonConformance {
        int leave = left;
        for (Map<String, Object> message : send) {
            MessageKind kind = kind(message);
            if (kind == MessageKind.APPEND_ENTRIES) {
                if (level == Level.ELECTION) {
                    continue;
                }
                feed(node, new TraceEvent(Action.SEND_APPEND_ENTRIES, node.name, message, null, null, Map.of()));
            }
            if (leave-- > 0) {
                network.send(message, kind, node.number, receiver(message), stepId);
            }
        }
    }

    private static int receiver(Map<String, Object> message) {
        return PortNetwork.number(String.valueOf(message.get("to")));
    }

    private static MessageKind kind(Map<String, Object> message) {
        MessageKind kind = MessageKind.named(String.valueOf(message.get("type")));
        if (kind == null) {
            throw new IllegalArgumentException("no kind of message is called " + message.get("type"));
        }
        return kind;
    }

    /** A message is sent in a node's name. */
    void sendFor(PortNode node, Map<String, Object> message) throws NonConformance {
        send(node, List.of(message), 1);
    }

    /** A node as the spec has it by now; null if more than one state may be it. */
    @Nullable
    ServerView view(PortNode node) {
        ServerView view = validator.server(node.name);
        return view == null ? null : view.from(setup.baseTerm(), setup.baseLog());
    }

    // Applied entries -------------------------------------------------------------------------------------------------

    private void apply(PortNode node, LogChange apply) throws NonConformance {
        guarded(node, () -> node.apply(apply, level == Level.ALL));
        applied += apply.entries().size();
        for (int k = 0; k < apply.entries().size(); k++) {
            int index = (int) apply.from() + k;
            Entry entry = apply.entries().get(k);
            if (index > appliedByAny.size()) {
                appliedByAny.add(entry);
            } else if (!appliedByAny.get(index - 1).equals(entry)) {
                throw failed(
                        node,
                        Failure.Kind.APPLIED,
                        "applied " + Describe.value(entry) + " at index " + index + ", where another node applied "
                                + Describe.value(appliedByAny.get(index - 1)));
            }
        }
    }

    // Verdicts --------------------------------------------------------------------------------------------------------

    private void feed(PortNode node, TraceEvent said) throws NonConformance {
        // Where a cluster does not begin with nothing, terms and indexes count from there.
        TraceEvent event = TraceFromBase.told(setup, said);
        sink.accept(event);
        boolean accepted;
        try {
            accepted = validator.feed(event, Explanations.at(step));
        } catch (IllegalArgumentException e) {
            throw misbehaved(node, "did what no trace can say: " + e.getMessage());
        }
        if (accepted) {
            return;
        }
        Verdict verdict = validator.verdict();
        if (verdict instanceof Verdict.Diverged diverged) {
            List<String> why = Explanations.of(diverged.divergence());
            throw new NonConformance(new Failure(
                    Failure.Kind.DIVERGED, step, event.action().raft(), why.get(0), why.subList(1, why.size())));
        }
        if (verdict instanceof Verdict.Unsafe unsafe) {
            throw new NonConformance(
                    new Failure(Failure.Kind.DIVERGED, step, event.action().raft(), unsafe.headline(), List.of()));
        }
        throw failed(node, Failure.Kind.UNDECIDED, "did more than the replay keeps track of");
    }

    private NonConformance misbehaved(PortNode node, String text) {
        return failed(node, Failure.Kind.MISBEHAVED, text);
    }

    /** A failure at the current step. */
    NonConformance failed(PortNode node, Failure.Kind kind, @Nullable String text) {
        return new NonConformance(new Failure(kind, step, null, node.name + " " + text, List.of()));
    }

    private interface Deed {
        void run() throws PortException;
    }

    private void guarded(PortNode node, Deed deed) throws NonConformance {
        try {
            deed.run();
        } catch (PortException e) {
            throw failed(node, e.kind(), e.getMessage());
        }
    }
}
