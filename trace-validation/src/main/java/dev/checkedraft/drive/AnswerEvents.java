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
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Turns what a node answers into the events of a trace, which the referee holds to the spec, and checks what the spec does not
 * speak of, such as what was applied.
 */
final class AnswerEvents {
    private final Level level;
    private final PortNetwork network;
    private final Referee referee;
    private final SentMessages sentMessages;

    /** The entries that some node applied: they are the same on every node. */
    private final List<Entry> appliedByAny = new ArrayList<>();

    private long applied = 0;

    /** @param network gets the messages that are sent */
    AnswerEvents(Setup setup, Level level, PortNetwork network, Referee referee) {
        this.level = level;
        this.network = network;
        this.referee = referee;
        this.sentMessages = new SentMessages(setup.nodes(), network, referee);
    }

    /** How many entries were applied, on all nodes. */
    long applied() {
        return applied;
    }

    /** A node answered {@code start}. */
    void started(PortNode node, Answer answer) throws NonConformance {
        String error = answer.error();
        if (error != null) {
            throw referee.misbehaved(node, "refused to start: " + Fields.shorten(error));
        }
        Action action = answer.action();
        if (action != null && action != Action.RESTART) {
            throw referee.misbehaved(node, "answered start with the action " + action.label());
        }
        if (node.isChangedBy(answer.persist()) || !answer.send().isEmpty() || answer.apply() != null) {
            throw referee.misbehaved(node, "answered start with more than its state: it can have done nothing yet");
        }
        // What a restart begins with, unless the port says otherwise, is what it persisted.
        Map<String, Object> state = node.durableState();
        state.putAll(answer.state());
        node.started(answer);
        referee.feed(node, new TraceEvent(Action.RESTART, node.name, null, null, null, state));
    }

    /** A node answered an input that it must refuse. */
    void mustRefuse(PortNode node, Answer answer, String what) throws NonConformance {
        if (answer.error() == null) {
            throw referee.misbehaved(node, "took " + what + ", which it must refuse with an error");
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
                throw referee.misbehaved(node, "refused what it must handle: " + Fields.shorten(error));
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
        Map<String, Object> sent = sentMessages.check(node, action, packet, answer.send());
        if (action != null) {
            Map<String, Object> msg = packet == null ? null : packet.message();
            String value = input instanceof Propose propose ? Values.text(propose.value()) : null;
            referee.feed(node, new TraceEvent(action, node.name, msg, sent, value, state(node, answer)));
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
            wanted = packet.kind().handledBy();
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
        throw referee.misbehaved(
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
                || answer.send().stream().anyMatch(message -> SentMessages.kind(message) == MessageKind.REQUEST_VOTE);
    }

    private void checkNothingDone(PortNode node, Answer answer, String what) throws NonConformance {
        if (node.isChangedBy(answer.persist())) {
            throw referee.misbehaved(node, what + " and yet persisted something");
        }
        if (answer.error() != null && (!answer.send().isEmpty() || answer.apply() != null || answer.action() != null)) {
            throw referee.misbehaved(node, what + " and yet did something");
        }
        String changed = node.changed(answer.state());
        if (changed != null) {
            throw referee.misbehaved(node, what + " and yet changed " + changed);
        }
    }

    // Messages, and applied entries --------------------------------------------------------------------------------

    private void send(PortNode node, List<Map<String, Object>> send, int left) throws NonConformance {
        int leave = left;
        for (Map<String, Object> message : send) {
            MessageKind kind = SentMessages.kind(message);
            if (kind == MessageKind.APPEND_ENTRIES) {
                if (level == Level.ELECTION) {
                    continue;
                }
                referee.feed(
                        node, new TraceEvent(Action.SEND_APPEND_ENTRIES, node.name, message, null, null, Map.of()));
            }
            if (leave-- > 0) {
                network.send(message, kind, node.number, SentMessages.receiver(message), referee.stepId());
            }
        }
    }

    /** A message is sent in a node's name. */
    void sendFor(PortNode node, Map<String, Object> message) throws NonConformance {
        send(node, List.of(message), 1);
    }

    private void apply(PortNode node, LogChange apply) throws NonConformance {
        guarded(node, () -> node.apply(apply, level == Level.ALL));
        applied += apply.entries().size();
        for (int k = 0; k < apply.entries().size(); k++) {
            int index = (int) apply.from() + k;
            Entry entry = apply.entries().get(k);
            if (index > appliedByAny.size()) {
                appliedByAny.add(entry);
            } else if (!appliedByAny.get(index - 1).equals(entry)) {
                throw referee.failed(
                        node,
                        Failure.Kind.APPLIED,
                        "applied " + Describe.value(entry) + " at index " + index + ", where another node applied "
                                + Describe.value(appliedByAny.get(index - 1)));
            }
        }
    }

    private interface Deed {
        void run() throws PortException;
    }

    private void guarded(PortNode node, Deed deed) throws NonConformance {
        try {
            deed.run();
        } catch (PortException e) {
            throw referee.failed(node, e.kind(), e.getMessage());
        }
    }
}
