package dev.checkedraft.sim;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.safety.Property;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.HealAll;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Packet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What comes after the faults ({@link Decision.Recover}): links work, nodes are up, clocks agree, and every message
 * arrives before the next tick but one. Then Raft must make progress.
 */
final class Recovery {
    private final Simulation cluster;
    private final int nodes;
    private final Consumer<Decision> steps;

    /**
     * Prepares to recover a cluster.
     *
     * @param steps carries out a decision
     */
    Recovery(Simulation cluster, Consumer<Decision> steps) {
        this.cluster = cluster;
        this.nodes = cluster.setup().nodes();
        this.steps = steps;
    }

    /**
     * Ends all faults, and sees that the cluster settles, commits what a client proposes then, and keeps its leader.
     *
     * @param most so many ticks the cluster has to settle
     * @return the ticks until it settled
     * @throws SafetyViolation if it does not, or if anything else goes wrong
     */
    int run(int most) {
        if (cluster.anyCut()) {
            steps.accept(new HealAll());
        }
        for (int node = 1; node <= nodes; node++) {
            if (!cluster.isUp(node)) {
                steps.accept(new Restart(node));
            }
        }
        int ticks = settle(most, "after the last fault");
        RaftNode leader = leader();
        if (leader == null) {
            throw new AssertionError("settled without a leader");
        }
        long term = leader.currentTerm();
        steps.accept(new Propose(Nodes.number(leader.id()), "recovered"));
        // One round to send, one to answer, and the next heartbeat tells of the commit.
        settle(cluster.setup().heartbeatInterval() + 3, "after a proposal");
        for (int quiet = 0; quiet < 2 * cluster.setup().maxElectionTimeout(); quiet++) {
            round();
            if (!leader.isLeader() || leader.currentTerm() != term || !isSettled()) {
                throw failed(leader.id() + " leads term " + term + " and nothing goes wrong; yet " + quiet
                        + " ticks later there was another election");
            }
        }
        return ticks;
    }

    private int settle(int most, String since) {
        for (int ticks = 0; ticks <= most; ticks++) {
            if (isSettled()) {
                return ticks;
            }
            round();
        }
        throw failed(most + " ticks " + since + " " + state());
    }

    private SafetyViolation failed(String what) {
        return new SafetyViolation(Property.PROGRESS, cluster.steps(), what, null);
    }

    private void round() {
        for (int node = 1; node <= nodes; node++) {
            steps.accept(new Tick(node));
        }
        List<Packet<Message>> arriving = new ArrayList<>(cluster.inFlight());
        arriving.sort(Comparator.comparingLong(Packet::age));
        for (Packet<Message> packet : arriving) {
            steps.accept(new Deliver(packet.ref()));
        }
    }

    /** The only leader; null if there is none, or more than one. */
    private @Nullable RaftNode leader() {
        RaftNode leader = null;
        for (int node = 1; node <= nodes; node++) {
            RaftNode raft = cluster.node(node);
            if (raft != null && raft.isLeader()) {
                if (leader != null) {
                    return null;
                }
                leader = raft;
            }
        }
        return leader;
    }

    /** Whether one node leads, and all nodes have its log and know all of it to be committed. */
    private boolean isSettled() {
        RaftNode leader = leader();
        for (int node = 1; leader != null && node <= nodes; node++) {
            RaftNode raft = cluster.node(node);
            boolean settled = raft != null
                    && raft.currentTerm() == leader.currentTerm()
                    && raft.commitIndex() == leader.log().size()
                    && raft.log().size() == leader.log().size()
                    && raft.log().equals(leader.log());
            if (!settled) {
                return false;
            }
        }
        return leader != null;
    }

    private String state() {
        RaftNode leader = leader();
        if (leader == null) {
            return "nobody, or more than one node, leads";
        }
        StringBuilder lags = new StringBuilder();
        for (int node = 1; node <= nodes; node++) {
            RaftNode raft = cluster.node(node);
            if (raft != null && raft.commitIndex() < leader.log().size()) {
                lags.append(lags.isEmpty() ? "" : ", ")
                        .append(raft.id())
                        .append(" up to ")
                        .append(raft.commitIndex());
            }
        }
        return leader.id() + " leads with a log of " + leader.log().size() + ", which is not committed everywhere: "
                + lags;
    }
}
