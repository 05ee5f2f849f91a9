package dev.checkedraft.explore;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.MessageKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * From the spec to the code: schedules that take a cluster through every step that one of its servers can take within bounds,
 * whatever state and input. The steps are those of an exhausted exploration, so what a correct server could ever be sent is
 * sent. Steps that differ in the servers' names only count as one.
 */
public final class PathCover {
    /** Something that happens to a server. */
    public sealed interface Move {
        /** Which, from 1 on. */
        int node();
    }

    /** Its election timeout ends. */
    public record Timeout(int node) implements Move {}

    /** A client proposes the value. */
    public record Propose(int node, String value) implements Move {}

    /** It crashes, and restarts. */
    public record Restart(int node) implements Move {}

    /** As a leader it sends a slice of its log: that message. */
    public record Send(int node, AppendEntries message) implements Move {}

    /** A message arrives. */
    public record Arrive(int node, Message message) implements Move {}

    /** A step that a server can take, in a state of the cluster. */
    private record Edge(int at, int node, int state, int input) {}

    private final Bounds bounds;
    private final Explorer explorer;

    /** By state and input, under the names that come first of all: each step, where it was seen first. */
    private final Map<Long, Edge> edges = new HashMap<>();

    private final List<Edge> inOrder = new ArrayList<>();
    private final Interner<NodeState> specStates;
    private final List<Renaming> renamings;
    private final Set<Long> covered = new HashSet<>();

    private PathCover(Bounds bounds, StepCheck check) {
        this.bounds = bounds;
        this.renamings = Renaming.all(bounds.servers());
        this.specStates = new Interner<>(renamings, Renaming::of);
        this.explorer = new Explorer(bounds, check);
    }

    /**
     * The schedules.
     *
     * @param check what each step of the exploration is held to
     * @throws IllegalStateException if a step of the exploration is wrong
     */
    public static Paths of(Bounds bounds, StepCheck check) {
        PathCover cover = new PathCover(bounds, check);
        cover.explorer.tell(cover::seen);
        Exploration found = cover.explorer.run(Long.MAX_VALUE, (states, transitions) -> {});
        if (found.violation() != null) {
            throw new IllegalStateException(found.violation());
        }
        return new Paths(bounds.nodes(), found.states(), cover.edges.size(), cover.paths());
    }

    /**
     * The schedules of a cover.
     *
     * @param nodes how many servers the cluster has
     * @param states how many states of the cluster were explored
     * @param edges how many steps of a server there are
     * @param paths each a list of moves from the start of a cluster; together they take all steps
     */
    public record Paths(int nodes, long states, int edges, List<List<Move>> paths) {
        public Paths {
            paths = List.copyOf(paths);
        }
    }

    // ---------------------------------------------------------------------------------------------------------------

    private void seen(int at, int node, int state, int[] inputs) {
        for (int input : inputs) {
            // Out of bounds is -1.
            if (explorer.local.step(state, input).next() >= 0) {
                Edge edge = new Edge(at, node, state, input);
                if (edges.putIfAbsent(key(state, input), edge) == null) {
                    inOrder.add(edge);
                }
            }
        }
    }

    /** The same for steps that differ in names only, or in what the spec does not have: the leader's nextIndex. */
    private long key(int state, int input) {
        int specState = specStates.of(explorer.local.states.get(state).withoutNextIndex());
        long least = Long.MAX_VALUE;
        for (int k = 0; k < renamings.size(); k++) {
            long message = input < LocalSteps.FIRST_MESSAGE
                    ? input
                    : explorer.local.messages.fingerprint(input - LocalSteps.FIRST_MESSAGE, k);
            least = Math.min(least, Interner.mix(specStates.fingerprint(specState, k) + 31 * Interner.mix(message)));
        }
        return least;
    }

    /** The deepest steps first: the ways to them take the others. */
    private List<List<Move>> paths() {
        List<List<Move>> paths = new ArrayList<>();
        for (int k = inOrder.size() - 1; k >= 0; k--) {
            Edge edge = inOrder.get(k);
            if (!covered.contains(key(edge.state(), edge.input()))) {
                paths.add(new Path(edge).moves());
            }
        }
        return paths;
    }

    /** One way through the cluster's states. */
    private final class Path {
        private final List<int[]> states = new ArrayList<>();

        /** The step out of each state. */
        private final List<Long> steps = new ArrayList<>();

        /** What happens in each state before the step out of it, and changes nothing, in three layers. */
        private final List<Set<Send>> sends = new ArrayList<>();

        private final List<Set<Arrive>> requests = new ArrayList<>();
        private final List<Set<Arrive>> responses = new ArrayList<>();

        /** What was sent, and in which state at the earliest. */
        private final Map<Message, Integer> sent = new HashMap<>();

