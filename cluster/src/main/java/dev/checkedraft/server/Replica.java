package dev.checkedraft.server;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.InvalidInputException;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.disk.NodeTrace;
import dev.checkedraft.disk.Store;
import dev.checkedraft.disk.StoreException;
import dev.checkedraft.kv.Command;
import dev.checkedraft.kv.KvStore;
import dev.checkedraft.kv.Outcome;
import dev.checkedraft.kv.Outcome.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a node does in a turn of its loop, without clock, thread or socket: hands inputs to the core, makes all that came of
 * them durable in one transaction, writes the trace, and only then sends, applies and answers. Group commit is no more than
 * that: the inputs that come during a transaction share the next one.
 */
public final class Replica implements AutoCloseable {
    /** How long a client waits, in ticks, before it is told that nothing is known. */
    private static final int PATIENCE = 100;

    /** How many entries may wait to be committed. */
    private static final int MAX_PENDING = 10_000;

    /** How many entries of the log the status shows. */
    private static final int SHOWN = 8;

    private final RaftNode core;
    private final Store store;
    private final @Nullable NodeTrace trace;
    private final KvStore machine;
    private final ReadRounds reads;
    private final Transport transport;
    private final Metrics metrics;
    private long tick = 0;

    /** Writes that wait until their entry is committed, by its index. */
    private final TreeMap<Long, Pending> pending = new TreeMap<>();

    private record Pending(long term, Reply reply, long since) {}

    /** What the inputs of this turn came to. */
    private @Nullable HardState hardState;

    private final List<LogChange> log = new ArrayList<>();
    private final List<Sent> responses = new ArrayList<>();

    /** The last AppendEntries for each peer: with it, those before it are of no use. */
    private final Map<String, AppendEntries> appends = new LinkedHashMap<>();

    private final List<Ready> committed = new ArrayList<>();

    private record Sent(Message message, long round) {}

    /** Parts of a replica that tests exchange for others. */
    public record Parts(KvStore machine, ReadRounds reads) {
        /** As they should be. */
        public static Parts of(Config config) {
            return new Parts(new KvStore(), new ReadRounds(config.servers().size()));
        }
    }

    /** Starts or restarts a replica from what its store has. */
    public Replica(
            Config config, Store store, @Nullable NodeTrace trace, Parts parts, Transport transport, Metrics metrics)
            throws StoreException {
        core = RaftNode.restart(config, store.state());
        this.store = store;
        this.trace = trace;
        machine = parts.machine();
        reads = parts.reads();
        this.transport = transport;
        this.metrics = metrics;
        if (trace != null && store.traceTail() != null) {
            trace.tracer().restarted(core);
        }
        writeTrace(trace == null ? null : trace.takeTurn());
    }

    /**
     * A turn of the loop.
     *
     * @throws StoreException if it may not be durable: nothing was sent or answered, and the node must stop
     */
    public void turn(List<Input> inputs) throws StoreException {
        for (Input input : inputs) {
            take(input);
        }
        if (reads.hasFresh() && mayRead()) {
            reads.begin(core.id());
            collect(core.sendHeartbeats(), 0);
        }
        List<Sent> sends = sends();
        Store.TraceTail traced = traced(sends);
        if (hardState != null || !log.isEmpty()) {
            store.save(new Store.Changes(hardState, log, traced));
            metrics.transactions.increment();
        }
        writeTrace(traced);
        sends.forEach(send -> transport.send(send.message, send.round));
        metrics.sent.add(sends.size());
        apply();
        answerReads();
        hardState = null;
        log.clear();
        responses.clear();
        appends.clear();
        committed.clear();
        metrics.turns.increment();
    }

    // --------------------------------------------------------------------------------------------------------- inputs

    private void take(Input input) {
        if (input instanceof Input.Tick) {
            tick++;
            handled(core.tick(), null, null, 0);
            giveUp();
        } else if (input instanceof Input.FromPeer from) {
            step(from.message(), from.round());
        } else if (input instanceof Input.Write write) {
            propose(write.command(), write.reply());
        } else if (input instanceof Input.Read read) {
            if (core.isLeader()) {
                reads.add(new ReadRounds.Read(read.key(), read.reply(), tick));
            } else {
                read.reply().answer(Outcome.notLeader(core.leader()));
            }
        }
    }

    private void step(Message message, long round) {
        try {
            handled(core.step(message), message, null, round);
        } catch (InvalidInputException e) {
            metrics.refused("message");
            return;
        }
        if (message instanceof AppendEntriesResponse response
                && core.isLeader()
                && response.term() == core.currentTerm()) {
            reads.heard(response.from(), round);
        }
    }

    private void propose(Command command, Reply reply) {
        if (!core.isLeader()) {
            reply.answer(Outcome.notLeader(core.leader()));
        } else if (pending.size() >= MAX_PENDING) {
            reply.answer(Outcome.error(503, "too many requests wait, try again"));
        } else {
            String value = command.encoded();
            handled(core.propose(value), null, value, 0);
            pending.put((long) core.log().size(), new Pending(core.currentTerm(), reply, tick));
        }
    }

