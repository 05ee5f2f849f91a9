package dev.checkedraft.explore;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.explore.LocalSteps.LocalStep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Takes the real core through every schedule within bounds, breadth first: any election timeout at any time, any message
 * ever sent received at any time, any number of times or never, any restart. Every state is held against the safety
 * properties and every step against the spec, so the first violation found has the shortest schedule.
 *
 * <p>A state is an array: the numbers of the servers' states, of the history, of the restarts so far, then of the messages
 * that can still matter, ascending.
 */
public final class Explorer {
    private final Bounds bounds;
    private final int nodes;
    private final List<String> servers;
    private final List<Renaming> renamings;
    private final LocalSteps local;
    private final Interner<History> histories;
    private final Map<Long, Integer> historySteps = new HashMap<>();
    private final Map<Long, Integer> heldBy = new HashMap<>();
    private final Map<Long, @Nullable String> pairs = new HashMap<>();
    private final boolean prune;

    private final Fingerprints seen = new Fingerprints();

    /** The states of the servers alone, whatever the messages. */
    private final Fingerprints seenServers = new Fingerprints();

    private int[] parents = new int[1 << 16];
    private long[] causes = new long[1 << 16];

    /** Prepares an exploration with both reductions. */
    public Explorer(Bounds bounds, StepCheck check) {
        this(bounds, true, true, check);
    }

    /**
     * Prepares an exploration.
     *
     * @param symmetry whether states that differ in the servers' names only count as one
     * @param prune whether messages that can change nothing any more are dropped
     */
    Explorer(Bounds bounds, boolean symmetry, boolean prune, StepCheck check) {
        this.bounds = bounds;
        this.prune = prune;
        this.nodes = bounds.nodes();
        this.servers = bounds.servers();
        List<Renaming> all = Renaming.all(servers);
        this.renamings = symmetry ? all : all.subList(0, 1);
        this.local = new LocalSteps(bounds, renamings, check);
        this.histories = new Interner<>(renamings, Renaming::of);
    }

    /**
     * Explores until all is seen, something is violated, or a limit is reached.
     *
     * @param maxStates after how many states to give up
     * @param progress told states and transitions now and then
     */
    public Exploration run(long maxStates, BiConsumer<Long, Long> progress) {
        long start = System.nanoTime();
        long transitions = 0;
        int depth = 0;
        ArrayDeque<int[]> queue = new ArrayDeque<>();
        int[] initial = initial();
        seen.add(fingerprint(initial));
        queue.add(initial);
        int explored = 0;
        int levelEnd = 1;
        while (!queue.isEmpty()) {
            if (explored == levelEnd) {
                depth++;
                levelEnd = seen.size();
            }
            int[] state = queue.remove();
            for (int node = 0; node < nodes; node++) {
                for (int at = -LocalSteps.FIRST_MESSAGE; at < state.length - nodes - 2; at++) {
                    int input = inputAt(state, node, at);
                    if (input < 0) {
                        continue;
                    }
                    LocalStep step = local.step(state[node], input);
                    String violation = step.failure();
                    if (violation == null && step.next() < 0) {
                        continue;
                    }
                    transitions++;
                    int[] next = violation == null ? successor(state, node, input, step) : state;
                    if (violation == null) {
                        if (next == state) {
                            continue;
                        }
                        violation = next[nodes] < 0 ? "ElectionSafety" : null;
                        if (violation == null) {
                            if (!seen.add(fingerprint(next))) {
                                continue;
                            }
                            remember(seen.size() - 1, explored, node, input);
                            seenServers.add(fingerprint(Arrays.copyOf(next, nodes + 2)));
                            violation = violatedIn(next, node);
                        }
                    }
                    if (violation != null) {
                        List<String> schedule = schedule(explored, node, input);
                        return result(false, transitions, depth + 1, start, violation, schedule);
                    }
                    queue.add(next);
                }
            }
            explored++;
            if ((explored & 0x3fff) == 0) {
                progress.accept((long) seen.size(), transitions);
            }
            if (seen.size() > maxStates) {
                return result(false, transitions, depth, start, null, List.of());
            }
        }
        return result(true, transitions, depth, start, null, List.of());
    }

