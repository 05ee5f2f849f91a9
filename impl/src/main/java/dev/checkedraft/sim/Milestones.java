package dev.checkedraft.sim;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.schedule.Setup;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/** How often a run reached each {@link Milestone}. */
public final class Milestones {
    private static final long[] LIMITS = {1L << 15, 1L << 16, 1L << 30, 1L << 31, 1L << 32};

    private final Map<Milestone, Long> counts = new EnumMap<>(Milestone.class);
    private final long baseTerm;
    private final long baseLog;

    /** By node, the vote requests of this life. */
    private final int[] voteRequests;

    Milestones(Setup setup) {
        baseTerm = setup.baseTerm();
        baseLog = setup.baseLog();
        voteRequests = new int[setup.nodes() + 1];
    }

    void restarted(int node) {
        voteRequests[node] = 0;
    }

    void add(Milestone milestone) {
        add(milestone, 1);
    }

    void add(Milestone milestone, long times) {
        counts.merge(milestone, times, Long::sum);
    }

    /** A message arrived: of an old term, one that had arrived before, one that overtook, or one that came late. */
    void arrived(boolean stale, boolean again, boolean overtakes, int sentSince) {
        add(Milestone.STALE_MESSAGE, stale ? 1 : 0);
        add(Milestone.REPEATED_MESSAGE, again ? 1 : 0);
        add(Milestone.OVERTAKING, overtakes ? 1 : 0);
        add(Milestone.LATE_MESSAGE, sentSince >= 100 ? 1 : 0);
    }

    /** A node handled an input: counts what came of it. */
    void count(int node, RaftNode after, Ready ready, long oldTerm, String oldRole, long oldLast, long oldCommit) {
        boolean led = oldRole.equals("Leader");
        Action action = ready.action();
        if (action == Action.START_ELECTION) {
            add(Milestone.ELECTION);
        } else if (action == Action.PROPOSE) {
            add(Milestone.PROPOSAL);
        } else if (action == Action.HANDLE_REQUEST_VOTE && ++voteRequests[node] == 200) {
            add(Milestone.LONG_LIFE);
        }
        countHeights(oldTerm, after.currentTerm(), oldLast, after.log().size());
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
            add(Milestone.COMMIT, Math.max(0, after.commitIndex() - baseLog - count(Milestone.COMMIT)));
            if (after.log().get((int) oldCommit).term() < after.currentTerm()) {
                add(Milestone.OLD_TERM_COMMIT);
            }
        }
        if (ready.messages().size() == 1) {
            countReply(ready.messages().get(0));
        }
    }

    private void countHeights(long oldTerm, long term, long oldLast, long last) {
        if (passes(oldTerm, term, baseTerm + 100)) {
            add(Milestone.HIGH_TERM);
        }
        if (passes(oldLast, last, baseLog + 200)) {
            add(Milestone.LONG_LOG);
        }
        for (long limit : LIMITS) {
            if (passes(oldTerm, term, limit)) {
                add(Milestone.TERM_LIMIT);
            }
            if (passes(oldLast, last, limit)) {
                add(Milestone.LOG_LIMIT);
            }
        }
    }

    private static boolean passes(long from, long to, long limit) {
        return from < limit && to >= limit;
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
