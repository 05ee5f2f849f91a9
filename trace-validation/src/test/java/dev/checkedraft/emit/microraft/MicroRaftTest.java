package dev.checkedraft.emit.microraft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.emit.Emitter;
import dev.checkedraft.emit.microraft.MicroRaftServer.Endpoint;
import dev.checkedraft.explain.Explanation;
import dev.checkedraft.replay.Divergence;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.validate.TraceValidator;
import io.microraft.RaftConfig;
import io.microraft.RaftEndpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MicroRaft 0.7, unchanged and observed through its own interfaces, judged by AnyRaft.tla. */
class MicroRaftTest {
    private static final List<Endpoint> SERVERS = List.of(new Endpoint("n1"), new Endpoint("n2"), new Endpoint("n3"));
    private static final int EVENTS = 1500;
    private static final RaftConfig CONFIG = RaftConfig.newBuilder()
            .setLeaderElectionTimeoutMillis(500)
            .setLeaderHeartbeatPeriodSecs(1)
            .setLeaderHeartbeatTimeoutSecs(3)
            .setCommitCountToTakeSnapshot(1_000_000)
            .setRaftNodeReportPublishPeriodSecs(100_000)
            .build();
    private static final TraceHeader HEADER = new TraceHeader(
            TraceHeader.ANY_RAFT,
            SERVERS.stream().map(Endpoint::id).toList(),
            Set.of("currentTerm", "votedFor", "role", "commitIndex", "log"),
            Map.of("system", "MicroRaft 0.7"),
            Set.of(),
            null,
            Map.of());

    private static final String OLD_ANSWER = "an AppendEntriesSuccessResponse of an older term is counted";

    private final Map<RaftEndpoint, MicroRaftServer> servers = new LinkedHashMap<>();
    private final List<TraceEvent> events = new ArrayList<>();
    private int values = 0;

    private void run(long seed, boolean lossy, boolean partitions) {
        VirtualTime time =
                new VirtualTime(seed, lossy, (to, message) -> server(to).arrives(message));
        for (Endpoint endpoint : SERVERS) {
            Emitter emitter = new Emitter(endpoint.id(), HEADER, events::add);
            servers.put(endpoint, new MicroRaftServer(endpoint, List.copyOf(SERVERS), CONFIG, emitter, time));
        }
        servers.values().forEach(MicroRaftServer::start);
        propose(time);
        if (partitions) {
            partition(time);
        }
        while (events.size() < EVENTS) {
            time.step();
        }
    }

    private MicroRaftServer server(RaftEndpoint endpoint) {
        MicroRaftServer server = servers.get(endpoint);
        if (server == null) {
            throw new IllegalStateException("no server " + endpoint);
        }
        return server;
    }

    private void propose(VirtualTime time) {
        time.after(1 + time.random().nextInt(600), () -> {
            servers.values().stream().filter(MicroRaftServer::leads).forEach(leader -> leader.propose("v" + ++values));
            propose(time);
        });
    }

    private void partition(VirtualTime time) {
        time.after(1 + time.random().nextInt(10_000), () -> {
            Endpoint alone = SERVERS.get(time.random().nextInt(SERVERS.size()));
            time.partition(time.random().nextBoolean() ? Set.of() : Set.of(alone));
            partition(time);
        });
    }

    private Verdict verdict(long seed) {
        TraceValidator validator =
                TraceValidator.open(HEADER, ValidatorOptions.DEFAULT.anyRaft(), "MicroRaft, seed " + seed);
        for (TraceEvent event : events) {
            if (!validator.feed(event)) {
                break;
            }
        }
        return validator.verdict();
    }

    /** MicroRaft's known defect, if that ends the replay, or why nothing explains the event; empty if accepted. */
    private String stopsAt(Verdict verdict) {
        if (verdict instanceof Verdict.Accepted) {
            return "";
        }
        Divergence divergence = assertInstanceOf(Verdict.Diverged.class, verdict, verdict::toString)
                .divergence();
        TraceEvent last = divergence.event();
        Map<String, Object> before = new LinkedHashMap<>();
        events.stream()
                .takeWhile(event -> !event.equals(last))
                .filter(event -> event.node().equals(last.node()))
                .forEach(event -> before.putAll(event.state()));
        Map<String, Object> message = last.msg();
        if (message != null
                && message.get("success") == Boolean.TRUE
                && number(message, "term") < number(before, "currentTerm")
                && last.state().containsKey("matchIndex")) {
            return OLD_ANSWER;
        }
        return Explanation.of(divergence).toString();
    }

    private static long number(Map<String, Object> fields, String field) {
        return fields.get(field) instanceof Long number ? number : 0;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aCalmRunIsAccepted(long seed) {
        run(seed, false, false);

        assertEquals("", stopsAt(verdict(seed)));
        assertTrue(values > 50, () -> values + " values");
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4, 5})
    void aRunWithLossReorderingAndPartitionsIsAccepted(long seed) {
        run(seed, true, true);

        assertEquals("", stopsAt(verdict(seed)));
    }

    /** FOUND.md has it. */
    @Test
    void anAnswerOfAnOlderTermIsCounted() {
        run(62, true, true);

        assertEquals(OLD_ANSWER, stopsAt(verdict(62)));
    }
}
