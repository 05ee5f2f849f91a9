package dev.checkedraft.explore;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a single server does, by number: its states, the messages, and the steps from state to state. The core takes each
 * step once, in whatever many states of the cluster it occurs, for it is deterministic and sees only its own state and the
 * input. For the same reason a step is held against the spec once: an action of the spec reads and changes one server's
 * variables, takes one message out of those sent and adds its own.
 *
 * <p>A step is taken under all names of the servers, and with greater terms ({@link TermShift}), and must be the same step
 * each time. So that the core treats all servers and terms alike is not assumed but seen. The spec does, and is asked about
 * one of these steps.
 */
final class LocalSteps {
    /** The inputs that are no message. Message m is input {@code FIRST_MESSAGE + m}. */
    static final int START_ELECTION = 0;

    static final int PROPOSE = 1;
    static final int RESTART = 2;
    static final int FIRST_MESSAGE = 3;

    static final String VALUE = "v";

    /**
     * A server's answer to an input.
     *
     * @param next the number of its next state; -1 if that is out of bounds
     * @param failure what was wrong with the step; null if nothing
     */
    record LocalStep(int next, @Nullable String failure) {}

    /** What the core did: the server after it; null if it failed. */
    private record Taken(@Nullable RaftNode after, Ready ready, String error) {}

    private static final Ready RESTARTED = new Ready(Action.RESTART, null, null, List.of(), 1, List.of());

    private final Bounds bounds;
    private final List<Renaming> renamings;
    private final StepCheck check;
    final Interner<NodeState> states;
    final Interner<Message> messages;

    /** A server in each state, once for each shift of terms. */
    private final List<List<RaftNode>> nodes = new ArrayList<>();

    private final PairTable<LocalStep> known = new PairTable<>();
    private int checked = 0;

    LocalSteps(Bounds bounds, List<Renaming> renamings, StepCheck check) {
        this.bounds = bounds;
        this.renamings = renamings;
        this.check = check;
        this.states = new Interner<>(renamings, Renaming::of);
        this.messages = new Interner<>(renamings, Renaming::of);
    }

    /** How many different steps of a server were taken, up to the servers' names and the shifts of terms. */
    int size() {
        return checked;
    }

    /** The state of a server that has never run. */
    int initial(String server) {
        return state(TermShift.ALL.stream()
                .map(shift -> RaftNode.restart(Config.of(server, bounds.servers(), 0), shift.initial()))
                .toList());
    }

    private int state(List<RaftNode> shifted) {
        int number = states.of(NodeState.of(shifted.get(0)));
        if (number == nodes.size()) {
            nodes.add(shifted);
        }
        return number;
    }

    LocalStep step(int state, int input) {
        LocalStep step = known.get(state, input);
        return step == null ? take(state, input) : step;
    }

    /** Takes a step under all names. If it is another under some of them, it is wrong under all. */
    private LocalStep take(int state, int input) {
        checked++;
        NodeState before = states.get(state);
        Message message = input < FIRST_MESSAGE ? null : messages.get(input - FIRST_MESSAGE);
        Taken taken = run(nodes.get(state).get(0), input, message);
        String failure = failure(nodes.get(state).get(0), input, message, taken);
        Map<List<Integer>, LocalStep> steps = new LinkedHashMap<>();
        for (Renaming names : renamings) {
            int renamed = states.of(names.of(before));
            int otherInput = message == null ? input : FIRST_MESSAGE + messages.of(names.of(message));
            if (!steps.containsKey(List.of(renamed, otherInput))) {
                LocalStep step = again(renamed, otherInput, taken, names, failure);
                failure = step.failure();
                steps.put(List.of(renamed, otherInput), step);
            }
        }
        String wrong = failure;
        if (wrong != null) {
            steps.replaceAll((key, step) -> new LocalStep(-1, wrong));
        }
        steps.forEach((key, step) -> known.put(key.get(0), key.get(1), step));
        return steps.values().iterator().next(); // under the names as they are
    }

