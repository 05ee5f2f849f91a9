package dev.checkedraft.explore;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a single server does, by number: its states, the messages, and the steps from state to state. The core takes each
 * step once, in whatever many states of the cluster it occurs, for it is deterministic and sees only its own state and the
 * input. For the same reason a step is held against the spec once: an action of the spec reads and changes one server's
 * variables, takes one message out of those sent and adds its own.
 */
final class LocalSteps {
    /** The inputs that are no message. Message m is input {@code FIRST_MESSAGE + m}. */
    static final int START_ELECTION = 0;

    static final int PROPOSE = 1;
    static final int RESTART = 2;
    static final int FIRST_MESSAGE = 3;

    private static final String VALUE = "v";

    /** A server's answer to an input. */
    static final class LocalStep {
        private final int next;
        private final int[] sent;
        private final @Nullable String failure;

        LocalStep(int next, int[] sent, @Nullable String failure) {
            this.next = next;
            this.sent = sent;
            this.failure = failure;
        }

        /** The number of its next state; -1 if that is out of bounds. */
        int next() {
            return next;
        }

        /** The numbers of the messages it sent, those of the heartbeats it may send from now on included; not to be changed. */
        int[] sent() {
            return sent;
        }

        /** What was wrong with the step; null if nothing. */
        @Nullable
        String failure() {
            return failure;
        }
    }

    private final Bounds bounds;
    private final StepCheck check;
    final Interner<NodeState> states;
    final Interner<Message> messages;
    private final List<RaftNode> nodes = new ArrayList<>();
    private final Map<Long, LocalStep> known = new HashMap<>();

    LocalSteps(Bounds bounds, List<Renaming> renamings, StepCheck check) {
        this.bounds = bounds;
        this.check = check;
        this.states = new Interner<>(renamings, Renaming::of);
        this.messages = new Interner<>(renamings, Renaming::of);
    }

    /** How many different steps of a server were taken. */
    int size() {
        return known.size();
    }

    int state(RaftNode node) {
        int number = states.of(NodeState.of(node));
        if (number == nodes.size()) {
            nodes.add(node);
        }
        return number;
    }

    LocalStep step(int state, int input) {
        long key = (long) state << 32 | input;
        LocalStep step = known.get(key);
        if (step == null) {
            step = take(nodes.get(state), input);
            known.put(key, step);
        }
        return step;
    }

    private LocalStep take(RaftNode before, int input) {
        RaftNode after = before.copy();
        Message message = input >= FIRST_MESSAGE ? messages.get(input - FIRST_MESSAGE) : null;
        String value = input == PROPOSE ? VALUE : null;
        Ready ready;
        try {
            if (input == START_ELECTION) {
                ready = after.startElection();
            } else if (value != null) {
                ready = after.propose(value);
            } else if (message != null) {
                ready = after.step(message);
            } else {
                after = RaftNode.restart(before.config(), before.durableState());
                ready = new Ready(Action.RESTART, null, null, List.of(), 1, List.of());
            }
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            return failed(e);
        }
        if (after.currentTerm() > bounds.maxTerm() || after.log().size() > bounds.maxLog()) {
            return new LocalStep(-1, new int[0], null);
        }
        String failure = check.mismatch(before, value, message, after, ready);
        if (failure == null) {
            failure = check.neglected(after);
        }
        if (failure == null) {
            failure = StepProperties.violated(before, after, ready.action() == Action.RESTART);
        }
        List<Message> sent = new ArrayList<>(ready.messages());
        if (after.isLeader()) {
            // A heartbeat may leave at any time. Sending it now takes nothing away: nobody must receive it.
            Ready heartbeats;
            try {
                heartbeats = after.copy().sendHeartbeats();
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                return failed(e);
            }
            sent.addAll(heartbeats.messages());
            if (failure == null) {
                failure = check.mismatch(after, null, null, after, heartbeats);
            }
        }
        return new LocalStep(
                state(after), sent.stream().mapToInt(messages::of).distinct().toArray(), failure);
    }

    /** Nothing that the servers of a cluster do makes a correct core fail, or refuse an input. */
    private static LocalStep failed(Throwable e) {
        return new LocalStep(-1, new int[0], "the core fails: " + e);
    }

    static RaftNode initial(Bounds bounds, String id) {
        return RaftNode.restart(Config.of(id, bounds.servers(), 0), DurableState.INITIAL);
    }
}
