package dev.checkedraft.core;

import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.Role.Candidate;
import dev.checkedraft.core.Role.Follower;
import dev.checkedraft.core.Role.Leader;
import java.util.List;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One Raft server, to be driven from outside: inputs go in ({@link #tick}, {@link #step}, {@link #propose}), and each
 * returns a {@link Ready} of what to persist, send and apply. It does no I/O, reads no clock, starts no thread and draws no
 * randomness but from the seed of its {@link Config}: the same inputs give the same outputs.
 *
 * <p>Not safe for use by several threads at once. After a crash, drop the object and {@link #restart} another from what
 * was made durable.
 *
 * <p>An input it cannot take (from a stranger, for another server, a proposal to a follower) is an {@link
 * InvalidInputException}, and no state changes.
 */
public final class RaftNode {
    private final Config config;
    private final Raft raft;

    /** Ticks since the election timer was reset, or since the leader's last heartbeat. */
    private int elapsed = 0;

    /** Entries up to here were handed out to be applied: {@code handedOut <= commitIndex}. */
    private long handedOut = 0;

    private RaftNode(Config config, Raft raft) {
        this.config = config;
        this.raft = raft;
    }

    /**
     * Starts a server, or restarts it after a crash.
     *
     * @param durable all that was persisted of the {@link Ready}s so far; {@link DurableState#INITIAL} the first time
     */
    public static RaftNode restart(Config config, DurableState durable) {
        String votedFor = durable.hardState().votedFor();
        if (votedFor != null && !config.servers().contains(votedFor)) {
            throw new IllegalArgumentException(
                    config.id() + " has voted for " + votedFor + ", which is not in its cluster " + config.servers());
        }
        return new RaftNode(config, new Raft(config, durable));
    }

    /** A node in the same state, which then goes its own way. */
    public RaftNode copy() {
        RaftNode copy = new RaftNode(config, raft.copy());
        copy.elapsed = elapsed;
        copy.handedOut = handedOut;
        return copy;
    }

    /** A tick of the caller's clock: at the end of its timeout a follower or candidate starts an election, a leader sends. */
    public Ready tick() {
        elapsed++;
        if (raft.role() instanceof Leader) {
            if (elapsed < config.heartbeatInterval()) {
                return ready(null, null);
            }
            elapsed = 0;
            raft.sendHeartbeats();
            return ready(null, null);
        }
        return elapsed < config.electionTimeout(raft.currentTerm()) ? ready(null, null) : startElection();
    }

    /** The election timeout ends now, whatever the ticks say. Not for a leader. */
    public Ready startElection() {
        return after(Action.START_ELECTION, raft::startElection);
    }

    /** A message arrived. */
    public Ready step(Message message) {
        if (!message.to().equals(config.id())) {
            throw new InvalidInputException("a message for " + message.to() + " came to " + config.id());
        }
        if (!config.servers().contains(message.from())) {
            throw new InvalidInputException("a message from " + message.from() + ", which is not in the cluster of "
                    + config.id() + ", " + config.servers());
        }
        if (message instanceof RequestVote m) {
            return after(Action.HANDLE_REQUEST_VOTE, () -> raft.handleRequestVote(m));
        } else if (message instanceof RequestVoteResponse m) {
            return after(Action.HANDLE_REQUEST_VOTE_RESPONSE, () -> raft.handleRequestVoteResponse(m));
        } else if (message instanceof AppendEntries m) {
            return after(Action.HANDLE_APPEND_ENTRIES, () -> raft.handleAppendEntries(m));
        } else if (message instanceof AppendEntriesResponse m) {
            return after(Action.HANDLE_APPEND_ENTRIES_RESPONSE, () -> raft.handleAppendEntriesResponse(m));
        }
        throw new AssertionError(message);
    }

    /**
     * A client proposes a value. It is committed once a {@link Ready} hands it out; a leader that loses its office may
     * never do so.
     *
     * @param value not empty
     */
    public Ready propose(String value) {
        return after(Action.PROPOSE, () -> raft.propose(value));
    }

    /** A leader sends every other server what it may lack, or a heartbeat; of a server that does not lead, nothing. */
    public Ready sendHeartbeats() {
        raft.sendHeartbeats();
        return ready(null, null);
    }

    private Ready after(Action action, Runnable handler) {
        long term = raft.currentTerm();
        String votedFor = raft.votedFor();
        boolean led = isLeader();
        handler.run();
        if (raft.takeHeardInTime() || led != isLeader()) {
            elapsed = 0;
        }
        boolean kept = term == raft.currentTerm() && Objects.equals(votedFor, raft.votedFor());
        return ready(action, kept ? null : raft.hardState());
    }

    private Ready ready(@Nullable Action action, @Nullable HardState hardState) {
        long from = handedOut + 1;
        List<Entry> committed = raft.log().slice(from, raft.commitIndex());
        handedOut = raft.commitIndex();
        return new Ready(action, hardState, raft.takeLogChange(), raft.takeMessages(), from, committed);
    }

    /** How it was configured. */
    public Config config() {
        return config;
    }

    /** This server's name. */
    public String id() {
        return config.id();
    }

    /** The latest term it has seen. */
    public long currentTerm() {
        return raft.currentTerm();
    }

    /** Whom it voted for in the current term; null if nobody. */
    public @Nullable String votedFor() {
        return raft.votedFor();
    }

    /** {@code Follower}, {@code Candidate} or {@code Leader}. */
    public String role() {
        return raft.role().label();
    }

    public boolean isLeader() {
        return raft.role() instanceof Leader;
    }

    /** The leader of the current term as far as this server knows, where clients should go; null if it does not know. */
    public @Nullable String leader() {
        if (raft.role() instanceof Follower follower) {
            return follower.leader();
        }
        return isLeader() ? config.id() : null;
    }

    /** Entries up to this index are known to be committed. */
    public long commitIndex() {
        return raft.commitIndex();
    }

    /** A view of all entries, the one of index 1 first; changes as the node does. */
    public List<Entry> log() {
        return raft.log().view();
    }

    /** The servers that voted for it, if it is a candidate; else none. In the order of their names. */
    public List<String> votesGranted() {
        return raft.role() instanceof Candidate candidate ? List.copyOf(candidate.votesGranted()) : List.of();
    }

    /** The servers that refused it their vote, if it is a candidate; else none. In the order of their names. */
    public List<String> votesRefused() {
        return raft.role() instanceof Candidate candidate ? List.copyOf(candidate.votesRefused()) : List.of();
    }

    /** The last index at which a peer's log is known to equal its own, if it leads; else 0. */
    public long matchIndex(String peer) {
        return raft.role() instanceof Leader leader ? leader.of(peer).matchIndex() : 0;
    }

    /** The index of the next entry to send to a peer, if it leads; else 0. Not part of the spec's state. */
    public long nextIndex(String peer) {
        return raft.role() instanceof Leader leader ? leader.of(peer).nextIndex() : 0;
    }

    /** All that it would restart from if everything so far is durable. */
    public DurableState durableState() {
        return new DurableState(raft.hardState(), raft.log().view());
    }
}