    /** The step under other names and with other terms, which must be the same but for these. */
    private LocalStep again(int state, int input, Taken taken, Renaming names, @Nullable String failure) {
        Message message = input < FIRST_MESSAGE ? null : messages.get(input - FIRST_MESSAGE);
        List<RaftNode> after = new ArrayList<>();
        for (int k = 0; k < TermShift.ALL.size(); k++) {
            TermShift shift = TermShift.ALL.get(k);
            Taken other = run(nodes.get(state).get(k), input, message == null ? null : shift.of(message));
            if (failure == null && !alike(taken, other, names, shift)) {
                String change = shift.by() == 0
                        ? "called " + names.renamed() + " instead of " + names.servers()
                        : "in terms greater by " + shift.by();
                return new LocalStep(-1, "servers " + change + " do another thing");
            }
            RaftNode next = other.after();
            if (next == null) {
                return new LocalStep(-1, failure);
            }
            after.add(next);
        }
        boolean out = failure != null || isOut(after.get(0));
        return new LocalStep(out ? -1 : state(after), failure);
    }

    /** What a server sends in a step that is in order, and what heartbeats it may send after it. */
    List<Message> sent(int state, int input) {
        Taken taken =
                run(nodes.get(state).get(0), input, input < FIRST_MESSAGE ? null : messages.get(input - FIRST_MESSAGE));
        List<Message> sent = new ArrayList<>(taken.ready().messages());
        if (taken.after() != null) {
            sent.addAll(taken.after().sendHeartbeats().messages());
        }
        return sent;
    }

    private static boolean alike(Taken one, Taken other, Renaming names, TermShift shift) {
        RaftNode after = one.after();
        RaftNode otherAfter = other.after();
        if (after == null || otherAfter == null) {
            return after == otherAfter;
        }
        Set<Message> sent = new HashSet<>();
        one.ready().messages().forEach(message -> sent.add(shift.of(names.of(message))));
        return shift.of(names.of(NodeState.of(after))).equals(NodeState.of(otherAfter))
                && sent.equals(new HashSet<>(other.ready().messages()));
    }

    private boolean isOut(RaftNode node) {
        return node.currentTerm() > bounds.maxTerm() || node.log().size() > bounds.maxLog();
    }

    private static Taken run(RaftNode before, int input, @Nullable Message message) {
        RaftNode after = before.copy();
        try {
            if (message != null) {
                return new Taken(after, after.step(message), "");
            }
            return switch (input) {
                case START_ELECTION -> new Taken(after, after.startElection(), "");
                case PROPOSE -> new Taken(after, after.propose(VALUE), "");
                default -> new Taken(RaftNode.restart(before.config(), before.durableState()), RESTARTED, "");
            };
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            return new Taken(null, RESTARTED, e.toString());
        }
    }

    /** What is wrong with a step; null if nothing is, or it leaves the bounds. */
    private @Nullable String failure(RaftNode before, int input, @Nullable Message message, Taken taken) {
        RaftNode after = taken.after();
        if (after == null) {
            // Nothing that the servers of a cluster do makes a correct core fail, or refuse an input.
            return "the core fails: " + taken.error();
        }
        if (isOut(after)) {
            return null;
        }
        String failure = check.mismatch(before, input == PROPOSE ? VALUE : null, message, after, taken.ready());
        if (failure == null) {
            failure = StepProperties.violated(before, after, taken.ready());
        }
        if (failure == null && !states.has(NodeState.of(after))) {
            failure = check.neglected(after);
            if (failure == null && after.isLeader()) {
                failure = heartbeatsFailure(after);
            }
        }
        return failure;
    }

    private @Nullable String heartbeatsFailure(RaftNode leader) {
        try {
            return check.mismatch(leader, null, null, leader, leader.copy().sendHeartbeats());
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            return "the core fails: " + e;
        }
    }
}
