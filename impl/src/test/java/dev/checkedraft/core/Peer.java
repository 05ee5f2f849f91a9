package dev.checkedraft.core;

import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import java.util.List;

/**
 * Another server, as the server under test sees it: a name, a term, and the messages it sends.
 *
 * @param to the server under test
 */
record Peer(String name, long term, String to) {

    /** A server in a term that writes to {@code s1}, the server under test. */
    static Peer peer(String name, long term) {
        return new Peer(name, term, Node.ID);
    }

    /** Stands for election with this log. */
    RequestVote requestVote(List<Entry> log) {
        return new RequestVote(term, name, to, log.size(), Logs.lastTerm(log));
    }

    RequestVoteResponse vote() {
        return new RequestVoteResponse(term, name, to, true);
    }

    RequestVoteResponse noVote() {
        return new RequestVoteResponse(term, name, to, false);
    }

    /** Leads with this log, and sends what follows {@code prevLogIndex} in it. */
    AppendEntries append(List<Entry> log, int prevLogIndex, long leaderCommit) {
        long prevLogTerm = Logs.lastTerm(log.subList(0, prevLogIndex));
        List<Entry> entries = log.subList(prevLogIndex, log.size());
        return new AppendEntries(term, name, to, prevLogIndex, prevLogTerm, entries, leaderCommit);
    }

    /** Leads with this log, and sends nothing of it. */
    AppendEntries heartbeat(List<Entry> log, long leaderCommit) {
        return append(log, log.size(), leaderCommit);
    }

    /** Holds what the leader holds, up to this index. */
    AppendEntriesResponse ack(long matchIndex) {
        return new AppendEntriesResponse(term, name, to, true, matchIndex);
    }

    /** Does not hold what the leader holds at this index, or is in a later term than the leader. */
    AppendEntriesResponse nack(long prevLogIndex) {
        return new AppendEntriesResponse(term, name, to, false, prevLogIndex);
    }
}
