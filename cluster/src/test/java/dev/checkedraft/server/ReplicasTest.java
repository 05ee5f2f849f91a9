package dev.checkedraft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Message;
import dev.checkedraft.disk.NodeTrace;
import dev.checkedraft.disk.SqliteStore;
import dev.checkedraft.disk.Store;
import dev.checkedraft.disk.StoreException;
import dev.checkedraft.kv.Command;
import dev.checkedraft.kv.Command.Op;
import dev.checkedraft.kv.KvStore;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.Merger;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node's loop, store, trace and state machine in one thread, over a network and with crashes drawn from a seed. */
class ReplicasTest {
    private static final List<String> IDS = List.of("n1", "n2", "n3");

    @TempDir
    Path directory;

    /** A store that crashes before or after what it saves, when it is told to. */
    private static final class CrashingStore implements Store {
        private final Store store;
        private final Random random;
        private final double crashes;

        CrashingStore(Store store, Random random, double crashes) {
            this.store = store;
            this.random = random;
            this.crashes = crashes;
        }

        @Override
        public DurableState state() {
            return store.state();
        }

        @Override
        public @Nullable TraceTail traceTail() {
            return store.traceTail();
        }

        @Override
        public void save(Changes changes) throws StoreException {
            double drawn = random.nextDouble();
            if (drawn < crashes) {
                throw new StoreException("crash before saving");
            }
            store.save(changes);
            if (drawn > 1 - crashes) {
                throw new StoreException("crash after saving");
            }
        }

        @Override
        public void close() throws StoreException {
            store.close();
        }
    }

    /** A cluster in one thread. */
    private final class Cluster {
        final Random random;
        final boolean traced;
        final double crashes;
        final List<Replica> replicas = new ArrayList<>();
        final List<KvStore> machines = new ArrayList<>();
        final List<List<Input>> inboxes = new ArrayList<>();
        final List<String> sent = new ArrayList<>();
        final List<String> answers = new ArrayList<>();
        int crashed = 0;

        Cluster(long seed, boolean traced, double crashes) throws StoreException {
            random = new Random(seed);
            this.traced = traced;
            this.crashes = crashes;
            for (int k = 0; k < IDS.size(); k++) {
                inboxes.add(new ArrayList<>());
                machines.add(new KvStore());
                replicas.add(started(k));
            }
        }

        private Path data(int node) {
            return directory.resolve(traced ? "traced" : "untraced").resolve(IDS.get(node));
        }

        private Replica started(int node) throws StoreException {
            Config config = new Config(IDS.get(node), IDS, 10, 20, 3, Frame.MAX_ENTRIES, 42);
            Store store = new CrashingStore(SqliteStore.open(data(node), "c", IDS.get(node)), random, crashes);
            NodeTrace trace = traced ? NodeTrace.open(data(node), config, store, 20_000) : null;
            KvStore machine = new KvStore();
            machines.set(node, machine);
            return new Replica(
                    config,
                    store,
                    trace,
                    new Replica.Parts(machine, new ReadRounds(IDS.size())),
                    this::send,
                    new Metrics());
        }

        private void send(Message message, long round) {
            sent.add(round + " " + message);
            inboxes.get(IDS.indexOf(message.to())).add(new Input.FromPeer(message, round));
        }

        /** Turns one node with its tick and some of what is there for it. */
        void turn(int node, double loss) throws StoreException {
            List<Input> inputs = new ArrayList<>(List.of(new Input.Tick()));
            List<Input> inbox = inboxes.get(node);
            Collections.shuffle(inbox, random);
            inbox.removeIf(input -> random.nextDouble() < loss);
            inputs.addAll(inbox.subList(inbox.size() / 3, inbox.size()));
            inbox.subList(inbox.size() / 3, inbox.size()).clear();
            try {
                replicas.get(node).turn(inputs);
            } catch (StoreException e) {
                crashed++;
                replicas.get(node).close();
                replicas.set(node, started(node));
            }
        }

        void request(int node, Command command) {
            inboxes.get(node).add(new Input.Write(command, outcome -> answers.add(outcome.status() + outcome.json())));
        }

        void close() throws StoreException {
            for (Replica replica : replicas) {
                replica.close();
            }
        }

        void run(int turns) throws StoreException {
            for (int k = 0; k < turns; k++) {
                int node = random.nextInt(IDS.size());
                if (random.nextInt(4) == 0) {
                    String value = String.valueOf(k);
                    request(node, new Command(Op.PUT, 0, 0, "k" + random.nextInt(3), null, value));
                }
                turn(node, 0.05);
            }
        }
    }

    private Verdict verdict() throws IOException {
        List<TraceReader> readers = new ArrayList<>();
        for (String id : IDS) {
            List<InputStream> parts = new ArrayList<>();
            Path data = directory.resolve("traced").resolve(id);
            for (int part = 1; Files.exists(data.resolve(NodeTrace.file(part))); part++) {
                parts.add(Files.newInputStream(data.resolve(NodeTrace.file(part))));
            }
            readers.add(
                    TraceReader.open(new SequenceInputStream(Collections.enumeration(parts)), id, TraceLimits.DEFAULT));
        }
        ValidatorOptions all = ValidatorOptions.DEFAULT;
        return Merger.validate(readers, new ValidatorOptions(all.frontier(), all.messages(), all.bytes(), true));
    }

    @Test
    void whatCrashesBetweenTheStepsLeavesATraceThatConformsAndNodesThatAgree() throws StoreException, IOException {
        Cluster cluster = new Cluster(3, true, 0.02);
        cluster.run(3_000);
        assertTrue(cluster.crashed > 15, cluster.crashed + " crashes");
        long writes = cluster.answers.stream()
                .filter(answer -> answer.startsWith("200"))
                .count();
        assertTrue(writes > 50, writes + " writes");
        // With no loss and no crash all nodes come to the same state.
        for (int k = 0; k < 300; k++) {
            cluster.turn(k % IDS.size(), 0);
        }
        cluster.close();
        Verdict verdict = verdict();
        assertTrue(verdict instanceof Verdict.Accepted, verdict::toString);
        assertTrue(verdict.evidence().events() > 3_000, () -> verdict.evidence().toString());
    }

    /** Crashes and restarts are where a trace could miss or repeat an event: here with one after almost every write. */
    @Test
    void aTraceOfCrashAfterCrashConforms() throws StoreException, IOException {
        Cluster cluster = new Cluster(4, true, 0.2);
        cluster.run(1_200);
        assertTrue(cluster.crashed > 50, cluster.crashed + " crashes");
        cluster.close();
        Verdict verdict = verdict();
        assertTrue(verdict instanceof Verdict.Accepted, verdict::toString);
    }

    @Test
    void tracingChangesNothingThatANodeSendsOrAnswers() throws StoreException {
        Cluster traced = new Cluster(5, true, 0.01);
        Cluster untraced = new Cluster(5, false, 0.01);
        traced.run(1_000);
        untraced.run(1_000);
        traced.close();
        untraced.close();
        assertTrue(traced.sent.size() > 500, traced.sent.size() + " messages");
        assertEquals(traced.sent, untraced.sent);
        assertEquals(traced.answers, untraced.answers);
    }
}
