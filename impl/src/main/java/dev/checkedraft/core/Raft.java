package dev.checkedraft.core;

import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.Role.Candidate;
import dev.checkedraft.core.Role.Follower;
import dev.checkedraft.core.Role.Leader;
import dev.checkedraft.core.Role.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The transitions of one server: every method below the line is the action of {@code spec/Raft.tla} of the same name.
 * Section numbers are those of the extended Raft paper.
 *
 * <p>Checks of the input come first and throw {@link InvalidInputException}; after them nothing fails.
 */
final class Raft {
    private final Config config;
    private final List<String> peers;

    /** Durable. */
    private long currentTerm;

    /** Durable: whom this server voted for in {@code currentTerm}. */
    private @Nullable String votedFor;

    /** Durable. */
    private final Log log;

    private Role role = new Follower(null);

    /** {@code 0 <= commitIndex <= log.lastIndex()}; never goes back while the server runs. */
    private long commitIndex = 0;

    /** Whether a sign of a leader or a vote given put off the next election since {@link #takeHeardInTime}. */
    private boolean heardInTime = false;

    /** Messages to send, once the state is durable. */
    private final List<Message> outbox = new ArrayList<>();

    /** The first index of the log that changed since {@link #takeLogChange()}; 0 if none did. */
    private long logChangedFrom = 0;

    /** Starts, or restarts, a server: a follower that knows of no commit (the spec's Restart). */
    Raft(Config config, DurableState durable) {
        this.config = config;
        this.peers = config.peers();
        this.currentTerm = durable.hardState().currentTerm();
        this.votedFor = durable.hardState().votedFor();
        this.log = new Log(durable.log());
    }

    private Raft(Raft other) {
        this.config = other.config;
        this.peers = other.peers;
        this.currentTerm = other.currentTerm;
        this.votedFor = other.votedFor;
        this.log = new Log(other.log.view());
        this.role = other.role.copy();
        this.commitIndex = other.commitIndex;
        this.heardInTime = other.heardInTime;
        this.outbox.addAll(other.outbox);
        this.logChangedFrom = other.logChangedFrom;
    }

    Raft copy() {
        return new Raft(this);
    }

    // ---------------------------------------------------------------------------------------------------------------

    /** The election timeout ended: a new term, a vote for itself, a request to everyone else (section 5.2). */
    void startElection() {
        if (role instanceof Leader) {
            throw new InvalidInputException(config.id() + " leads and starts no election");
        }
        heardInTime = true;
        currentTerm = currentTerm + 1;
        votedFor = config.id();
        long lastLogIndex = log.lastIndex();
        long lastLogTerm = log.lastTerm();
        for (String peer : peers) {
            outbox.add(new RequestVote(currentTerm, config.id(), peer, lastLogIndex, lastLogTerm));
        }
        Set<String> votesGranted = new TreeSet<>(List.of(config.id()));
        if (isMajority(votesGranted.size())) {
            becomeLeader();
        } else {
            role = new Candidate(votesGranted, new TreeSet<>());
        }
    }

    /** One vote a term, first come first served, for a candidate whose log is up to date (sections 5.2, 5.4.1). */
    void handleRequestVote(RequestVote m) {
        if (m.term() > currentTerm) {
            adoptTerm(m.term());
        }
        boolean voteGranted = m.term() == currentTerm && mayVoteFor(m.from()) && isUpToDate(m);
        if (voteGranted) {
            votedFor = m.from();
            heardInTime = true;
        }
        outbox.add(new RequestVoteResponse(currentTerm, config.id(), m.from(), voteGranted));
    }

    private boolean mayVoteFor(String candidate) {
        return votedFor == null || votedFor.equals(candidate);
    }

    /** "At least as up to date": the later last term, or the same and an index at least as high (section 5.4.1). */
    private boolean isUpToDate(RequestVote m) {
        if (m.lastLogTerm() != log.lastTerm()) {
            return m.lastLogTerm() > log.lastTerm();
        }
        return m.lastLogIndex() >= log.lastIndex();
    }

