package dev.checkedraft.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.safety.Property;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Recover;
import dev.checkedraft.schedule.MessageRef;
import dev.checkedraft.schedule.Schedule;
import org.junit.jupiter.api.Test;

/** The end of all faults, as a decision. */
class RecoveryTest {
    private static Simulation after(String decisions) {
        Schedule schedule = Schedule.parse("nodes 3\n" + decisions);
        Simulation cluster = new Simulation(schedule.setup());
        schedule.decisions().forEach(cluster::step);
        return cluster;
    }

    @Test
    void theClusterSettlesAndCommitsWhatIsProposed() {
        Simulation cluster = after("partition n1\ncrash n2\n");
        assertTrue(cluster.step(new Recover(200)));
        for (int node = 1; node <= 3; node++) {
            RaftNode raft = cluster.node(node);
            assertTrue(raft != null && raft.commitIndex() == 2);
            assertEquals("recovered", raft.log().get(1).value());
        }
        assertFalse(cluster.anyCut());
        assertEquals(1, cluster.reached().count(Milestone.RECOVERY));
        assertEquals(3, cluster.steps());
    }

    /** Nobody can be elected before the shortest timeout has passed. */
    @Test
    void tooLittleTimeIsNoProgress() {
        Simulation cluster = after("");
        SafetyViolation e = assertThrows(SafetyViolation.class, () -> cluster.step(new Recover(9)));
        assertEquals(Property.PROGRESS, e.property());
        assertEquals("9 ticks after the last fault nobody, or more than one node, leads", e.what());
    }

    @Test
    void whatWasSentWithinItCanBeNamedAfterIt() {
        Simulation cluster = after("recover 200\n");
        assertTrue(cluster.step(new Decision.Duplicate(
                new MessageRef(leader(cluster), leader(cluster) % 3 + 1, MessageKind.APPEND_ENTRIES, -1))));
    }

    private static int leader(Simulation cluster) {
        for (int node = 1; node <= 3; node++) {
            RaftNode raft = cluster.node(node);
            if (raft != null && raft.isLeader()) {
                return node;
            }
        }
        throw new AssertionError("nobody leads");
    }
}