        Path(Edge last) {
            steps.addAll(explorer.path(last.at()));
            steps.add((long) last.node() << 32 | last.input());
            int[] now = explorer.initial();
            for (int k = 0; k < steps.size(); k++) {
                states.add(now);
                sends.add(new LinkedHashSet<>());
                requests.add(new LinkedHashSet<>());
                responses.add(new LinkedHashSet<>());
                int next = explorer.local.step(now[node(k)], input(k)).next();
                covered.add(key(now[node(k)], input(k)));
                for (Message message : explorer.local.sent(now[node(k)], input(k))) {
                    if (!(message instanceof AppendEntries)) {
                        sent.putIfAbsent(message, k + 1);
                    }
                }
                now = next == now[node(k)] ? now : explorer.successor(now, node(k), input(k), next);
            }
        }

        private int node(int k) {
            return (int) (steps.get(k) >>> 32);
        }

        private int input(int k) {
            return (int) (long) steps.get(k);
        }

        List<Move> moves() {
            for (int k = 0; k < steps.size(); k++) {
                if (input(k) >= LocalSteps.FIRST_MESSAGE) {
                    provide(message(input(k)), k);
                }
                addUnmoved(k);
            }
            List<Move> moves = new ArrayList<>();
            for (int k = 0; k < steps.size(); k++) {
                moves.addAll(sends.get(k));
                moves.addAll(requests.get(k));
                moves.addAll(responses.get(k));
                int node = node(k) + 1;
                moves.add(
                        switch (input(k)) {
                            case LocalSteps.START_ELECTION -> new Timeout(node);
                            case LocalSteps.PROPOSE -> new Propose(node, LocalSteps.VALUE);
                            case LocalSteps.RESTART -> new Restart(node);
                            default -> new Arrive(node, message(input(k)));
                        });
            }
            return moves;
        }

        /** Steps that change nothing, and that no path has taken yet. */
        private void addUnmoved(int k) {
            int[] state = states.get(k);
            for (int node = 0; node < bounds.nodes(); node++) {
                for (int at = bounds.nodes() + 2; at < state.length; at++) {
                    for (int input :
                            explorer.network.reactions(state[node], state[at]).unmoved()) {
                        if (covered.add(key(state[node], input))) {
                            arrive(message(input), k);
                        }
                    }
                }
            }
        }

        private void arrive(Message message, int k) {
            provide(message, k);
            boolean isRequest = isRequest(message);
            (isRequest ? requests : responses).get(k).add(new Arrive(server(message.to()) + 1, message));
            if (isRequest) {
                for (Message reply : explorer.local.sent(states.get(k)[server(message.to())], input(message))) {
                    if (!(reply instanceof AppendEntries)) {
                        sent.merge(reply, k, Math::min);
                    }
                }
            }
        }

        /** Sees to it that a message has been sent by then. */
        private void provide(Message message, int k) {
            Integer known = sent.get(message);
            if (known != null && known <= k) {
                return;
            }
            for (int earlier = k; earlier >= 0; earlier--) {
                if (message instanceof AppendEntries append && couldSend(append, earlier)) {
                    sends.get(earlier).add(new Send(server(append.from()) + 1, append));
                    sent.merge(append, earlier, Math::min);
                    return;
                }
                Message request = isRequest(message) ? null : requestFor(message, earlier);
                if (request != null) {
                    arrive(request, earlier);
                    return;
                }
            }
            throw new IllegalStateException("nobody could have sent " + message);
        }

        private boolean couldSend(AppendEntries m, int k) {
            NodeState leader = explorer.local.states.get(states.get(k)[server(m.from())]);
            int prev = (int) m.prevLogIndex();
            List<Entry> log = leader.log();
            return leader.isLeader()
                    && leader.currentTerm() == m.term()
                    && leader.commitIndex() >= m.leaderCommit()
                    && prev + m.entries().size() <= log.size()
                    && log.subList(prev, prev + m.entries().size()).equals(m.entries());
        }

        /** A request that is answered so in that state, and changes nothing; null if there is none. */
        private @Nullable Message requestFor(Message response, int k) {
            int[] state = states.get(k);
            int responder = state[server(response.from())];
            MessageKind kind = response.kind() == MessageKind.REQUEST_VOTE_RESPONSE
                    ? MessageKind.REQUEST_VOTE
                    : MessageKind.APPEND_ENTRIES;
            for (int at = bounds.nodes() + 2; at < state.length; at++) {
                for (Message request : explorer.network.fact(state[at]).messagesTo(response.from())) {
                    int input = input(request);
                    if (request.kind() == kind
                            && request.from().equals(response.to())
                            && explorer.local.step(responder, input).next() == responder
                            && explorer.local.sent(responder, input).contains(response)) {
                        return request;
                    }
                }
            }
            return null;
        }

        private int input(Message message) {
            return LocalSteps.FIRST_MESSAGE + explorer.local.messages.of(message);
        }

        private Message message(int input) {
            return explorer.local.messages.get(input - LocalSteps.FIRST_MESSAGE);
        }
    }

    private int server(String name) {
        return bounds.servers().indexOf(name);
    }

    private static boolean isRequest(Message message) {
        return message instanceof RequestVote || message instanceof AppendEntries;
    }
}