    /** More than half granted: lead. More than half refused: follow again. Late answers change nothing (section 5.2). */
    void handleRequestVoteResponse(RequestVoteResponse m) {
        if (m.term() > currentTerm) {
            adoptTerm(m.term());
        } else if (m.term() == currentTerm && role instanceof Candidate candidate) {
            // Sets: the same answer twice is one answer.
            if (m.voteGranted()) {
                candidate.votesGranted().add(m.from());
            } else {
                candidate.votesRefused().add(m.from());
            }
            if (isMajority(candidate.votesGranted().size())) {
                becomeLeader();
            } else if (isMajority(candidate.votesRefused().size())) {
                role = new Follower(null);
            }
        }
    }

    /** A client's value goes to the end of the leader's log (section 5.3). */
    void propose(String value) {
        if (!(role instanceof Leader leader)) {
            throw new InvalidInputException(config.id() + " does not lead and takes no proposals");
        }
        if (value.isEmpty()) {
            throw new InvalidInputException("an empty value is the no-op's and cannot be proposed");
        }
        append(new Entry(currentTerm, value));
        advanceCommitIndex(leader);
        sendMissingEntries(leader);
    }

    /**
     * Sends a follower the entries it is not known to have, as many as one message takes, or none: a heartbeat (sections
     * 5.2, 5.3). When to call this and how much to send is not part of safety.
     */
    private void sendAppendEntries(Leader leader, String peer) {
        long prevLogIndex = leader.of(peer).nextIndex() - 1;
        List<Entry> entries =
                log.slice(prevLogIndex + 1, Math.min(log.lastIndex(), prevLogIndex + config.maxEntries()));
        outbox.add(new AppendEntries(
                currentTerm, config.id(), peer, prevLogIndex, log.termAt(prevLogIndex), entries, commitIndex));
    }

    /** The consistency check, the removal of what conflicts, the append, the commit index (section 5.3). */
    void handleAppendEntries(AppendEntries m) {
        checkAgainstState(m);
        if (m.term() > currentTerm) {
            adoptTerm(m.term());
        }
        boolean success = false;
        if (m.term() == currentTerm) {
            // A candidate that hears from the leader of its term follows (section 5.2).
            role = new Follower(m.from());
            heardInTime = true;
            success = log.hasTerm(m.prevLogIndex(), m.prevLogTerm());
        }
        if (success) {
            storeMissing(m);
            // Not beyond what this message vouches for: what follows it may conflict with the leader's log.
            commitIndex = Math.max(commitIndex, Math.min(m.leaderCommit(), m.lastNewIndex()));
        }
        long matchIndex = success ? m.lastNewIndex() : m.prevLogIndex();
        outbox.add(new AppendEntriesResponse(currentTerm, config.id(), m.from(), success, matchIndex));
    }

    /**
     * Appends the entries that are not there. Only from the first conflict on is anything removed: a message that was
     * overtaken must not cut off what came after it (section 5.3, figure 2 "AppendEntries RPC" 3 and 4).
     */
    private void storeMissing(AppendEntries m) {
        List<Entry> entries = m.entries();
        for (int k = 0; k < entries.size(); k++) {
            long index = m.prevLogIndex() + 1 + k;
            if (!log.hasTerm(index, entries.get(k).term())) {
                log.replaceFrom(index, entries.subList(k, entries.size()));
                logChangedFrom = index;
                return;
            }
        }
    }

    /** What a follower holds may now be committed; a refusal says only what to send next (section 5.3). */
    void handleAppendEntriesResponse(AppendEntriesResponse m) {
        checkAgainstState(m);
        if (m.term() > currentTerm) {
            adoptTerm(m.term());
        } else if (m.term() == currentTerm && role instanceof Leader leader) {
            Progress before = leader.of(m.from());
            Progress after = m.success() ? before.matchedUpTo(m.matchIndex()) : before.refusedAt(m.matchIndex());
            leader.progress().put(m.from(), after);
            if (m.success()) {
                advanceCommitIndex(leader);
            }
            if (!after.equals(before) && after.nextIndex() <= log.lastIndex()) {
                sendAppendEntries(leader, m.from());
            }
        }
    }

    /** A leader's heartbeat is due: everyone gets what it may lack (section 5.2). Nothing for other roles. */
    void sendHeartbeats() {
        if (role instanceof Leader leader) {
            sendMissingEntries(leader);
        }
    }

