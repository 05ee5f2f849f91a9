package dev.checkedraft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Message.AppendEntries;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A server driven by hand. It does what a caller of {@link RaftNode} must do: persists, then sends, then applies. Of every
 * input it checks that a copy of the server does exactly the same, and that the {@link Ready} told all that changed and
 * nothing else; so every test here is a test of that as well.
 */
final class Node {
    /** The server under test, where there is one. Its peers are s2, s3, and so on. */
    static final String ID = "s1";

    private final Config config;
    private RaftNode raft;
    private DurableState disk;
    private final List<Entry> applied = new ArrayList<>();
    private final List<Message> sent = new ArrayList<>();
    private Ready ready = new Ready(null, null, null, List.of(), 1, List.of());

    private Node(Config config, DurableState durable) {
        this.config = config;
        this.disk = durable;
        this.raft = RaftNode.restart(config, durable);
    }

    // What a server may be at the start of a test.

    static List<String> servers(int clusterSize) {
        return IntStream.rangeClosed(1, clusterSize).mapToObj(k -> "s" + k).toList();
    }

    static Config config(int clusterSize) {
        return Config.of(ID, servers(clusterSize), 1);
    }

    /** The same but for the most entries in one AppendEntries. */
    static Config maxEntries(int maxEntries, Config c) {
        return new Config(
                c.id(),
                c.servers(),
                c.minElectionTimeout(),
                c.maxElectionTimeout(),
                c.heartbeatInterval(),
                maxEntries,
                c.seed());
    }

    /** A server that has never run. */
    static Node fresh(Config config) {
        return new Node(config, DurableState.INITIAL);
    }

    static Node fresh(int clusterSize) {
        return fresh(config(clusterSize));
    }

    /** A server that has voted for nobody in its term. */
    static Node follower(int clusterSize, long term, List<Entry> log) {
        return restarted(config(clusterSize), term, null, log);
    }

    static Node restarted(Config config, long term, @Nullable String votedFor, List<Entry> log) {
        return new Node(config, new DurableState(new HardState(term, votedFor), log));
    }

    static Node candidate(int clusterSize, long term, List<Entry> log) {
        return restarted(config(clusterSize), term - 1, null, log).timesOut();
    }

    /** A leader, its no-op after this log, with votes from s2 and on as far as needed. */
    static Node leader(Config config, long term, List<Entry> log) {
        Node node = restarted(config, term - 1, null, log).timesOut();
        for (int k = 2; !node.raft.isLeader(); k++) {
            node.receives(Peer.peer("s" + k, term).vote());
        }
        return node;
    }

    static Node leader(int clusterSize, long term, List<Entry> log) {
        return leader(config(clusterSize), term, log);
    }

    /** A server in a term, as a {@code Follower}, {@code Candidate} or {@code Leader}, of a cluster of three. */
    static Node inRole(String role, long term, List<Entry> log) {
        return switch (role) {
            case "Follower" -> follower(3, term, log);
            case "Candidate" -> candidate(3, term, log);
            case "Leader" -> leader(3, term, log);
            default -> throw new IllegalArgumentException(role);
        };
    }

    // Inputs.

    Node timesOut() {
        return take(RaftNode::startElection);
    }

    Node receives(Message... messages) {
        for (Message message : messages) {
            take(node -> node.step(message));
        }
        return this;
    }

    Node proposes(String... values) {
        for (String value : values) {
            take(node -> node.propose(value));
        }
        return this;
    }

    Node sendsHeartbeats() {
        return take(RaftNode::sendHeartbeats);
    }

    Node ticks(int count) {
        for (int k = 0; k < count; k++) {
            take(RaftNode::tick);
        }
        return this;
    }

    /** A crash: all is lost but the disk. */
    Node restarts() {
        raft = RaftNode.restart(config, disk);
        applied.clear();
        sent.clear();
        return this;
    }

    /** The input is an error, and everything is as before: what can be seen, and what will be done. Returns what it says. */
    String refuses(Function<RaftNode, Ready> input) {
        State before = State.of(raft);
        String message = assertThrows(InvalidInputException.class, () -> input.apply(raft))
                .getMessage();
        assertEquals(before, State.of(raft));
        return message;
    }

    String refuses(Message message) {
        return refuses(node -> node.step(message));
    }

    private Node take(Function<RaftNode, Ready> input) {
        DurableState before = raft.durableState();
        long knownCommitted = raft.commitIndex();
        RaftNode copy = raft.copy();

        sent.clear();
        ready = input.apply(raft);

        assertEquals(ready, input.apply(copy), "what a copy does");
        assertEquals(State.seen(raft), State.seen(copy), "what a copy becomes");
        checkAgainst(before, knownCommitted);
        disk = new DurableState(
                ready.hardState() == null ? disk.hardState() : ready.hardState(), afterwards(disk.log(), ready.log()));
        assertEquals(raft.durableState(), disk, "what was persisted");
        sent.addAll(ready.messages());
        applied.addAll(ready.committed());
        assertEquals(raft.log().subList(0, (int) raft.commitIndex()), applied, "what was applied");
        return this;
    }

