package dev.checkedraft.core;

import java.util.List;

/**
 * A message from one server to another, as in figure 2 of the paper: two requests and their responses. The records have
 * the fields, and the names, of the messages of {@code spec/Raft.tla}. A message may be lost, repeated, delayed and
 * overtaken.
 */
public sealed interface Message {
    /** The sender's term when it sent this, 1 or more. */
    long term();

    /** The server that sent it. */
    String from();

    /** The server it is for, never the sender. */
    String to();

    /** The kind of message. */
    MessageKind kind();

    /** The kind's name in the spec and in traces. */
    default String type() {
        return kind().label();
    }

    /**
     * A candidate asks for a vote (section 5.2).
     *
     * @param lastLogIndex the index of the candidate's last entry, 0 if its log is empty
     * @param lastLogTerm the term of the candidate's last entry, 0 if its log is empty
     */
    record RequestVote(long term, String from, String to, long lastLogIndex, long lastLogTerm) implements Message {
        public RequestVote {
            checkAddresses(term, from, to);
            // A candidate's term is new: no entry of it exists yet.
            checkPosition("lastLog", lastLogIndex, lastLogTerm, term - 1);
        }

        @Override
        public MessageKind kind() {
            return MessageKind.REQUEST_VOTE;
        }
    }

    /**
     * A vote, or its refusal (section 5.2).
     *
     * @param term the voter's term: the request's if the vote is granted, the same or a newer one if refused
     */
    record RequestVoteResponse(long term, String from, String to, boolean voteGranted) implements Message {
        public RequestVoteResponse {
            checkAddresses(term, from, to);
        }

        @Override
        public MessageKind kind() {
            return MessageKind.REQUEST_VOTE_RESPONSE;
        }
    }

    /**
     * The leader sends a slice of its log; with no entries it is a heartbeat (sections 5.2, 5.3).
     *
     * @param prevLogIndex the index just before the slice, 0 if the slice begins the log
     * @param prevLogTerm the term of the leader's entry at {@code prevLogIndex}, 0 if that is 0
     * @param entries the slice
     * @param leaderCommit the leader's commit index, or a lower one
     */
    record AppendEntries(
            long term,
            String from,
            String to,
            long prevLogIndex,
            long prevLogTerm,
            List<Entry> entries,
            long leaderCommit)
            implements Message {
        public AppendEntries {
            checkAddresses(term, from, to);
            checkPosition("prevLog", prevLogIndex, prevLogTerm, term);
            entries = List.copyOf(entries);
            if (leaderCommit < 0) {
                throw new IllegalArgumentException("leaderCommit is 0 or more, not " + leaderCommit);
            }
            long before = prevLogTerm;
            for (Entry entry : entries) {
                if (entry.term() < before || entry.term() > term) {
                    throw new IllegalArgumentException(
                            "an entry's term is from " + before + " to " + term + " here, not " + entry.term());
                }
                before = entry.term();
            }
        }

        /** The index of the last entry that this message vouches for. */
        public long lastNewIndex() {
            return prevLogIndex + entries.size();
        }

        @Override
        public MessageKind kind() {
            return MessageKind.APPEND_ENTRIES;
        }
    }

    /**
     * The answer to an AppendEntries (section 5.3).
     *
     * @param success whether the follower's log equals the leader's up to {@code matchIndex}
     * @param matchIndex on success, the last index the request vouched for; on refusal, the request's {@code
     *     prevLogIndex}, where the logs did not match or the term was old
     */
    record AppendEntriesResponse(long term, String from, String to, boolean success, long matchIndex)
            implements Message {
        public AppendEntriesResponse {
            checkAddresses(term, from, to);
            if (matchIndex < 0) {
                throw new IllegalArgumentException("matchIndex is 0 or more, not " + matchIndex);
            }
        }

        @Override
        public MessageKind kind() {
            return MessageKind.APPEND_ENTRIES_RESPONSE;
        }
    }

    private static void checkAddresses(long term, String from, String to) {
        if (term < 1) {
            throw new IllegalArgumentException("a message's term is 1 or more, not " + term);
        }
        if (from.equals(to)) {
            throw new IllegalArgumentException("a message from " + from + " to itself");
        }
    }

    private static void checkPosition(String name, long index, long entryTerm, long maxTerm) {
        if (index < 0 || entryTerm < 0 || (index == 0) != (entryTerm == 0) || entryTerm > maxTerm) {
            throw new IllegalArgumentException(name + "Index " + index + " cannot go with " + name + "Term " + entryTerm
                    + " where terms are " + maxTerm + " at most");
        }
    }
}
