package dev.checkedraft.explore;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Something that happened, and is never undone, from which follows what {@code spec/Raft.tla} lets a correct server have
 * sent since. All facts of a history together stand for all messages sent in it, or that could have been sent in it
 * without changing a server.
 */
sealed interface Fact {
    /** The messages to a server that may have been sent. */
    List<Message> messagesTo(String server);

    Fact renamed(Renaming names);

    /** What the fact is about. Of two facts about the same, {@link #join} makes one. */
    Object subject();

    /** Both facts in one; the other is about the same subject. */
    Fact join(Fact other);

    /** A candidate asked all others for their votes; they may get the request at any time. */
    record Asked(long term, String from, long lastLogIndex, long lastLogTerm) implements Fact {
        @Override
        public List<Message> messagesTo(String server) {
            return server.equals(from)
                    ? List.of()
                    : List.of(new RequestVote(term, from, server, lastLogIndex, lastLogTerm));
        }

        @Override
        public Fact renamed(Renaming names) {
            return new Asked(term, names.of(from), lastLogIndex, lastLogTerm);
        }

        @Override
        public Object subject() {
            return this;
        }

        @Override
        public Fact join(Fact other) {
            return this;
        }
    }

    /** A server, in a term, gave a candidate its vote, or was in a state in which it refuses one of its requests. */
    record Voted(long term, String from, String to, boolean granted) implements Fact {
        @Override
        public List<Message> messagesTo(String server) {
            return server.equals(to) ? List.of(new RequestVoteResponse(term, from, to, granted)) : List.of();
        }

        @Override
        public Fact renamed(Renaming names) {
            return new Voted(term, names.of(from), names.of(to), granted);
        }

        @Override
        public Object subject() {
            return this;
        }

        @Override
        public Fact join(Fact other) {
            return this;
        }
    }

    /**
     * A server led a term, and had this log and commit index in it, and all shorter and lower ones before: any slice of the
     * log may have been sent with any commit index up to this.
     */
    record Led(long term, String from, List<Entry> log, long commitIndex) implements Fact {
        @Override
        public List<Message> messagesTo(String server) {
            List<Message> messages = new ArrayList<>();
            for (int prev = 0; prev <= log.size() && !server.equals(from); prev++) {
                long prevTerm = prev == 0 ? 0 : log.get(prev - 1).term();
                for (int end = prev; end <= log.size(); end++) {
                    for (long commit = 0; commit <= commitIndex; commit++) {
                        messages.add(
                                new AppendEntries(term, from, server, prev, prevTerm, log.subList(prev, end), commit));
                    }
                }
            }
            return messages;
        }

        @Override
        public Fact renamed(Renaming names) {
            return new Led(term, names.of(from), log, commitIndex);
        }

        @Override
        public Object subject() {
            return List.of("Led", term, from);
        }

        @Override
        public Fact join(Fact other) {
            Led led = (Led) other;
            List<Entry> longer = led.log.size() > log.size() ? led.log : log;
            return new Led(term, from, longer, Math.max(commitIndex, led.commitIndex));
        }
    }

    /** A follower has held the first entries of its leader's log up to an index, and may have acknowledged any of them. */
    record Acknowledged(long term, String from, String to, long index) implements Fact {
        @Override
        public List<Message> messagesTo(String server) {
            List<Message> messages = new ArrayList<>();
            for (long k = 0; k <= index && server.equals(to); k++) {
                messages.add(new AppendEntriesResponse(term, from, to, true, k));
            }
            return messages;
        }

        @Override
        public Fact renamed(Renaming names) {
            return new Acknowledged(term, names.of(from), names.of(to), index);
        }

        @Override
        public Object subject() {
            return List.of("Acknowledged", term, from, to);
        }

        @Override
        public Fact join(Fact other) {
            return ((Acknowledged) other).index > index ? other : this;
        }
    }

    /** A server, in a term, was in a state in which it refuses AppendEntries that a leader sent with these prevLogIndexes. */
    record Refused(long term, String from, String to, SortedSet<Long> prevLogIndexes) implements Fact {
        @Override
        public List<Message> messagesTo(String server) {
            List<Message> messages = new ArrayList<>();
            if (server.equals(to)) {
                prevLogIndexes.forEach(prev -> messages.add(new AppendEntriesResponse(term, from, to, false, prev)));
            }
            return messages;
        }

        @Override
        public Fact renamed(Renaming names) {
            return new Refused(term, names.of(from), names.of(to), prevLogIndexes);
        }

        @Override
        public Object subject() {
            return List.of("Refused", term, from, to);
        }

        @Override
        public Fact join(Fact other) {
            SortedSet<Long> both = new TreeSet<>(prevLogIndexes);
            both.addAll(((Refused) other).prevLogIndexes);
            return new Refused(term, from, to, both);
        }
    }
}