    /** How many different states the servers came to, whatever the messages. */
    int serverStates() {
        return seenServers.size();
    }

    private Exploration result(
            boolean exhausted,
            long transitions,
            int depth,
            long start,
            @Nullable String violation,
            List<String> schedule) {
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

    private int[] initial() {
        int[] state = new int[nodes + 2];
        for (int node = 0; node < nodes; node++) {
            state[node] = local.state(LocalSteps.initial(bounds, servers.get(node)));
        }
        state[nodes] = histories.of(History.EMPTY);
        return state;
    }

    /** The input of a server at a place: below 0 those that are no message, from 0 on the messages; -1 if not for it now. */
    private int inputAt(int[] state, int node, int at) {
        if (at >= 0) {
            int message = state[nodes + 2 + at];
            return local.messages.get(message).to().equals(servers.get(node)) ? LocalSteps.FIRST_MESSAGE + message : -1;
        }
        int input = at + LocalSteps.FIRST_MESSAGE;
        boolean leads = local.states.get(state[node]).isLeader();
        boolean possible = switch (input) {
            case LocalSteps.START_ELECTION -> !leads;
            case LocalSteps.PROPOSE -> leads;
            default -> state[nodes + 1] < bounds.maxRestarts();
        };
        return possible ? input : -1;
    }

    /** The state after a step: itself if nothing changes; with the history -1 if the history cannot take it. */
    private int[] successor(int[] state, int node, int input, LocalStep step) {
        boolean news = step.next() != state[node] || input == LocalSteps.RESTART;
        int fresh = 0;
        int[] sent = step.sent();
        for (int message : sent) {
            if (Arrays.binarySearch(state, nodes + 2, state.length, message) < 0) {
                fresh++;
            }
        }
        if (!news && fresh == 0) {
            return state;
        }
        int[] next = Arrays.copyOf(state, state.length + fresh);
        next[node] = step.next();
        next[nodes] = historyAfter(state[nodes], step.next());
        if (input == LocalSteps.RESTART) {
            next[nodes + 1]++;
        }
        if (next[nodes] < 0) {
            return next;
        }
        int length = state.length;
        for (int message : sent) {
            if (Arrays.binarySearch(state, nodes + 2, state.length, message) < 0) {
                next[length++] = message;
            }
        }
        int kept = nodes + 2;
        for (int k = nodes + 2; k < length; k++) {
            if (!prune || !isDead(next[k], next) || !changesNothing(next[k], next)) {
                next[kept++] = next[k];
            }
        }
        Arrays.sort(next, nodes + 2, kept);
        return kept == next.length ? next : Arrays.copyOf(next, kept);
    }

    /**
     * Whether receiving a message changes nothing, now and whatever comes: terms only grow, a lost role of a term is never
     * had again, and what a candidate or leader knows only grows while it is one. Such a message need not be kept.
     */
    private boolean isDead(int number, int[] state) {
        Message message = local.messages.get(number);
        NodeState to = stateOf(message.to(), state);
        NodeState from = stateOf(message.from(), state);
        if (message instanceof RequestVoteResponse m) {
            List<String> heard = m.voteGranted() ? to.votesGranted() : to.votesRefused();
            return m.term() < to.currentTerm()
                    || (m.term() == to.currentTerm() && (!to.isCandidate() || heard.contains(m.from())));
        }
        if (message instanceof AppendEntriesResponse m) {
            return m.term() < to.currentTerm()
                    || (m.term() == to.currentTerm()
                            && (to.isLeader() ? m.matchIndex() <= to.matchOf(m.from()) : !to.isCandidate()));
        }
        // A request of an old term, or of one that will be old: its refusal tells the sender a term that it may not
        // have
        // reached yet; to a candidate or leader of that term it is a refusal like any other.
        boolean refusalKnown = from.currentTerm() == bounds.maxTerm() && !from.isCandidate() && !from.isLeader();
        if (message.term() < to.currentTerm()) {
            return refusalKnown;
        }
        if (message instanceof AppendEntries m && m.term() == to.currentTerm() && !to.isCandidate()) {
            boolean fromLeads = from.isLeader() && from.currentTerm() == m.term();
            boolean ackKnown = !fromLeads || from.matchOf(m.to()) >= m.lastNewIndex();
            boolean held = to.log().size() >= m.lastNewIndex() && matches(to, m);
            boolean commitKnown = Math.min(m.leaderCommit(), m.lastNewIndex()) <= to.commitIndex();
            // A restart would forget the commit index.
            boolean commitKept = state[nodes + 1] == bounds.maxRestarts();
            boolean neverOld = m.term() == bounds.maxTerm();
            return (neverOld || refusalKnown) && ackKnown && held && commitKnown && commitKept;
        }
        return false;
    }

    /** What {@link #isDead} says of a correct core, tried on this one: a core with a bug is to be caught here, not believed. */
    private boolean changesNothing(int number, int[] state) {
        int receiver = state[servers.indexOf(local.messages.get(number).to())];
        LocalStep step = local.step(receiver, LocalSteps.FIRST_MESSAGE + number);
        return step.failure() == null && step.next() == receiver;
    }

    private static boolean matches(NodeState to, AppendEntries m) {
        for (int k = 0; k < m.entries().size(); k++) {
            if (to.log().get((int) m.prevLogIndex() + k).term()
                    != m.entries().get(k).term()) {
                return false;
            }
        }
        return m.prevLogIndex() == 0 || to.log().get((int) m.prevLogIndex() - 1).term() == m.prevLogTerm();
    }

    private NodeState stateOf(String server, int[] state) {
        return local.states.get(state[servers.indexOf(server)]);
    }

    private int historyAfter(int history, int nodeState) {
        return historySteps.computeIfAbsent((long) history << 32 | nodeState, key -> {
            History after = histories.get(history).after(local.states.get(nodeState));
            return after == null ? -1 : histories.of(after);
        });
    }

    /** The same for states that differ in names only; the order of servers and messages does not matter to a sum. */
    private long fingerprint(int[] state) {
        long least = Long.MAX_VALUE;
        for (int k = 0; k < renamings.size(); k++) {
            long sum = Interner.mix(histories.fingerprint(state[nodes], k)) + Interner.mix(~(long) state[nodes + 1]);
            for (int node = 0; node < nodes; node++) {
                sum += local.states.fingerprint(state[node], k);
            }
            for (int m = nodes + 2; m < state.length; m++) {
                sum += 3 * local.messages.fingerprint(state[m], k);
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
        return heldBy.computeIfAbsent(
                (long) history << 32 | nodeState, key -> histories.get(history).heldBy(local.states.get(nodeState)));
    }

    private @Nullable String pairViolation(int a, int b) {
        long key = (long) a << 32 | b;
        if (pairs.containsKey(key)) {
            return pairs.get(key);
        }
        NodeState one = local.states.get(a);
        NodeState other = local.states.get(b);
        String violation = PairProperties.violated(one, other);
        pairs.put(key, violation);
        return violation;
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

    /** The steps from the initial state to a state, and one more. */
    private List<String> schedule(int state, int lastNode, int lastInput) {
        List<String> steps = new ArrayList<>();
        steps.add(describe(lastNode, lastInput));
        for (int at = state; at != 0; at = parents[at]) {
            steps.add(describe((int) (causes[at] >>> 32), (int) causes[at]));
        }
        Collections.reverse(steps);
        return steps;
    }

    private String describe(int node, int input) {
        String server = servers.get(node);
        return switch (input) {
            case LocalSteps.START_ELECTION -> server + " StartElection";
            case LocalSteps.PROPOSE -> server + " Propose";
            case LocalSteps.RESTART -> server + " Restart";
            default -> server + " handles " + local.messages.get(input - LocalSteps.FIRST_MESSAGE);
        };
    }
}
