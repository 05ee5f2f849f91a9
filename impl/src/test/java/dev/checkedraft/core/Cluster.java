package dev.checkedraft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Servers s1, s2, and so on, driven by hand, and the messages in flight between them. After each step the paper's safety
 * properties are checked (figure 3).
 */
final class Cluster {
    private final Map<String, Node> nodes = new TreeMap<>();
    private final List<Message> inFlight = new ArrayList<>();
    private final Set<String> reachable = new HashSet<>();

    /** For the checks: the leader of each term, and what was ever committed, with the term in which it was. */
    private final Map<Long, String> leaders = new HashMap<>();

    private final List<Committed> committed = new ArrayList<>();

    private record Committed(Entry entry, long term) {}

    private Cluster(List<Node> servers) {
        for (Node node : servers) {
            nodes.put(node.id(), node);
        }
        reachable.addAll(nodes.keySet());
    }

    /** Servers that have never run. */
    static Cluster of(int size) {
        return of(size, UnaryOperator.identity());
    }

    static Cluster of(int size, UnaryOperator<Config> configured) {
        List<String> servers = Node.servers(size);
        return new Cluster(servers.stream()
                .map(id -> Node.fresh(configured.apply(Config.of(id, servers, 1))))
                .toList());
    }

    /** Servers in one term that hold these logs, with nothing known to be committed and no votes given. */
    static Cluster withLogs(long term, List<List<Entry>> logs) {
        List<String> servers = Node.servers(logs.size());
        List<Node> nodes = new ArrayList<>();
        for (int k = 0; k < logs.size(); k++) {
            nodes.add(Node.restarted(Config.of(servers.get(k), servers, 1), term, null, logs.get(k)));
        }
        return new Cluster(nodes);
    }

    Node node(String id) {
        Node node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException(id);
        }
        return node;
    }

    // Steps.

    Cluster timesOut(String id) {
        return stepped(node(id).timesOut());
    }

    Cluster proposes(String id, String... values) {
        for (String value : values) {
            stepped(node(id).proposes(value));
        }
        return this;
    }

    Cluster sendsHeartbeats(String id) {
        return stepped(node(id).sendsHeartbeats());
    }

    /** A crash and a restart; what it had sent stays in flight. */
    Cluster restarts(String id) {
        node(id).restarts();
        check();
        return this;
    }

    /** Everyone's clock ticks once, and all that is sent arrives. */
    Cluster tick() {
        for (Node node : nodes.values()) {
            stepped(node.ticks(1));
        }
        return settle();
    }

    /** From now on only these servers reach each other; the others are cut off, or down. */
    Cluster onlyReachable(String... ids) {
        reachable.clear();
        reachable.addAll(List.of(ids));
        return this;
    }

    Cluster allReachable() {
        reachable.addAll(nodes.keySet());
        return this;
    }

    /** The messages in flight from one server to another arrive, in the order in which they were sent. */
    Cluster deliver(String from, String to) {
        return deliver(message -> message.from().equals(from) && message.to().equals(to));
    }

    /** All messages in flight arrive; what that sends is in flight then. */
    Cluster deliverAll() {
        return deliver(message -> true);
    }

    /** All messages arrive, and the answers, and so on until none is left; those from or to servers cut off are lost. */
    Cluster settle() {
        for (int round = 0; !inFlight.isEmpty(); round++) {
            assertTrue(round < 1_000 && inFlight.size() < 10_000, "messages without end");
            deliverAll();
        }
        return this;
    }

    private Cluster deliver(Predicate<Message> which) {
        List<Message> chosen = inFlight.stream().filter(which).toList();
        inFlight.removeIf(which);
        for (Message message : chosen) {
            if (reachable.contains(message.from()) && reachable.contains(message.to())) {
                stepped(node(message.to()).receives(message));
            }
        }
        return this;
    }

    /** All that is in flight is lost. */
    Cluster loseAll() {
        inFlight.clear();
        return this;
    }

    List<Message> inFlight() {
        return List.copyOf(inFlight);
    }

    private Cluster stepped(Node node) {
        inFlight.addAll(node.sent());
        check();
        return this;
    }

    /** The servers that lead, whatever their terms. */
    List<String> leaders() {
        return nodes.values().stream().filter(Node::isLeader).map(Node::id).toList();
    }

    /** Terms of the entries of every server's log, s1's first. */
    List<List<Long>> terms() {
        return nodes.values().stream().map(node -> Logs.terms(node.log())).toList();
    }

    List<Long> commitIndexes() {
        return nodes.values().stream().map(Node::commitIndex).toList();
    }

    // The safety properties of figure 3, written down naively.

    private void check() {
        for (Node node : nodes.values()) {
            if (node.isLeader()) {
                String leader = leaders.putIfAbsent(node.term(), node.id());
                assertTrue(leader == null || leader.equals(node.id()), () -> "Election Safety: term " + node.term());
            }
            List<Entry> applied = node.applied();
            for (int k = 0; k < applied.size(); k++) {
                if (k == committed.size()) {
                    committed.add(new Committed(applied.get(k), node.term()));
                }
                int index = k + 1;
                assertEquals(committed.get(k).entry(), applied.get(k), () -> "State Machine Safety: index " + index);
            }
        }
        for (Node node : nodes.values()) {
            if (node.isLeader()) {
                checkLeaderCompleteness(node);
            }
            nodes.values().forEach(other -> checkLogMatching(node.log(), other.log()));
        }
    }

    private void checkLeaderCompleteness(Node leader) {
        List<Entry> log = leader.log();
        for (int k = 0; k < committed.size(); k++) {
            Entry entry = committed.get(k).entry();
            int index = k + 1;
            assertTrue(
                    committed.get(k).term() >= leader.term()
                            || (k < log.size() && log.get(k).equals(entry)),
                    () -> "Leader Completeness: " + leader.id() + " lacks index " + index);
        }
    }

    private static void checkLogMatching(List<Entry> a, List<Entry> b) {
        boolean same = true;
        for (int k = 0; k < Math.min(a.size(), b.size()); k++) {
            same &= a.get(k).equals(b.get(k));
            assertTrue(same || a.get(k).term() != b.get(k).term(), () -> "Log Matching: " + a + " and " + b);
        }
    }
}
