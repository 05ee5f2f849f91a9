package dev.checkedraft.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.StateFields;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.Tracer;
import dev.checkedraft.validate.TraceValidator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This project's core, told through the emitter as a stranger's Raft would be: Raft.tla explains every event. */
class EmittedCoreTest {
    private static final List<String> SERVERS = List.of("a", "b", "c");
    private static final TraceHeader HEADER = new TraceHeader(
            TraceHeader.ANY_RAFT, SERVERS, Set.copyOf(TraceEvent.STATE_FIELDS), Map.of(), Set.of(), null, Map.of());

    private static final int STEPS = 600;

    private final List<TraceEvent> emitted = new ArrayList<>();
    private final List<TraceEvent> traced = new ArrayList<>();
    private final List<Message> network = new ArrayList<>();
    private int crashesWithinAStep = 0;
    private int commits = 0;

    /** A server, its disk, and both that tell of it. */
    private final class Server {
        private final String name;
        private final Emitter emitter;
        private final Tracer tracer;
        private DurableState disk = DurableState.INITIAL;
        private RaftNode node;

        Server(String name) {
            this.name = name;
            emitter = new Emitter(name, HEADER, emitted::add);
            List<String> peers =
                    SERVERS.stream().filter(peer -> !peer.equals(name)).toList();
            tracer = new Tracer(name, peers, traced::add);
            node = RaftNode.restart(Config.of(name, SERVERS, 1), disk);
        }

        /** Handles an input; crashes before it is persisted (1), after it (2), or not at all. */
        void handle(@Nullable Message message, @Nullable String value, Function<RaftNode, Ready> input, int crash) {
            if (message == null) {
                emitter.begin();
            } else {
                emitter.begin(MessageFields.of(message));
            }
            Ready ready = input.apply(node);
            if (crash != 1) {
                persist(ready);
            }
            for (Message sent : ready.messages()) {
                emitter.send(MessageFields.of(sent), () -> network.add(sent));
            }
            if (crash == 1 || crash == 2) {
                crashesWithinAStep++;
                emitter.crash();
                restart();
            } else {
                commits += ready.committed().size();
                emitter.state(state());
                emitter.end();
                tracer.handled(node, message, value, ready);
            }
        }

        private void persist(Ready ready) {
            disk = node.durableState();
            HardState hardState = ready.hardState();
            if (hardState != null) {
                emitter.persisted(hardState.currentTerm(), hardState.votedFor());
            }
            LogChange log = ready.log();
            if (log != null) {
                emitter.truncated(log.from());
                emitter.appended(log.entries());
                emitter.flushed();
            }
        }

        void restart() {
            node = RaftNode.restart(Config.of(name, SERVERS, 1), disk);
            emitter.restarted(state());
            tracer.restarted(node);
        }

        private StateFields state() {
            Map<String, Long> matches = new LinkedHashMap<>();
            SERVERS.stream()
                    .filter(peer -> !peer.equals(name))
                    .forEach(peer -> matches.put(peer, node.matchIndex(peer)));
            return new StateFields()
                    .currentTerm(node.currentTerm())
                    .votedFor(node.votedFor())
                    .role(node.role())
                    .commitIndex(node.commitIndex())
                    .votesGranted(node.votesGranted())
                    .votesRefused(node.votesRefused())
                    .matchIndex(matches);
        }
    }

    private void run(long seed, boolean crashWithinSteps) {
        Random random = new Random(seed);
        List<Server> servers = SERVERS.stream().map(Server::new).toList();
        for (int step = 0; step < STEPS; step++) {
            Server server = servers.get(random.nextInt(servers.size()));
            int crash = crashWithinSteps ? random.nextInt(40) : 0;
            int what = random.nextInt(100);
            String value = "v" + step;
            if ((what < 4 && !server.node.isLeader()) || step == 0) {
                server.handle(null, null, RaftNode::startElection, crash);
            } else if (what < 16 && server.node.isLeader()) {
                server.handle(null, value, node -> node.propose(value), crash);
            } else if (what < 24) {
                server.handle(null, null, RaftNode::sendHeartbeats, 0);
            } else if (what < 26) {
                server.restart();
            } else if (!network.isEmpty()) {
                int which = random.nextInt(network.size());
                // One in ten stays, and comes again.
                Message message = random.nextInt(10) == 0 ? network.get(which) : network.remove(which);
                Server to = servers.get(SERVERS.indexOf(message.to()));
                to.handle(message, null, node -> node.step(message), crash);
            }
        }
    }

    private void isAccepted(long seed) {
        TraceValidator validator = TraceValidator.open(HEADER, ValidatorOptions.DEFAULT, "seed " + seed);
        for (TraceEvent event : emitted) {
            if (!validator.feed(event)) {
                break;
            }
        }
        assertInstanceOf(Verdict.Accepted.class, validator.verdict(), () -> String.valueOf(validator.verdict()));
        assertTrue(commits > 0, "nothing was committed");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void itTellsWhatTheTracerTells(long seed) {
        run(seed, false);

        assertEquals(traced, emitted);
        isAccepted(seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void itTellsCrashesWithinSteps(long seed) {
        run(seed, true);

        assertTrue(crashesWithinAStep > 5, () -> crashesWithinAStep + " crashes within a step");
        isAccepted(seed);
    }
}