    private void handled(Ready ready, @Nullable Message message, @Nullable String value, long round) {
        if (trace != null && ready.action() != null) {
            trace.tracer().handled(core, message, value, withoutAppends(ready));
        }
        // The number is repeated only where the answer is of the request's term: see ReadRounds.
        boolean sameTerm = message instanceof AppendEntries && message.term() == core.currentTerm();
        collect(ready, sameTerm ? round : 0);
        if (message instanceof AppendEntries && ready.log() != null) {
            overwritten(ready.log());
        }
    }

    private static Ready withoutAppends(Ready ready) {
        List<Message> others = ready.messages().stream()
                .filter(sent -> !(sent instanceof AppendEntries))
                .toList();
        return new Ready(
                ready.action(), ready.hardState(), ready.log(), others, ready.committedFrom(), ready.committed());
    }

    private void collect(Ready ready, long round) {
        hardState = ready.hardState() == null ? hardState : ready.hardState();
        if (ready.log() != null) {
            log.add(ready.log());
        }
        for (Message sent : ready.messages()) {
            if (sent instanceof AppendEntries append) {
                appends.put(append.to(), append);
            } else {
                responses.add(new Sent(sent, round));
            }
        }
        if (!ready.committed().isEmpty()) {
            committed.add(ready);
        }
    }

    /** Entries of this node that another leader replaced were not committed, and will not be. */
    private void overwritten(LogChange change) {
        Map<Long, Pending> gone = pending.tailMap(change.from());
        gone.values().forEach(write -> write.reply.answer(Outcome.error(503, "the leader was replaced, try again")));
        gone.clear();
    }

    // --------------------------------------------------------------------------------------------------------- outputs

    /**
     * What leaves at the end of the turn. Of the appends for a peer that is the last, and none if the node leads that term no
     * more: what is left out might as well be lost.
     */
    private List<Sent> sends() {
        List<Sent> sends = new ArrayList<>(responses);
        for (AppendEntries append : appends.values()) {
            if (core.isLeader() && append.term() == core.currentTerm()) {
                sends.add(new Sent(append, reads.number()));
            }
        }
        return sends;
    }

    private Store.@Nullable TraceTail traced(List<Sent> sends) {
        if (trace == null) {
            return null;
        }
        List<Message> sent = sends.stream()
                .map(Sent::message)
                .filter(message -> message instanceof AppendEntries)
                .toList();
        trace.tracer().handled(core, null, null, new Ready(null, null, null, sent, 1, List.of()));
        return trace.takeTurn();
    }

    private void writeTrace(Store.@Nullable TraceTail lines) throws StoreException {
        if (trace != null && lines != null) {
            trace.write(lines);
        }
    }

    private void apply() {
        for (Ready ready : committed) {
            long index = ready.committedFrom();
            for (Entry entry : ready.committed()) {
                Outcome outcome = machine.apply(index, entry);
                Pending write = pending.remove(index);
                if (write != null) {
                    write.reply.answer(
                            write.term == entry.term()
                                    ? outcome
                                    : Outcome.error(503, "the leader was replaced, try again"));
                }
                index++;
            }
        }
    }

    /** Whether the leader's commit index holds all that was committed before: once an entry of its term is. */
    private boolean mayRead() {
        long commit = core.commitIndex();
        return core.isLeader()
                && commit > 0
                && core.log().get(Math.toIntExact(commit - 1)).term() == core.currentTerm();
    }

    private void answerReads() {
        if (!core.isLeader()) {
            Outcome moved = Outcome.notLeader(core.leader());
            reads.takeOlderThan(Long.MAX_VALUE).forEach(read -> read.reply().answer(moved));
        }
        for (ReadRounds.Read read : reads.takeDone()) {
            String value = machine.get(read.key());
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("key", read.key());
            if (value != null) {
                body.put("value", value);
            }
            read.reply().answer(Outcome.of(value == null ? 404 : 200, body));
        }
    }

    private void giveUp() {
        long oldest = tick - PATIENCE;
        Map.Entry<Long, Pending> first = pending.firstEntry();
        while (first != null && first.getValue().since < oldest) {
            first.getValue().reply.answer(Outcome.unknown());
            pending.remove(first.getKey());
            first = pending.firstEntry();
        }
        reads.takeOlderThan(oldest).forEach(read -> read.reply().answer(Outcome.unknown()));
    }

    /** The node as it is now. */
    public Status status() {
        List<Entry> entries = core.log();
        int first = Math.max(0, entries.size() - SHOWN);
        Map<String, Long> matchIndex = new LinkedHashMap<>();
        core.config().peers().forEach(peer -> matchIndex.put(peer, core.matchIndex(peer)));
        return new Status(
                core.id(),
                core.role(),
                core.currentTerm(),
                core.votedFor(),
                core.leader(),
                core.commitIndex(),
                entries.size(),
                machine.applied(),
                machine.keys(),
                machine.sessions(),
                matchIndex,
                first + 1L,
                List.copyOf(entries.subList(first, entries.size())));
    }

    @Override
    public void close() throws StoreException {
        if (trace != null) {
            trace.close();
        }
        store.close();
    }
}
