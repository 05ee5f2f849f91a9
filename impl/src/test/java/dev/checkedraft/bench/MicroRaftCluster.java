package dev.checkedraft.bench;

import io.microraft.RaftConfig;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.executor.RaftNodeExecutor;
import io.microraft.model.message.RaftMessage;
import io.microraft.persistence.NopRaftStore;
import io.microraft.statemachine.StateMachine;
import io.microraft.transport.Transport;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** MicroRaft, through its own interfaces: its tasks run on the loop, its messages are handed over by reference. */
final class MicroRaftCluster implements Cluster {
    /** What its leader appends at the beginning of its term. */
    private static final String NEW_TERM = "";

    private final Loop loop;
    private final Map<RaftEndpoint, RaftNode> nodes = new LinkedHashMap<>();
    private final List<Ledger> ledgers = NODES.stream().map(Ledger::new).toList();

    private record Endpoint(String id) implements RaftEndpoint {
        @Override
        public Object getId() {
            return id;
        }
    }

    /** Starts the nodes, with MicroRaft's own configuration. */
    MicroRaftCluster(Loop loop) {
        this.loop = loop;
        List<RaftEndpoint> endpoints =
                NODES.stream().<RaftEndpoint>map(Endpoint::new).toList();
        for (int k = 0; k < NODES.size(); k++) {
            RaftNode node = RaftNode.newBuilder()
                    .setGroupId("benchmark")
                    .setLocalEndpoint(endpoints.get(k))
                    .setInitialGroupMembers(endpoints)
                    .setConfig(RaftConfig.DEFAULT_RAFT_CONFIG)
                    .setExecutor(executor())
                    .setTransport(transport())
                    .setStore(new NopRaftStore())
                    .setStateMachine(stateMachine(ledgers.get(k)))
                    .setRaftNodeReportListener(report -> {})
                    .setRandom(new Random(k))
                    .setClock(clock())
                    .build();
            nodes.put(endpoints.get(k), node);
        }
        nodes.values().forEach(node -> {
            var unused = node.start();
        });
    }

    @Override
    public boolean hasLeader() {
        return leader() != null
                && nodes.values().stream()
                        .allMatch(node -> leader().equals(node.getTerm().getLeaderEndpoint()));
    }

    private @Nullable RaftEndpoint leader() {
        return nodes.values().iterator().next().getTerm().getLeaderEndpoint();
    }

    @Override
    public CompletableFuture<?> replicate(String command) {
        return nodes.get(leader()).replicate(command);
    }

    @Override
    public List<Ledger> ledgers() {
        return ledgers;
    }

    private RaftNodeExecutor executor() {
        return new RaftNodeExecutor() {
            @Override
            public void execute(Runnable task) {
                loop.execute(task);
            }

            @Override
            public void submit(Runnable task) {
                loop.execute(task);
            }

            @Override
            public void schedule(Runnable task, long delay, TimeUnit unit) {
                loop.schedule(task, delay, unit);
            }
        };
    }

    private Transport transport() {
        return new Transport() {
            @Override
            public void send(RaftEndpoint target, RaftMessage message) {
                nodes.get(target).handle(message);
            }

            @Override
            public boolean isReachable(RaftEndpoint endpoint) {
                return true;
            }
        };
    }

    private static StateMachine stateMachine(Ledger ledger) {
        return new StateMachine() {
            @Override
            public Object runOperation(long commitIndex, Object operation) {
                if (!operation.equals(NEW_TERM)) {
                    ledger.apply(operation);
                }
                return operation;
            }

            @Override
            public void takeSnapshot(long commitIndex, Consumer<Object> chunks) {
                chunks.accept(ledger.applied());
            }

            @Override
            public void installSnapshot(long commitIndex, List<Object> chunks) {
                throw new IllegalStateException("no node is so far behind that it needs a snapshot");
            }

            @Override
            public Object getNewTermOperation() {
                return NEW_TERM;
            }
        };
    }

    /** The loop's time: timers and what MicroRaft reads agree, and reading it costs nothing. */
    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public long millis() {
                return loop.nowMillis();
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(millis());
            }
        };
    }
}
