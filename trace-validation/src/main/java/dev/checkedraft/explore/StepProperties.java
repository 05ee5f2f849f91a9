package dev.checkedraft.explore;

import dev.checkedraft.core.RaftNode;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The properties of steps of {@code spec/RaftProperties.tla}, by their names there. */
final class StepProperties {
    private StepProperties() {}

    /** The name of a property that the step violates; null if it violates none. */
    static @Nullable String violated(RaftNode before, RaftNode after, boolean restart) {
        boolean leads = before.isLeader() && after.isLeader() && before.currentTerm() == after.currentTerm();
        if (leads
                && (after.log().size() < before.log().size()
                        || !after.log().subList(0, before.log().size()).equals(before.log()))) {
            return "LeaderAppendOnly";
        }
        if (after.currentTerm() < before.currentTerm()) {
            return "TermNeverGoesBack";
        }
        String vote = before.votedFor();
        if (vote != null && after.currentTerm() == before.currentTerm() && !vote.equals(after.votedFor())) {
            return "OneVoteATerm";
        }
        if (!restart && after.commitIndex() < before.commitIndex()) {
            return "CommitIndexNeverGoesBack";
        }
        if (leads
                && before.config().peers().stream()
                        .anyMatch(peer -> after.matchIndex(peer) < before.matchIndex(peer))) {
            return "MatchIndexNeverGoesBack";
        }
        return null;
    }
}
