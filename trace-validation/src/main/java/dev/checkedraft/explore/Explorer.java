package dev.checkedraft.explore;

import dev.checkedraft.core.Message;
import dev.checkedraft.explore.LocalSteps.LocalStep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Takes the real core through every schedule within bounds, breadth first: any election timeout at any time; any restart;
 * and at any time, any number of times or never, any message that {@code spec/Raft.tla} lets a correct server have sent by
 * then ({@link Network}). Every state is held against the safety properties and every step against the spec, so the first
 * violation found has the shortest schedule.
 *
 * <p>A state is an array: the numbers of the servers' states, of the history, of the restarts so far, then of the facts of
 * the network, ascending.
 */
public final class Explorer {
    private static final String NONE = "";

    /** Told of steps that a server can take, and in which state of the cluster, by number. */
    interface Witness {
        void seen(int at, int node, int state, int[] inputs);
    }

    /** What is violated, by which step. */
    private record Violation(String what, int node, int input) {}

    private final Bounds bounds;
    private final int nodes;
    private final List<String> servers;
    private final List<Renaming> renamings;
    final LocalSteps local;
    final Network network;
    private final Interner<History> histories;
    private final PairTable<Integer> historySteps = new PairTable<>();
    private final PairTable<Integer> heldBy = new PairTable<>();
    private final PairTable<String> pairs = new PairTable<>();
    private final Consumer<List<NodeState>> visitor;
    private final Fingerprints seen = new Fingerprints();
    private final ArrayDeque<int[]> queue = new ArrayDeque<>();
    private Witness steps = (at, node, state, inputs) -> {};
    private int explored = 0;
    private long transitions = 0;

    private int[] parents = new int[1 << 16];
    private long[] causes = new long[1 << 16];

    /** Prepares an exploration in which states that differ in the servers' names only count as one. */
    public Explorer(Bounds bounds, StepCheck check) {
        this(bounds, true, check, servers -> {});
    }

    /**
     * Prepares an exploration.
     *
     * @param symmetry whether states that differ in the servers' names only count as one
     * @param visitor told the servers' states in each state reached
     */
    Explorer(Bounds bounds, boolean symmetry, StepCheck check, Consumer<List<NodeState>> visitor) {
        this.visitor = visitor;
        this.bounds = bounds;
        this.nodes = bounds.nodes();
        this.servers = bounds.servers();
        List<Renaming> all = Renaming.all(servers);
        this.renamings = symmetry ? all : all.subList(0, 1);
        this.local = new LocalSteps(bounds, renamings, check);
        this.network = new Network(local, renamings);
        this.histories = new Interner<>(renamings, Renaming::of);
    }

    /** Has every step that a server can take told, some more than once. */
    void tell(Witness witness) {
        steps = witness;
    }

    /**
     * Explores until all is seen, something is violated, or a limit is reached.
     *
     * @param maxStates after how many states to give up
     * @param progress told states and transitions now and then
     */
    public Exploration run(long maxStates, BiConsumer<Long, Long> progress) {
        long start = System.nanoTime();
        int depth = 0;
        int[] initial = initial();
        seen.add(fingerprint(initial));
        visitor.accept(serversOf(initial));
        queue.add(initial);
        int levelEnd = 1;
        while (!queue.isEmpty() && seen.size() <= maxStates) {
            if (explored == levelEnd) {
                depth++;
                levelEnd = seen.size();
            }
            Violation found = stepsFrom(queue.remove());
            if (found != null) {
                List<String> schedule = schedule(explored, found.node(), found.input());
                return result(false, depth + 1, start, found.what(), schedule);
            }
            explored++;
            if ((explored & 0x3fff) == 0) {
                progress.accept((long) seen.size(), transitions);
            }
        }
        return result(queue.isEmpty(), depth, start, null, List.of());
    }

