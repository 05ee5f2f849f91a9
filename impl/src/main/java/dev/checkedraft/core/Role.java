package dev.checkedraft.core;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What a server is at a time (section 5.1), with the state that it has only while it is that. */
sealed interface Role {
    /** Its name in the spec and in traces. */
    default String label() {
        return getClass().getSimpleName();
    }

    Role copy();

    /**
     * Answers requests, and starts an election when it hears of no leader in time.
     *
     * @param leader the leader of the current term; null if it has not been heard of
     */
    record Follower(@Nullable String leader) implements Role {
        @Override
        public Role copy() {
            return this;
        }
    }

    /**
     * Has asked for votes.
     *
     * @param votesGranted the servers that voted for it, itself included
     * @param votesRefused the servers that refused
     */
    record Candidate(Set<String> votesGranted, Set<String> votesRefused) implements Role {
        @Override
        public Role copy() {
            return new Candidate(new TreeSet<>(votesGranted), new TreeSet<>(votesRefused));
        }
    }

    /**
     * Takes in values and replicates its log.
     *
     * @param progress what it knows of each other server's log
     */
    record Leader(Map<String, Progress> progress) implements Role {
        static Leader of(List<String> peers, long lastIndex) {
            Map<String, Progress> progress = new TreeMap<>();
            for (String peer : peers) {
                progress.put(peer, new Progress(0, lastIndex + 1));
            }
            return new Leader(progress);
        }

        Progress of(String peer) {
            Progress known = progress.get(peer);
            if (known == null) {
                throw new IllegalArgumentException("no other server is called " + peer);
            }
            return known;
        }

        @Override
        public Role copy() {
            return new Leader(new TreeMap<>(progress));
        }
    }

    /**
     * A leader's view of a follower's log: {@code 0 <= matchIndex < nextIndex}.
     *
     * @param matchIndex the last index at which the follower's log is known to equal the leader's
     * @param nextIndex the first index to send next; only a guess, which no safety argument needs
     */
    record Progress(long matchIndex, long nextIndex) {
        public Progress {
            if (matchIndex < 0 || nextIndex <= matchIndex) {
                throw new IllegalArgumentException("nextIndex " + nextIndex + " after matchIndex " + matchIndex);
            }
        }

        /** The follower's log equals the leader's up to {@code index}; an old answer takes nothing back. */
        Progress matchedUpTo(long index) {
            long match = Math.max(matchIndex, index);
            return new Progress(match, Math.max(nextIndex, match + 1));
        }

        /**
         * The follower's log differs at {@code index}: look half-way down to what is known to match, so that a follower
         * that is n entries behind is found in log n steps (the paper's step by one is as safe; section 5.3).
         */
        Progress refusedAt(long index) {
            boolean late = index + 1 != nextIndex || index <= matchIndex;
            return late ? this : new Progress(matchIndex, matchIndex + 1 + (index - matchIndex - 1) / 2);
        }
    }
}
