package dev.checkedraft.emit.microraft;

import dev.checkedraft.core.Entry;
import dev.checkedraft.emit.Emitter;
import dev.checkedraft.emit.MessageFields;
import dev.checkedraft.trace.StateFields;
import io.microraft.RaftConfig;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.RaftRole;
import io.microraft.executor.RaftNodeExecutor;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.VoteRequest;
import io.microraft.model.message.VoteResponse;
import io.microraft.model.persistence.RaftEndpointPersistentState;
import io.microraft.model.persistence.RaftTermPersistentState;
import io.microraft.persistence.RaftStore;
import io.microraft.report.RaftNodeReport;
import io.microraft.statemachine.StateMachine;
import io.microraft.transport.Transport;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A MicroRaft server, unchanged, told by an {@link Emitter}: its executor, transport, store and state machine. */
final class MicroRaftServer implements RaftNodeExecutor, Transport, RaftStore, StateMachine {
    record Endpoint(String id) implements RaftEndpoint {
        @Override
        public Object getId() {
            return id;
        }
    }

    private final Endpoint self;
    private final Emitter emitter;
    private final VirtualTime time;
    private final RaftNode raft;

    /** The message that is being handed over. */
    private @Nullable RaftMessage arriving = null;

    private boolean looking = false;

    MicroRaftServer(Endpoint self, Collection<RaftEndpoint> all, RaftConfig config, Emitter emitter, VirtualTime time) {
        this.self = self;
        this.emitter = emitter;
        this.time = time;
        raft = RaftNode.newBuilder()
                .setGroupId("group")
                .setLocalEndpoint(self)
                .setInitialGroupMembers(all)
                .setConfig(config)
                .setExecutor(this)
                .setTransport(this)
                .setStateMachine(this)
                .setModelFactory(new DefaultRaftModelFactory())
                .setStore(this)
                .setRandom(new Random(time.random().nextLong()))
                .setRaftNodeReportListener(report -> {})
                .setClock(time)
                .build();
    }

    void start() {
        CompletableFuture<?> unused = raft.start();
    }

    void arrives(RaftMessage message) {
        arriving = message;
        raft.handle(message);
        arriving = null;
    }

    void propose(String value) {
        CompletableFuture<?> unused = raft.replicate(value);
    }

    // ------------------------------------------------------------------------- one task is one step, and tells its
    // state

    @Override
    public void execute(Runnable task) {
        if (looking) {
            task.run();
        } else {
            RaftMessage message = arriving;
            time.after(0, () -> step(task, message));
        }
    }

    @Override
    public void submit(Runnable task) {
        time.after(0, () -> step(task, null));
    }

    @Override
    public void schedule(Runnable task, long delay, TimeUnit unit) {
        time.after(unit.toMillis(delay), () -> step(task, null));
    }

    private void step(Runnable task, @Nullable RaftMessage message) {
        MessageFields told = message == null ? null : fields(message, self);
        if (told == null) {
            emitter.begin();
        } else {
            emitter.begin(told);
        }
        task.run();
        emitter.state(state());
        emitter.end();
    }

    private StateFields state() {
        RaftNodeReport report = report();
        RaftEndpoint vote = report.getTerm().getVotedEndpoint();
        Map<String, Long> matches = new LinkedHashMap<>();
        report.getLog().getFollowerMatchIndices().forEach((server, index) -> matches.put(name(server), index));
        return new StateFields()
                .currentTerm(report.getTerm().getTerm())
                .votedFor(vote == null ? null : name(vote))
                .role(
                        switch (report.getRole()) {
                            case LEADER -> "Leader";
                            case CANDIDATE -> "Candidate";
                            default -> "Follower";
                        })
                .commitIndex(report.getLog().getCommitIndex())
                .matchIndex(matches);
    }

    boolean leads() {
        return report().getRole() == RaftRole.LEADER;
    }

    private RaftNodeReport report() {
        looking = true;
        try {
            return raft.getReport().join().getResult();
        } finally {
            looking = false;
        }
    }

    // ---------------------------------------------------------------------------------------------------------
    // messages

    @Override
    public void send(RaftEndpoint to, RaftMessage message) {
        MessageFields told = fields(message, to);
        if (told == null) {
            time.send(to, message);
        } else {
            emitter.send(told, () -> time.send(to, message));
        }
    }

    @Override
    public boolean isReachable(RaftEndpoint endpoint) {
        return true;
    }

    /** A message as the trace tells it; null for one that changes no server of the spec, as of a pre-vote. */
    private static @Nullable MessageFields fields(RaftMessage message, RaftEndpoint receiver) {
        String from = name(message.getSender());
        String to = name(receiver);
        long term = message.getTerm();
        if (message instanceof VoteRequest m) {
            return MessageFields.requestVote(term, from, to, m.getLastLogIndex(), m.getLastLogTerm());
        } else if (message instanceof VoteResponse m) {
            return MessageFields.requestVoteResponse(term, from, to, m.isGranted());
        } else if (message instanceof AppendEntriesRequest m) {
            long prev = m.getPreviousLogIndex();
            List<Entry> entries = entries(m.getLogEntries());
            return MessageFields.appendEntries(
                    term, from, to, prev, m.getPreviousLogTerm(), entries, m.getCommitIndex());
        } else if (message instanceof AppendEntriesSuccessResponse m) {
            return MessageFields.appendEntriesResponse(term, from, to, true, m.getLastLogIndex());
        } else if (message instanceof AppendEntriesFailureResponse m) {
            return MessageFields.appendEntriesResponse(term, from, to, false, m.getExpectedNextIndex() - 1);
        }
        return null;
    }

    private static List<Entry> entries(List<LogEntry> entries) {
        return entries.stream()
                .map(entry -> new Entry(entry.getTerm(), String.valueOf(entry.getOperation())))
                .toList();
    }

    private static String name(RaftEndpoint endpoint) {
        return String.valueOf(endpoint.getId());
    }

    // ------------------------------------------------------------------------------------------------------------
    // store

    @Override
    public void persistAndFlushTerm(RaftTermPersistentState state) {
        RaftEndpoint vote = state.getVotedFor();
        emitter.persisted(state.getTerm(), vote == null ? null : name(vote));
    }

    @Override
    public void persistLogEntries(List<LogEntry> entries) {
        emitter.appended(entries(entries));
    }

    @Override
    public void truncateLogEntriesFrom(long index) {
        emitter.truncated(index);
    }

    @Override
    public void flush() {
        emitter.flushed();
    }

    @Override
    public void persistAndFlushLocalEndpoint(RaftEndpointPersistentState state) {}

    @Override
    public void persistAndFlushInitialGroupMembers(RaftGroupMembersView members) {}

    @Override
    public void persistSnapshotChunk(SnapshotChunk chunk) {}

    @Override
    public void truncateLogEntriesUntil(long index) {}

    @Override
    public void deleteSnapshotChunks(long index, int count) {}

    // ---------------------------------------------------------------------------------------------------- state
    // machine

    @Override
    public Object runOperation(long index, Object operation) {
        return operation;
    }

    @Override
    public void takeSnapshot(long index, Consumer<Object> chunks) {}

    @Override
    public void installSnapshot(long index, List<Object> chunks) {}

    @Override
    public Object getNewTermOperation() {
        return Entry.NO_OP;
    }
}
