package dev.checkedraft.hunt;

import dev.checkedraft.core.RaftNode;
import dev.checkedraft.sim.Decision;
import dev.checkedraft.sim.Decision.Deliver;
import dev.checkedraft.sim.Decision.HealAll;
import dev.checkedraft.sim.Decision.Restart;
import dev.checkedraft.sim.Decision.Tick;
import dev.checkedraft.sim.SafetyViolation;
import dev.checkedraft.sim.Schedule;
import dev.checkedraft.sim.Simulation;

/** Ends all faults after a schedule: what must come about then, within a time (the paper's section 5.6). */
final class Calming {
    /** Ticks of every node. Elections take 20 at most, and few have to be held again. */
    static final int TICKS = 200;

    private Calming() {}

    /** What has not come about in time; null if all has: one leader, and all logs equal and committed to their ends. */
    static String missing(Schedule schedule) {
        Simulation cluster = new Simulation(schedule.setup());
        try {
            schedule.decisions().forEach(cluster::step);
            cluster.step(new HealAll());
            int nodes = schedule.setup().nodes();
            for (int node = 1; node <= nodes; node++) {
                if (!cluster.isUp(node)) {
                    cluster.step(new Restart(node));
                }
            }
            for (int tick = 0; tick < TICKS; tick++) {
                for (int node = 1; node <= nodes; node++) {
                    cluster.step(new Tick(node));
                }
                deliverAll(cluster);
                if (missing(cluster) == null) {
                    return null;
                }
            }
            return missing(cluster);
        } catch (SafetyViolation e) {
            return null; // not what this net is for
        }
    }

    private static void deliverAll(Simulation cluster) {
        for (int messages = 100_000; messages > 0 && !cluster.inFlight().isEmpty(); messages--) {
            Decision deliver = new Deliver(cluster.inFlight().get(0).ref());
            cluster.step(deliver);
        }
    }

    private static String missing(Simulation cluster) {
        RaftNode leader = null;
        for (int node = 1; node <= cluster.setup().nodes(); node++) {
            RaftNode it = cluster.node(node);
            if (it != null && it.isLeader()) {
                leader = it;
            }
        }
        if (leader == null) {
            return "no leader";
        }
        for (int node = 1; node <= cluster.setup().nodes(); node++) {
            RaftNode it = cluster.node(node);
            if (it == null
                    || it.commitIndex() < leader.log().size()
                    || !it.log().equals(leader.log())) {
                return "not all is committed everywhere";
            }
        }
        return null;
    }
}
