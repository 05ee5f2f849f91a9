package dev.checkedraft.explore;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The properties of steps of {@code spec/RaftProperties.tla}, by their names there; and Persisted, the simulator's. */
final class StepProperties {
    private StepProperties() {}

    /** The name of a property that the step violates; null if it violates none. */
    static @Nullable String violated(RaftNode before, RaftNode after, Ready ready) {
        boolean restart = ready.action() == Action.RESTART;
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
        if (restart) {
            return null;
        }
        if (!isPersisted(before.durableState(), ready, after.durableState())) {
            return "Persisted";
        }
        List<Entry> committed = after.log().subList((int) before.commitIndex(), (int) after.commitIndex());
        boolean inOrder = ready.committed().isEmpty() || ready.committedFrom() == before.commitIndex() + 1;
        return inOrder && ready.committed().equals(committed) ? null : "StateMachineSafety";
    }

    /** Whether what a step hands out to be stored, stored on what was, is all that is durable after it. */
    private static boolean isPersisted(DurableState before, Ready ready, DurableState after) {
        HardState hardState = ready.hardState() == null ? before.hardState() : ready.hardState();
        List<Entry> log = new ArrayList<>(before.log());
        LogChange change = ready.log();
        if (change != null) {
            log.subList((int) change.from() - 1, log.size()).clear();
            log.addAll(change.entries());
        }
        return hardState.equals(after.hardState()) && log.equals(after.log());
    }
}