    private void checkAgainst(DurableState before, long knownCommitted) {
        HardState hardState = raft.durableState().hardState();
        assertEquals(hardState.equals(before.hardState()) ? null : hardState, ready.hardState());
        LogChange log = ready.log();
        if (log == null) {
            assertEquals(before.log(), raft.log());
        } else {
            List<Entry> kept = before.log().subList(0, (int) log.from() - 1);
            assertEquals(kept, raft.log().subList(0, (int) log.from() - 1));
            assertFalse(log.entries().isEmpty());
            boolean same = before.log().size() >= log.from()
                    && before.log()
                            .get((int) log.from() - 1)
                            .equals(log.entries().get(0));
            assertFalse(same, "the first entry said to have changed has not");
        }
        assertEquals(ready.hardState() != null || ready.log() != null, ready.mustPersist());
        assertTrue(raft.commitIndex() >= knownCommitted, "the commit index goes back");
        assertEquals(applied.size() + 1, ready.committedFrom());
    }

    private static List<Entry> afterwards(List<Entry> log, @Nullable LogChange change) {
        if (change == null) {
            return log;
        }
        List<Entry> changed = new ArrayList<>(log.subList(0, (int) change.from() - 1));
        changed.addAll(change.entries());
        return changed;
    }

    // What there is to see.

    /** The messages sent on the last input. */
    List<Message> sent() {
        return List.copyOf(sent);
    }

    /** The one message sent on the last input. */
    Message reply() {
        assertEquals(1, sent.size(), () -> "one message, not " + sent);
        return sent.get(0);
    }

    /** The one AppendEntries sent to a peer on the last input. */
    AppendEntries appendTo(String peer) {
        List<Message> toPeer =
                sent.stream().filter(message -> message.to().equals(peer)).toList();
        assertEquals(1, toPeer.size(), () -> "one message to " + peer + ", not " + toPeer);
        return (AppendEntries) toPeer.get(0);
    }

    /** What the last input asked of the caller. */
    Ready ready() {
        return ready;
    }

    /** What it would restart from. */
    DurableState disk() {
        return disk;
    }

    /** What its state machine was given in this life. */
    List<Entry> applied() {
        return List.copyOf(applied);
    }

    String id() {
        return raft.id();
    }

    long term() {
        return raft.currentTerm();
    }

    @Nullable
    String votedFor() {
        return raft.votedFor();
    }

    String role() {
        return raft.role();
    }

    boolean isLeader() {
        return raft.isLeader();
    }

    @Nullable
    String leader() {
        return raft.leader();
    }

    List<Entry> log() {
        return List.copyOf(raft.log());
    }

    long commitIndex() {
        return raft.commitIndex();
    }

    List<String> votesGranted() {
        return raft.votesGranted();
    }

    List<String> votesRefused() {
        return raft.votesRefused();
    }

    long matchIndex(String peer) {
        return raft.matchIndex(peer);
    }

    long nextIndex(String peer) {
        return raft.nextIndex(peer);
    }

    /** The server itself. */
    RaftNode raft() {
        return raft;
    }

    /** How many ticks until it starts an election, if nothing comes in between. */
    int ticksToElection() {
        RaftNode copy = raft.copy();
        for (int ticks = 1; ticks <= 10_000; ticks++) {
            if (copy.tick().action() == Action.START_ELECTION) {
                return ticks;
            }
        }
        throw new AssertionError("no election in 10,000 ticks of " + State.of(raft));
    }

    /** Everything about a server: what can be seen of it, and what it is about to do. */
    record State(DurableState durable, String role, List<Object> seen, List<Ready> future) {
        static State of(RaftNode node) {
            RaftNode copy = node.copy();
            List<Ready> future = IntStream.range(0, 2 * node.config().maxElectionTimeout())
                    .mapToObj(tick -> copy.tick())
                    .toList();
            State seen = seen(node);
            return new State(seen.durable, seen.role, seen.seen, future);
        }

        /** Only what can be seen. */
        static State seen(RaftNode node) {
            List<Object> seen = new ArrayList<>();
            seen.add(String.valueOf(node.leader()));
            seen.add(node.commitIndex());
            seen.add(node.votesGranted());
            seen.add(node.votesRefused());
            for (String peer : node.config().peers()) {
                seen.add(List.of(peer, node.matchIndex(peer), node.nextIndex(peer)));
            }
            return new State(node.durableState(), node.role(), seen, List.of());
        }
    }
}
