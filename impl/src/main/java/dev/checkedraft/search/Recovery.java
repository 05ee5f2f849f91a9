package dev.checkedraft.search;

import dev.checkedraft.core.RaftNode;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.HealAll;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.sim.Packet;
import dev.checkedraft.sim.Simulation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What comes after the faults: links work, nodes are up, clocks agree, and every message arrives before the next tick but
 * one. Then Raft must make progress.
 *
 * @param decisions what was decided
 * @param ticks how often every clock ticked
 * @param settled whether one node leads, and all nodes have its log and know all of it to be committed
 */
public record Recovery(List<Decision> decisions, int ticks, boolean settled) {
    public Recovery {
        decisions = List.copyOf(decisions);
    }

    /**
     * Ends all faults and lets the cluster run until it has settled.
     *
     * @param mostTicks when to give up
     * @throws SafetyViolation if a property does not hold after a step, or the core fails
     */
    public static Recovery after(Simulation cluster, int mostTicks) {
        List<Decision> decisions = new ArrayList<>();
        if (cluster.anyCut()) {
            step(cluster, new HealAll(), decisions);
        }
        for (int node = 1; node <= cluster.setup().nodes(); node++) {
            if (!cluster.isUp(node)) {
                step(cluster, new Restart(node), decisions);
            }
        }
        int ticks = 0;
        while (!isSettled(cluster) && ticks < mostTicks) {
            ticks++;
            for (int node = 1; node <= cluster.setup().nodes(); node++) {
                step(cluster, new Tick(node), decisions);
            }
            List<Packet> arriving = new ArrayList<>(cluster.inFlight());
            arriving.sort(Comparator.comparingLong(Packet::age));
            for (Packet packet : arriving) {
                step(cluster, new Deliver(packet.ref()), decisions);
            }
        }
        return new Recovery(decisions, ticks, isSettled(cluster));
    }

    private static void step(Simulation cluster, Decision decision, List<Decision> decisions) {
        decisions.add(decision);
        cluster.step(decision);
    }

    private static boolean isSettled(Simulation cluster) {
        RaftNode leader = null;
        for (int node = 1; node <= cluster.setup().nodes(); node++) {
            RaftNode raft = cluster.node(node);
            if (raft != null && raft.isLeader()) {
                if (leader != null) {
                    return false;
                }
                leader = raft;
            }
        }
        if (leader == null) {
            return false;
        }
        for (int node = 1; node <= cluster.setup().nodes(); node++) {
            RaftNode raft = cluster.node(node);
            boolean settled = raft != null
                    && raft.currentTerm() == leader.currentTerm()
                    && raft.commitIndex() == leader.log().size()
                    && raft.log().equals(leader.log());
            if (!settled) {
                return false;
            }
        }
        return true;
    }
}
