package dev.checkedraft.safety;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.schedule.Setup;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Checks when elections and heartbeats come (section 5.2, figure 2 "Rules for Servers"). It counts the ticks itself: an
 * election is put off by a vote given, by a message from the leader of the term and by an election, and by nothing
 * else. How long a timeout is in a term, {@link Config#electionTimeout} says; that those differ, between nodes and
 * between terms, is seen where nodes are left alone.
 */
public final class TimerChecker {
    /** From an interval of so many ticks, or more, timeouts are looked at for how they differ. */
    private static final int RANGE = 10;

    private final Setup setup;

    // By node.
    private final Timer[] timers;

    private final ObservedTimeouts timeouts;

    private static final class Timer {
        final Config config;

        /** Ticks since the election was last put off; of a leader, since it last had to send. */
        int waited = 0;

        /** The term in which this wait began. */
        long began = 0;

        Timer(Config config) {
            this.config = config;
        }

        void reset(long term) {
            waited = 0;
            began = term;
        }
    }

    /** For a cluster whose nodes have never run. */
    public TimerChecker(Setup setup) {
        this.setup = setup;
        this.timeouts = new ObservedTimeouts(setup.nodes());
        this.timers = new Timer[setup.nodes() + 1];
        for (int node = 0; node <= setup.nodes(); node++) {
            timers[node] = new Timer(setup.config(Math.max(1, node)));
        }
    }

    /** A node restarted. */
    public void restarted(int node, RaftNode after) {
        timers[node].reset(after.currentTerm());
    }

    /**
     * A node handled an input that is no tick.
     *
     * @param message the message that arrived; null if none did
     * @param led whether it led before
     */
    public void handled(int node, @Nullable Message message, boolean led, RaftNode after, Ready ready) {
        boolean leads = after.isLeader();
        if (leads != led || ready.action() == Action.START_ELECTION || (!leads && putsOff(message, after, ready))) {
            timers[node].reset(after.currentTerm());
        }
    }

    private static boolean putsOff(@Nullable Message message, RaftNode after, Ready ready) {
        if (message instanceof AppendEntries) {
            return message.term() == after.currentTerm();
        }
        return ready.messages().stream().anyMatch(m -> m instanceof RequestVoteResponse vote && vote.voteGranted());
    }

    /**
     * A node's clock ticked.
     *
     * @param step the number of the decision
     * @param led whether it led before
     * @param oldTerm the term that it was in before
     * @throws SafetyViolation if an election or a heartbeat did not come when it was due, or came when it was not
     */
    public void ticked(long step, int node, boolean led, long oldTerm, RaftNode after, Ready ready) {
        Timer timer = timers[node];
        timer.waited++;
        if (led) {
            checkHeartbeat(step, timer, ready);
        } else {
            checkElection(step, node, timer, oldTerm, ready);
        }
        if (led != after.isLeader() || ready.action() == Action.START_ELECTION) {
            timer.reset(after.currentTerm());
        }
    }

    private void checkHeartbeat(long step, Timer timer, Ready ready) {
        boolean due = timer.waited >= timer.config.heartbeatInterval();
        List<String> told = new ArrayList<>();
        for (Message message : ready.messages()) {
            if (message instanceof AppendEntries) {
                told.add(message.to());
            }
        }
        List<String> expected = due ? timer.config.peers() : List.of();
        if (!told.equals(expected)) {
            throw new SafetyViolation(
                    Property.HEARTBEAT_IN_TIME,
                    step,
                    timer.config.id() + " leads and sends, " + timer.waited + " ticks after it was last due to, to "
                            + told + " and not to " + expected,
                    null);
        }
        if (due) {
            timer.waited = 0;
        }
    }

    private void checkElection(long step, int node, Timer timer, long term, Ready ready) {
        int timeout = timer.config.electionTimeout(term);
        boolean started = ready.action() == Action.START_ELECTION;
        boolean bounded = setup.minElectionTimeout() <= timeout && timeout <= setup.maxElectionTimeout();
        if (!bounded || started != timer.waited >= timeout) {
            throw new SafetyViolation(
                    Property.ELECTION_IN_TIME,
                    step,
                    timer.config.id() + (started ? " starts an election " : " starts no election ") + timer.waited
                            + " ticks after it was last put off; the timeout of term " + term + " is " + timeout
                            + ", from " + setup.minElectionTimeout() + " to " + setup.maxElectionTimeout(),
                    null);
        }
        if (started && timer.began == term && setup.maxElectionTimeout() - setup.minElectionTimeout() >= RANGE) {
            String wrong = timeouts.add(node, term, timer.waited);
            if (wrong != null) {
                throw new SafetyViolation(Property.TIMEOUTS_DIFFER, step, timer.config.id() + " waited " + wrong, null);
            }
        }
    }
}
