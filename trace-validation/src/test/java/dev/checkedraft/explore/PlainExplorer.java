package dev.checkedraft.explore;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * A naive twin of {@link Explorer}: a state is the servers and the set of all messages sent, nothing is merged or dropped,
 * and a reply is there once the core has made it. A leader may
 * send any slice of its log with any commit index up to its own.
 */
final class PlainExplorer {
    private record Tried(NodeState before, Object input) {}

    private record State(List<NodeState> servers, int restarts, Set<Message> messages) {}

    private final Bounds bounds;
    private final StepCheck check;
    private final Map<NodeState, RaftNode> nodes = new HashMap<>();
    private final Map<Tried, Ready> answers = new HashMap<>();
    private final Map<Tried, RaftNode> results = new HashMap<>();
    private final Set<State> seen = new HashSet<>();
    private final Queue<State> queue = new ArrayDeque<>();
    private String violation = null;

    PlainExplorer(Bounds bounds, StepCheck check) {
        this.bounds = bounds;
        this.check = check;
    }

    /** Explores; false if it gave up after so many states. */
    boolean run(int maxStates) {
        List<NodeState> initial = new ArrayList<>();
        for (String server : bounds.servers()) {
            initial.add(intern(RaftNode.restart(Config.of(server, bounds.servers(), 0), DurableState.INITIAL)));
        }
        add(new State(initial, 0, Set.of()));
        while (!queue.isEmpty() && violation == null) {
            State state = queue.remove();
            for (int k = 0; k < bounds.nodes() && violation == null; k++) {
                NodeState server = state.servers().get(k);
                step(state, k, server.isLeader() ? Action.PROPOSE : Action.START_ELECTION);
                if (state.restarts() < bounds.maxRestarts()) {
                    step(state, k, Action.RESTART);
                }
                for (Message message : state.messages()) {
                    if (message.to().equals(server.id())) {
                        step(state, k, message);
                    }
                }
            }
            if (seen.size() > maxStates) {
                return false;
            }
        }
        return true;
    }

    /** What is wrong with the core; null if nothing was found. */
    String violation() {
        return violation;
    }

    int states() {
        return seen.size();
    }

    /** All states of the servers, whatever the messages. */
    Set<List<NodeState>> servers() {
        Set<List<NodeState>> servers = new HashSet<>();
        seen.forEach(state -> servers.add(state.servers()));
        return servers;
    }

    private void add(State state) {
        if (seen.add(state)) {
            queue.add(state);
        }
    }

    private NodeState intern(RaftNode node) {
        NodeState state = NodeState.of(node);
        nodes.putIfAbsent(state, node);
        return state;
    }

    private void step(State state, int k, Object input) {
        Tried tried = new Tried(state.servers().get(k), input);
        if (!results.containsKey(tried)) {
            take(tried);
        }
        RaftNode after = results.get(tried);
        if (after == null || violation != null) {
            return;
        }
        List<NodeState> servers = new ArrayList<>(state.servers());
        servers.set(k, NodeState.of(after));
        Set<Message> messages = new HashSet<>(state.messages());
        messages.addAll(answers.get(tried).messages());
        if (after.isLeader()) {
            messages.addAll(sends(after));
        }
        boolean lost = input == Action.RESTART && !servers.equals(state.servers());
        add(new State(servers, state.restarts() + (lost ? 1 : 0), messages));
    }

    private void take(Tried tried) {
        RaftNode before = nodes.get(tried.before());
        RaftNode after = before.copy();
        Message message = tried.input() instanceof Message m ? m : null;
        String value = tried.input() == Action.PROPOSE ? "v" : null;
        Ready ready;
        try {
            if (message != null) {
                ready = after.step(message);
            } else if (value != null) {
                ready = after.propose(value);
            } else if (tried.input() == Action.START_ELECTION) {
                ready = after.startElection();
            } else {
                after = RaftNode.restart(before.config(), before.durableState());
                ready = new Ready(Action.RESTART, null, null, List.of(), 1, List.of());
            }
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            violation = "the core fails: " + e;
            return;
        }
        if (after.currentTerm() > bounds.maxTerm() || after.log().size() > bounds.maxLog()) {
            results.put(tried, null);
            return;
        }
        violation = check.mismatch(before, value, message, after, ready);
        intern(after);
        results.put(tried, after);
        answers.put(tried, ready);
    }

    private static List<Message> sends(RaftNode leader) {
        List<Message> messages = new ArrayList<>();
        List<Entry> log = List.copyOf(leader.log());
        for (String peer : leader.config().peers()) {
            for (int prev = 0; prev <= log.size(); prev++) {
                for (int end = prev; end <= log.size(); end++) {
                    for (int commit = 0; commit <= leader.commitIndex(); commit++) {
                        long prevTerm = prev == 0 ? 0 : log.get(prev - 1).term();
                        messages.add(new AppendEntries(
                                leader.currentTerm(),
                                leader.id(),
                                peer,
                                prev,
                                prevTerm,
                                log.subList(prev, end),
                                commit));
                    }
                }
            }
        }
        return messages;
    }
}
