package dev.checkedraft.explore;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.Message;
import dev.checkedraft.explore.Fact.Acknowledged;
import dev.checkedraft.explore.Fact.Asked;
import dev.checkedraft.explore.Fact.Led;
import dev.checkedraft.explore.Fact.Refused;
import dev.checkedraft.explore.Fact.Voted;
import dev.checkedraft.explore.LocalSteps.LocalStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What each server may receive: every message that {@code spec/Raft.tla} lets a correct server have sent by then, whether
 * or not the core under test sends such a one. The facts of a history, by number, say what it is; none is ever taken out.
 * So nothing is taken for granted of the receiver: a message is offered also when a correct one would ignore it, and always
 * will.
 *
 * <p>A reply is there as soon as a server is in a state in which it would give it and stay as it is: the request is there,
 * and it could be received again at any time. All replies are of that kind, since what a handler replies, it replies again
 * in the state that it leads to. Sending early takes nothing away: nobody must receive it.
 *
 * <p>Up to the first step that is not the spec's, at which an exploration ends, the core's servers are the spec's, so that
 * what {@code Raft.tla} lets them send follows from their states.
 */
final class Network {
    /** What a server does with all messages that follow from a fact. */
    static final class Reactions {
        private final int[] inputs;
        private final int[] unmoved;

        /** Whether some state of the cluster has shown them. */
        boolean seen = false;

        Reactions(int[] inputs, int[] unmoved) {
            this.inputs = inputs;
            this.unmoved = unmoved;
        }

        /** The messages that change it, or show it to be wrong; not to be changed. */
        int[] inputs() {
            return inputs;
        }

        /** The other messages; not to be changed. */
        int[] unmoved() {
            return unmoved;
        }
    }

    private final LocalSteps local;
    private final Interner<Fact> facts;
    private final Map<Object, Integer> subjectNumbers = new HashMap<>();
    private int[] subjects = new int[1 << 10];
    private final PairTable<int[]> replies = new PairTable<>();
    private final Map<Integer, int[]> own = new HashMap<>();
    private final PairTable<Integer> joined = new PairTable<>();
    private final PairTable<Reactions> reactions = new PairTable<>();

    private int[] buffer = new int[64];
    private int length = 0;
    private boolean[] fresh = new boolean[64];

    Network(LocalSteps local, List<Renaming> renamings) {
        this.local = local;
        this.facts = new Interner<>(renamings, (names, fact) -> fact.renamed(names));
    }

    long fingerprint(int fact, int renaming) {
        return facts.fingerprint(fact, renaming);
    }

    /**
     * The inputs with which the messages of a fact change a server, or show it to be wrong. Those that leave it as it is,
     * and are right to, are tried here once and only counted.
     */
    Reactions reactions(int state, int fact) {
        Reactions known = reactions.get(state, fact);
        if (known == null) {
            List<Integer> inputs = new ArrayList<>();
            List<Integer> unmoved = new ArrayList<>();
            for (Message message :
                    facts.get(fact).messagesTo(local.states.get(state).id())) {
                int input = LocalSteps.FIRST_MESSAGE + local.messages.of(message);
                LocalStep step = local.step(state, input);
                if (step.failure() != null || (step.next() >= 0 && step.next() != state)) {
                    inputs.add(input);
                } else if (step.next() >= 0) {
                    unmoved.add(input);
                }
            }
            known = new Reactions(
                    inputs.stream().mapToInt(k -> k).toArray(),
                    unmoved.stream().mapToInt(k -> k).toArray());
            reactions.put(state, fact, known);
        }
        return known;
    }

    /**
     * The facts once a server has come to another state.
     *
     * @param state the numbers of the servers' states, then anything; from an index on the facts so far
     * @param from that index
     * @param changed the server
     * @return the facts, ascending
     */
    int[] after(int[] state, int from, int nodes, int changed) {
        length = state.length - from;
        if (buffer.length < length) {
            buffer = new int[2 * length];
            fresh = new boolean[2 * length];
        }
        System.arraycopy(state, from, buffer, 0, length);
        Arrays.fill(fresh, 0, length, false);
        for (int fact : own(state[changed])) {
            add(fact);
        }
        int requests = length;
        for (int k = 0; k < requests; k++) {
            int fact = buffer[k];
            boolean isFresh = fresh[k];
            for (int node = 0; node < nodes; node++) {
                if (node == changed || isFresh) {
                    for (int reply : replies(state[node], fact)) {
                        add(reply);
                    }
                }
            }
        }
        int[] result = Arrays.copyOf(buffer, length);
        Arrays.sort(result);
        return result;
    }

