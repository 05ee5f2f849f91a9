package dev.checkedraft.explore;

import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import java.util.List;

/**
 * A history with all terms greater by a number. Raft only compares terms with each other and adds one, so what it does in
 * one it does in the other.
 *
 * @param by the number
 */
record TermShift(long by) {
    /** No shift, then those after which the first terms are the last that fit a byte, a short and an int. */
    static final List<TermShift> ALL = List.of(
            new TermShift(0),
            new TermShift(Byte.MAX_VALUE - 1),
            new TermShift(Short.MAX_VALUE - 1),
            new TermShift(Integer.MAX_VALUE - 1));

    /** What a server starts from: as if so many terms had passed without a leader. */
    DurableState initial() {
        return new DurableState(new HardState(by, null), List.of());
    }

    NodeState of(NodeState s) {
        return new NodeState(
                s.id(),
                s.currentTerm() + by,
                s.votedFor(),
                s.role(),
                s.commitIndex(),
                s.votesGranted(),
                s.votesRefused(),
                s.matchIndex(),
                s.nextIndex(),
                of(s.log()));
    }

    private List<Entry> of(List<Entry> entries) {
        return entries.stream()
                .map(entry -> new Entry(entry.term() + by, entry.value()))
                .toList();
    }

    /** The term of the entry at an index: there is none at 0, and its term stays 0. */
    private long ofEntry(long index, long term) {
        return index == 0 ? term : term + by;
    }

    Message of(Message message) {
        if (message instanceof RequestVote m) {
            long lastLogTerm = ofEntry(m.lastLogIndex(), m.lastLogTerm());
            return new RequestVote(m.term() + by, m.from(), m.to(), m.lastLogIndex(), lastLogTerm);
        } else if (message instanceof RequestVoteResponse m) {
            return new RequestVoteResponse(m.term() + by, m.from(), m.to(), m.voteGranted());
        } else if (message instanceof AppendEntries m) {
            return new AppendEntries(
                    m.term() + by,
                    m.from(),
                    m.to(),
                    m.prevLogIndex(),
                    ofEntry(m.prevLogIndex(), m.prevLogTerm()),
                    of(m.entries()),
                    m.leaderCommit());
        } else if (message instanceof AppendEntriesResponse m) {
            return new AppendEntriesResponse(m.term() + by, m.from(), m.to(), m.success(), m.matchIndex());
        }
        throw new AssertionError(message);
    }
}
