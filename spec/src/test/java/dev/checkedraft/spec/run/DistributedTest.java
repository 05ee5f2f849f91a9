package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Outcome;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DistributedTest {
    /** The local run's numbers are in the manifest, where {@link ModelsTest} holds them. */
    @Test
    @Tag("slow")
    void aServerAndTwoWorkersFindTheStatesOfALocalRun() throws Exception {
        Model small = Spec.files().models().find("small").orElseThrow();
        assertTrue(small.expect().distinct().isPresent());
        CheckResult result = new DistributedCheck(Spec.files(), Spec.options(), DistributedCheck.Cluster.local(2))
                .check(small, progress -> {});
        assertEquals(new Outcome.Ok(), result.outcome());
        assertEquals(small.expect().distinct().getAsLong(), result.distinct());
    }

    @Test
    void saysHowToHelpFromAnotherHost() {
        String command = new DistributedCheck.Cluster("10.0.0.1", 10997, 0, true).workerCommand(8);
        assertEquals(
                Optional.of("java -XX:+UseParallelGC -Djava.rmi.server.hostname=THE-WORKERS-OWN-ADDRESS"
                        + " -Dtlc2.tool.distributed.TLCServer.port=10997"
                        + " -Dtlc2.tool.distributed.TLCWorker.threadCount=8"
                        + " -cp tla2tools.jar tlc2.tool.distributed.TLCWorker 10.0.0.1"),
                command.lines().findFirst());
    }
}