    // ---------------------------------------------------------------------------------------------------------------

    /** A newer term in any message: adopt it, with no vote yet, and follow (section 5.1). */
    private void adoptTerm(long term) {
        currentTerm = term;
        votedFor = null;
        role = new Follower(null);
    }

    /** Leads from now on: a no-op entry of its own term, so that older ones can be committed (sections 5.4.2, 8). */
    private void becomeLeader() {
        Leader leader = Leader.of(peers, log.lastIndex());
        role = leader;
        append(Entry.noOp(currentTerm));
        advanceCommitIndex(leader);
        sendMissingEntries(leader);
    }

    /**
     * Commits the last entry of its own term that a majority holds, and all before it (section 5.3). An entry of an older
     * term is never committed by counting (section 5.4.2, figure 8). The leader counts itself: what it has appended is
     * durable before any message leaves it.
     */
    private void advanceCommitIndex(Leader leader) {
        long[] lastIndexes = new long[peers.size() + 1];
        int k = 0;
        for (Progress progress : leader.progress().values()) {
            lastIndexes[k++] = progress.matchIndex();
        }
        lastIndexes[k] = log.lastIndex();
        long held = Quorum.majorityIndex(lastIndexes);
        if (held > commitIndex && log.termAt(held) == currentTerm) {
            commitIndex = held;
        }
    }

    private void append(Entry entry) {
        log.append(entry);
        logChangedFrom = log.lastIndex();
    }

    private void sendMissingEntries(Leader leader) {
        for (String peer : peers) {
            sendAppendEntries(leader, peer);
        }
    }

    private boolean isMajority(int count) {
        return Quorum.isMajority(count, peers.size() + 1);
    }

    /** No term has two leaders (section 5.2), and no leader contradicts what is committed (section 5.4). */
    private void checkAgainstState(AppendEntries m) {
        if (m.term() < currentTerm) {
            return;
        }
        if (m.term() == currentTerm && role instanceof Leader) {
            throw new InvalidInputException(config.id() + " leads term " + currentTerm
                    + " and got AppendEntries of that term from " + m.from());
        }
        checkCommitted(m, m.prevLogIndex(), m.prevLogTerm());
        for (int k = 0; k < m.entries().size() && k < commitIndex - m.prevLogIndex(); k++) {
            checkCommitted(m, m.prevLogIndex() + 1 + k, m.entries().get(k).term());
        }
    }

    private void checkCommitted(AppendEntries m, long index, long term) {
        if (index <= commitIndex && !log.hasTerm(index, term)) {
            throw new InvalidInputException("AppendEntries from " + m.from() + " conflicts with the entry that "
                    + config.id() + " knows to be committed at index " + index);
        }
    }

    /** A follower holds only what this leader sent it. */
    private void checkAgainstState(AppendEntriesResponse m) {
        if (m.success() && m.term() == currentTerm && m.matchIndex() > log.lastIndex()) {
            throw new InvalidInputException(m.from() + " acknowledges index " + m.matchIndex() + " and " + config.id()
                    + " has sent it nothing above " + log.lastIndex());
        }
    }

    // ---------------------------------------------------------------------------------------------------------------

    long currentTerm() {
        return currentTerm;
    }

    HardState hardState() {
        return new HardState(currentTerm, votedFor);
    }

    @Nullable
    String votedFor() {
        return votedFor;
    }

    Log log() {
        return log;
    }

    Role role() {
        return role;
    }

    long commitIndex() {
        return commitIndex;
    }

    /** The messages to send since the last call. */
    List<Message> takeMessages() {
        List<Message> messages = List.copyOf(outbox);
        outbox.clear();
        return messages;
    }

    /** What changed in the log since the last call; null if nothing. */
    @Nullable
    LogChange takeLogChange() {
        if (logChangedFrom == 0) {
            return null;
        }
        LogChange change = new LogChange(logChangedFrom, log.slice(logChangedFrom, log.lastIndex()));
        logChangedFrom = 0;
        return change;
    }

    /** Whether since the last call something put off the next election (section 5.2). */
    boolean takeHeardInTime() {
        boolean heard = heardInTime;
        heardInTime = false;
        return heard;
    }
}
