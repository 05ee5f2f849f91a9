package dev.checkedraft.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.checkedraft.trace.TraceAction;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the benchmark drives both Rafts: each node applies every command, once and in order. */
class PeerBenchmarkTest {
    private static final long COMMANDS = 1_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 256})
    void everyNodeOfTheCoreAppliesEveryCommandInOrder(int window) {
        assertAllApplied(loop -> new CoreCluster(loop, null), window);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 256})
    void everyNodeOfMicroRaftAppliesEveryCommandInOrder(int window) {
        assertAllApplied(MicroRaftCluster::new, window);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 256})
    void everyCommandIsInTheTraceOnce(int window) {
        List<TraceEvent> events = new ArrayList<>();
        assertAllApplied(loop -> new CoreCluster(loop, id -> events::add), window);
        List<String> proposed = new ArrayList<>();
        for (TraceEvent event : events) {
            if (event.action() == TraceAction.PROPOSE) {
                proposed.add(event.value());
            }
        }
        List<String> sent = new ArrayList<>();
        for (long k = 0; k < COMMANDS; k++) {
            sent.add(Commands.number(k));
        }
        assertEquals(sent, proposed);
    }

    /** The ledger throws where another command is due; a loop without anything left to do does, too. */
    private static void assertAllApplied(Function<Loop, Cluster> start, int window) {
        Loop loop = new Loop(() -> 0);
        Cluster cluster = start.apply(loop);
        loop.runUntil(cluster::hasLeader);
        Client.run(loop, cluster, window, COMMANDS);
        assertEquals(
                List.of(COMMANDS, COMMANDS, COMMANDS),
                cluster.ledgers().stream().map(Ledger::applied).toList());
    }
}
