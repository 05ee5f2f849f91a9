package dev.checkedraft.sim;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/** How often a run reached each {@link Milestone}. */
public final class Milestones {
    private final Map<Milestone, Long> counts = new EnumMap<>(Milestone.class);

    Milestones() {}

    void add(Milestone milestone) {
        add(milestone, 1);
    }

    private void add(Milestone milestone, long times) {
        counts.merge(milestone, times, Long::sum);
    }

    /** A node handled an input: counts what came of it. */
    void count(RaftNode after, Ready ready, long oldTerm, String oldRole, long oldLast, long oldCommit) {
        boolean led = oldRole.equals("Leader");
        Action action = ready.action();
        if (action == Action.START_ELECTION) {
            add(Milestone.ELECTION);
        } else if (action == Action.PROPOSE) {
            add(Milestone.PROPOSAL);
        }
        if (after.isLeader() && !led) {
            add(Milestone.LEADER);
        } else if (led && !after.isLeader()) {
            add(Milestone.LEADER_DEPOSED);
        } else if (oldRole.equals("Candidate")
                && oldTerm == after.currentTerm()
                && !after.role().equals(oldRole)) {
            add(action == Action.HANDLE_APPEND_ENTRIES ? Milestone.ELECTION_LOST : Milestone.MAJORITY_REFUSED);
        }
        LogChange change = ready.log();
        if (change != null && change.from() <= oldLast) {
            add(Milestone.TRUNCATION);
        }
        if (after.isLeader() && after.commitIndex() > oldCommit) {
            add(Milestone.COMMIT, Math.max(0, after.commitIndex() - count(Milestone.COMMIT)));
            if (after.log().get((int) oldCommit).term() < after.currentTerm()) {
                add(Milestone.OLD_TERM_COMMIT);
            }
        }
        if (ready.messages().size() == 1) {
            countReply(ready.messages().get(0));
        }
    }

    private void countReply(Message reply) {
        if (reply instanceof RequestVoteResponse vote) {
            add(vote.voteGranted() ? Milestone.VOTE_GRANTED : Milestone.VOTE_REFUSED);
        } else if (reply instanceof AppendEntriesResponse answer && !answer.success()) {
            add(Milestone.APPEND_REFUSED);
        }
    }

    /** Adds what another run reached. */
    public void addAll(Milestones other) {
        other.counts.forEach(this::add);
    }

    /** How often it was reached. */
    public long count(Milestone milestone) {
        return counts.getOrDefault(milestone, 0L);
    }

    /** One line a milestone: the count, then its label. */
    public String table() {
        StringJoiner lines = new StringJoiner("\n");
        for (Milestone milestone : Milestone.values()) {
            lines.add(String.format("%9d %s", count(milestone), milestone.label()));
        }
        return lines.toString();
    }

    @Override
    public String toString() {
        StringJoiner counted = new StringJoiner(", ");
        for (Milestone milestone : Milestone.values()) {
            counted.add(count(milestone) + " " + milestone.label());
        }
        return counted.toString();
    }
}
