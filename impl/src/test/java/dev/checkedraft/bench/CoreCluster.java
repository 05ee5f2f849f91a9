package dev.checkedraft.bench;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.trace.TraceSink;
import dev.checkedraft.trace.Tracer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * This project's core, driven as an embedder would who batches: in a turn of its own a node takes all that has arrived,
 * would store it with one write, sends, and applies.
 */
final class CoreCluster implements Cluster {
    /** Three of these are a heartbeat, each 2 seconds as MicroRaft's; a follower waits for 10 to 20 of them. */
    private static final long TICK_MILLIS = 667;

    private final Loop loop;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final List<Ledger> ledgers;

    /** Starts the nodes. {@code sinks} has each one's trace; null if none is written. */
    CoreCluster(Loop loop, @Nullable Function<String, TraceSink> sinks) {
        this.loop = loop;
        for (String id : NODES) {
            // The core's own numbers: election timeout, heartbeat, and 16 entries a message.
            RaftNode node = RaftNode.restart(Config.of(id, NODES, 1), DurableState.INITIAL);
            Tracer tracer = sinks == null ? null : new Tracer(id, node.config().peers(), sinks.apply(id));
            members.put(id, new Member(node, tracer));
        }
        ledgers = members.values().stream().map(member -> member.ledger).toList();
        members.values().forEach(Member::tickLater);
    }

    @Override
    public boolean hasLeader() {
        return members.values().stream().anyMatch(member -> member.node.isLeader())
                && members.values().stream()
                                .map(member -> member.node.leader())
                                .distinct()
                                .count()
                        == 1;
    }

    @Override
    public CompletableFuture<?> replicate(String command) {
        for (Member member : members.values()) {
            if (member.node.isLeader()) {
                return member.replicate(command);
            }
        }
        throw new IllegalStateException("no node leads");
    }

    @Override
    public List<Ledger> ledgers() {
        return ledgers;
    }

    private final class Member {
        private final RaftNode node;
        private final @Nullable Tracer tracer;
        private final Ledger ledger;
        private final ArrayDeque<Message> inbox = new ArrayDeque<>();
        private final ArrayDeque<String> commands = new ArrayDeque<>();

        /** Of the commands that this node, leading, has taken and not yet applied: MicroRaft makes such futures too. */
        private final ArrayDeque<CompletableFuture<Object>> waiting = new ArrayDeque<>();

        private boolean turnIsDue = false;
        private boolean tickIsDue = false;

        /** What a turn sends: of several AppendEntries to one node the last, which has all that the others had. */
        private final Map<String, AppendEntries> appends = new LinkedHashMap<>();

        private final List<Message> others = new ArrayList<>();
        private final List<Entry> committed = new ArrayList<>();

        Member(RaftNode node, @Nullable Tracer tracer) {
            this.node = node;
            this.tracer = tracer;
            this.ledger = new Ledger(node.id());
        }

        void tickLater() {
            loop.schedule(
                    () -> {
                        tickIsDue = true;
                        takeTurn();
                        tickLater();
                    },
                    TICK_MILLIS,
                    TimeUnit.MILLISECONDS);
        }

        CompletableFuture<Object> replicate(String command) {
            CompletableFuture<Object> applied = new CompletableFuture<>();
            commands.add(command);
            waiting.add(applied);
            takeTurn();
            return applied;
        }

        void receive(Message message) {
            inbox.add(message);
            takeTurn();
        }

        private void takeTurn() {
            if (!turnIsDue) {
                turnIsDue = true;
                loop.execute(this::turn);
            }
        }

        private void turn() {
            turnIsDue = false;
            if (tickIsDue) {
                tickIsDue = false;
                take(node.tick(), null, null);
            }
            for (Message message = inbox.poll(); message != null; message = inbox.poll()) {
                take(node.step(message), message, null);
            }
            for (String command = commands.poll(); command != null; command = commands.poll()) {
                take(node.propose(command), null, command);
            }
            // Here an embedder stores, with one write, what the turn's Readys have. As in MicroRaft's store, nothing.
            send();
            apply();
        }

        private void take(Ready ready, @Nullable Message message, @Nullable String value) {
            if (tracer != null) {
                tracer.handled(node, message, value, ready);
            }
            for (Message outgoing : ready.messages()) {
                if (outgoing instanceof AppendEntries append) {
                    appends.put(append.to(), append);
                } else {
                    others.add(outgoing);
                }
            }
            committed.addAll(ready.committed());
        }

        private void send() {
            others.forEach(CoreCluster.this::deliver);
            others.clear();
            appends.values().forEach(CoreCluster.this::deliver);
            appends.clear();
        }

        private void apply() {
            for (Entry entry : committed) {
                if (!entry.isNoOp()) {
                    ledger.apply(entry.value());
                    CompletableFuture<Object> applied = waiting.poll();
                    if (applied != null) {
                        applied.complete(entry.value());
                    }
                }
            }
            committed.clear();
        }
    }

    private void deliver(Message message) {
        Member to = members.get(message.to());
        if (to == null) {
            throw new IllegalStateException("no node is called " + message.to());
        }
        to.receive(message);
    }
}