    private Exploration result(
            boolean exhausted, int depth, long start, @Nullable String violation, List<String> schedule) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Exploration(
                exhausted,
                seen.size(),
                transitions,
                depth,
                local.states.size(),
                local.size(),
                seconds,
                violation,
                schedule);
    }

    /** Takes every step from a state; the first that violates something, or null. */
    private @Nullable Violation stepsFrom(int[] state) {
        for (int node = 0; node < nodes; node++) {
            for (int at = nodes + 1; at < state.length; at++) {
                for (int input : inputsAt(state, node, at)) {
                    LocalStep step = local.step(state[node], input);
                    String violated = step.failure();
                    if (violated == null && step.next() >= 0) {
                        transitions++;
                        violated = step.next() == state[node] ? null : moved(state, node, input, step.next());
                    }
                    if (violated != null) {
                        return new Violation(violated, node, input);
                    }
                }
            }
        }
        return null;
    }

    /** A server comes to another state; the name of the property that this violates, or null. */
    private @Nullable String moved(int[] state, int node, int input, int becomes) {
        int[] next = successor(state, node, input, becomes);
        if (next[nodes] < 0) {
            return "ElectionSafety";
        }
        if (!seen.add(fingerprint(next))) {
            return null;
        }
        remember(seen.size() - 1, explored, node, input);
        visitor.accept(serversOf(next));
        queue.add(next);
        return violatedIn(next, node);
    }

    private List<NodeState> serversOf(int[] state) {
        return Arrays.stream(state, 0, nodes).mapToObj(local.states::get).toList();
    }

    int[] initial() {
        int[] state = new int[nodes + 2];
        for (int node = 0; node < nodes; node++) {
            state[node] = local.initial(servers.get(node));
        }
        state[nodes] = histories.of(History.EMPTY);
        return state;
    }

    /** The inputs of a server at a place of a state: with the facts the messages that matter, just before them the others. */
    private int[] inputsAt(int[] state, int node, int at) {
        if (at > nodes + 1) {
            Network.Reactions reactions = network.reactions(state[node], state[at]);
            transitions += reactions.unmoved().length;
            if (!reactions.seen) {
                reactions.seen = true;
                steps.seen(explored, node, state[node], reactions.inputs());
                steps.seen(explored, node, state[node], reactions.unmoved());
            }
            return reactions.inputs();
        }
        int own = local.states.get(state[node]).isLeader() ? LocalSteps.PROPOSE : LocalSteps.START_ELECTION;
        int[] inputs = state[nodes + 1] < bounds.maxRestarts() ? new int[] {own, LocalSteps.RESTART} : new int[] {own};
        steps.seen(explored, node, state[node], inputs);
        return inputs;
    }

    /** The state after a step that changes a server; with the history -1 if the history cannot take it. */
    int[] successor(int[] state, int node, int input, int becomes) {
        int before = state[node];
        state[node] = becomes;
        int[] facts = network.after(state, nodes + 2, nodes, node);
        int[] next = Arrays.copyOf(state, nodes + 2 + facts.length);
        state[node] = before;
        System.arraycopy(facts, 0, next, nodes + 2, facts.length);
        next[nodes] = historyAfter(state[nodes], becomes);
        if (input == LocalSteps.RESTART) {
            next[nodes + 1]++;
        }
        return next;
    }

    private int historyAfter(int history, int nodeState) {
        Integer known = historySteps.get(history, nodeState);
        if (known == null) {
            History after = histories.get(history).after(local.states.get(nodeState));
            known = after == null ? -1 : histories.of(after);
            historySteps.put(history, nodeState, known);
        }
        return known;
    }

    /** The same for states that differ in names only; the order of servers and facts does not matter to a sum. */
    private long fingerprint(int[] state) {
        long least = Long.MAX_VALUE;
        for (int k = 0; k < renamings.size(); k++) {
            long sum = Interner.mix(histories.fingerprint(state[nodes], k)) + Interner.mix(~(long) state[nodes + 1]);
            for (int node = 0; node < nodes; node++) {
                sum += local.states.fingerprint(state[node], k);
            }
            for (int m = nodes + 2; m < state.length; m++) {
                sum += 3 * network.fingerprint(state[m], k);
            }
            least = Math.min(least, Interner.mix(sum));
        }
        return least;
    }

    // ---------------------------------------------------------------------------------------------------------------

    /** The name of a property of {@code spec/RaftProperties.tla} that a state violates; null if none. */
    private @Nullable String violatedIn(int[] state, int changed) {
        History history = histories.get(state[nodes]);
        int[] held = new int[nodes];
        for (int node = 0; node < nodes; node++) {
            held[node] = held(state[node], state[nodes]);
            NodeState it = local.states.get(state[node]);
            if (held[node] < it.commitIndex()) {
                return "StateMachineSafety";
            }
            if (it.isLeader()
                    && held[node] < history.committed().size()
                    && history.committed().get(held[node]).term() <= it.currentTerm()) {
                return "LeaderCompleteness";
            }
        }
        Arrays.sort(held);
        if (!history.committed().isEmpty()
                && held[(nodes - 1) / 2] < history.committed().size()) {
            return "CommittedEntriesSurvive";
        }
        for (int node = 0; node < nodes; node++) {
            if (node != changed) {
                String violation = pairViolation(state[changed], state[node]);
                if (violation != null) {
                    return violation;
                }
            }
        }
        return null;
    }

    private int held(int nodeState, int history) {
        Integer known = heldBy.get(nodeState, history);
        if (known == null) {
            known = histories.get(history).heldBy(local.states.get(nodeState));
            heldBy.put(nodeState, history, known);
        }
        return known;
    }

    private @Nullable String pairViolation(int a, int b) {
        String known = pairs.get(a, b);
        if (known == null) {
            String violation = PairProperties.violated(local.states.get(a), local.states.get(b));
            known = violation == null ? NONE : violation;
            pairs.put(a, b, known);
        }
        return known.equals(NONE) ? null : known;
    }

    // ---------------------------------------------------------------------------------------------------------------

    private void remember(int number, int parent, int node, int input) {
        if (number >= parents.length) {
            parents = Arrays.copyOf(parents, 2 * parents.length);
            causes = Arrays.copyOf(causes, 2 * causes.length);
        }
        parents[number] = parent;
        causes[number] = (long) node << 32 | input;
    }

    /** The steps from the initial state to a state, each a node (in the upper half) and its input. */
    ArrayDeque<Long> path(int state) {
        ArrayDeque<Long> path = new ArrayDeque<>();
        for (int at = state; at != 0; at = parents[at]) {
            path.addFirst(causes[at]);
        }
        return path;
    }

    /** The steps from the initial state to a state, and one more. */
    private List<String> schedule(int state, int lastNode, int lastInput) {
        ArrayDeque<Long> steps = path(state);
        steps.add((long) lastNode << 32 | lastInput);
        int[] now = initial();
        Set<Message> sent = new HashSet<>();
        List<String> lines = new ArrayList<>();
        for (long step : steps) {
            int node = (int) (step >>> 32);
            lines.add(describe(node, (int) step, sent));
            if (lines.size() < steps.size()) {
                sent.addAll(local.sent(now[node], (int) step));
                now[node] = local.step(now[node], (int) step).next();
            }
        }
        return lines;
    }

    private String describe(int node, int input, Set<Message> sent) {
        String server = servers.get(node);
        if (input == LocalSteps.START_ELECTION) {
            return server + " StartElection";
        } else if (input == LocalSteps.PROPOSE) {
            return server + " Propose";
        } else if (input == LocalSteps.RESTART) {
            return server + " Restart";
        }
        Message message = local.messages.get(input - LocalSteps.FIRST_MESSAGE);
        String unsent = sent.contains(message)
                ? ""
                : ", which Raft.tla lets " + message.from() + " have sent by then, though in this schedule it has not";
        return server + " handles " + message + unsent;
    }
}