    private void add(int fact) {
        int subject = subjects[fact];
        for (int k = 0; k < length; k++) {
            if (subjects[buffer[k]] == subject) {
                int both = join(buffer[k], fact);
                fresh[k] |= both != buffer[k];
                buffer[k] = both;
                return;
            }
        }
        if (length == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * length);
            fresh = Arrays.copyOf(fresh, 2 * length);
        }
        fresh[length] = true;
        buffer[length++] = fact;
    }

    private int join(int one, int other) {
        if (one == other) {
            return one;
        }
        Integer known = joined.get(one, other);
        if (known == null) {
            known = number(facts.get(one).join(facts.get(other)));
            joined.put(one, other, known);
        }
        return known;
    }

    private int number(Fact fact) {
        int number = facts.of(fact);
        if (number >= subjects.length) {
            subjects = Arrays.copyOf(subjects, 2 * subjects.length);
        }
        Object subject = fact.subject();
        Integer known = subjectNumbers.get(subject);
        if (known == null) {
            known = subjectNumbers.size();
            subjectNumbers.put(subject, known);
        }
        subjects[number] = known;
        return number;
    }

    private int[] numbers(List<Fact> found) {
        return found.stream().mapToInt(this::number).toArray();
    }

    // ---------------------------------------------------------------------------------------------------------------

    /** What follows from a server's state alone. */
    private int[] own(int state) {
        return own.computeIfAbsent(state, number -> numbers(factsOf(local.states.get(number))));
    }

    /** What a fact says. */
    Fact fact(int number) {
        return facts.get(number);
    }

    private static List<Fact> factsOf(NodeState s) {
        String vote = s.votedFor();
        if (vote != null && !vote.equals(s.id())) {
            return List.of(new Voted(s.currentTerm(), s.id(), vote, true));
        }
        if (s.isCandidate()) {
            // Its log is the one with which it asked: a candidate's does not change.
            return List.of(new Asked(
                    s.currentTerm(),
                    s.id(),
                    s.log().size(),
                    termAt(s.log(), s.log().size())));
        }
        return s.isLeader() ? List.of(new Led(s.currentTerm(), s.id(), s.log(), s.commitIndex())) : List.of();
    }

    /** What follows from a server's state once a request was sent. */
    private int[] replies(int state, int request) {
        int[] known = replies.get(state, request);
        if (known == null) {
            known = numbers(repliesOf(local.states.get(state), facts.get(request)));
            replies.put(state, request, known);
        }
        return known;
    }

    private static List<Fact> repliesOf(NodeState s, Fact request) {
        if (request instanceof Asked m && !m.from().equals(s.id()) && m.term() <= s.currentTerm()) {
            return isRefused(s, m) ? List.of(new Voted(s.currentTerm(), s.id(), m.from(), false)) : List.of();
        }
        if (request instanceof Led m && !m.from().equals(s.id()) && m.term() <= s.currentTerm()) {
            boolean old = m.term() < s.currentTerm();
            if (!old && s.isCandidate()) {
                return List.of(); // it follows first
            }
            List<Fact> found = new ArrayList<>();
            SortedSet<Long> refused = new TreeSet<>();
            for (long prev = m.log().size(); prev >= 0; prev--) {
                if (old || s.log().size() < prev || termAt(s.log(), prev) != termAt(m.log(), prev)) {
                    refused.add(prev);
                } else if (found.isEmpty()) {
                    found.add(new Acknowledged(m.term(), s.id(), m.from(), prev));
                }
            }
            if (!refused.isEmpty()) {
                found.add(new Refused(s.currentTerm(), s.id(), m.from(), refused));
            }
            return found;
        }
        return List.of();
    }

    private static boolean isRefused(NodeState s, Asked m) {
        long lastTerm = termAt(s.log(), s.log().size());
        boolean upToDate =
                m.lastLogTerm() == lastTerm ? m.lastLogIndex() >= s.log().size() : m.lastLogTerm() > lastTerm;
        String vote = s.votedFor();
        return m.term() < s.currentTerm() || !upToDate || (vote != null && !vote.equals(m.from()));
    }

    private static long termAt(List<Entry> log, long index) {
        return index == 0 ? 0 : log.get((int) index - 1).term();
    }
}
