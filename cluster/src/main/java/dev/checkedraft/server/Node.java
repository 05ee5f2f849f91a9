package dev.checkedraft.server;

import dev.checkedraft.core.Config;
import dev.checkedraft.disk.NodeTrace;
import dev.checkedraft.disk.SqliteStore;
import dev.checkedraft.disk.Store;
import dev.checkedraft.disk.StoreException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A node: one thread that turns a {@link Replica}'s loop, and one for all its sockets. It stops for good when its disk fails,
 * and answers nothing then.
 */
public final class Node implements AutoCloseable {
    private static final long TICK_NANOS = 50_000_000;

    /** A heartbeat each 150 ms, elections after 500 to 1,000 ms. */
    private static final int HEARTBEAT = 3;

    private static final int SHORTEST = 10;
    private static final int LONGEST = 20;

    /** How many inputs may wait; what comes then is refused. */
    private static final int WAITING = 16_384;

    /** The most inputs in one turn, and so in one transaction. */
    private static final int TURN = 1024;

    private final BlockingQueue<Input> inputs;
    private final EventLoopGroup io;
    private final Replica replica;
    private final Peers peers;
    private final Consumer<String> log;
    private @Nullable Thread loop;
    private volatile Status status;
    private volatile boolean stopped = false;
    private volatile @Nullable Throwable failure;

    /**
     * How a node is to run.
     *
     * @param id which of the members it is
     * @param cluster what tells this cluster from others
     * @param members all nodes, where this one reaches them
     * @param data where its state and its trace are
     * @param traceBytes how long a part of the trace gets; 0 for no trace
     */
    public record Options(String id, String cluster, List<Member> members, Path data, long traceBytes) {
        public Options {
            members = List.copyOf(members);
        }

        /** This node's own place. */
        public Member self() {
            return members.stream()
                    .filter(member -> member.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("expected one of the nodes "
                            + members.stream().map(Member::id).toList() + ", found " + id));
        }

        /** What the core is told. */
        public Config config() {
            List<String> servers = members.stream().map(Member::id).sorted().toList();
            return new Config(
                    id, servers, SHORTEST, LONGEST, HEARTBEAT, Frame.MAX_ENTRIES, new SecureRandom().nextLong());
        }
    }

    /** What makes a node's store, for tests that put another in its place. */
    @FunctionalInterface
    public interface Stores {
        Store open(Options options) throws StoreException;
    }

    /** What makes the parts that tests exchange, once the store is open. */
    @FunctionalInterface
    public interface PartsMaker {
        Replica.Parts make(Config config, Store store);
    }

    /**
     * Starts a node as it should be.
     *
     * @param log told in a line of what happens
     * @throws StoreException if its state cannot be trusted or its ports are taken
     */
    public static Node start(Options options, Consumer<String> log) throws StoreException {
        return start(
                options,
                log,
                its -> SqliteStore.open(its.data(), its.cluster(), its.id()),
                (config, store) -> Replica.Parts.of(config));
    }

    /** The same with parts exchanged. */
    public static Node start(Options options, Consumer<String> log, Stores stores, PartsMaker parts)
            throws StoreException {
        for (Member member : options.members()) {
            if (!member.isLoopback()) {
                throw new IllegalArgumentException(member.host()
                        + ": expected a loopback address: peers are not authenticated, so nobody else may reach them");
            }
        }
        Metrics metrics = new Metrics();
        BlockingQueue<Input> inputs = new ArrayBlockingQueue<>(WAITING);
        EventLoopGroup io = new NioEventLoopGroup(1, new DefaultThreadFactory("sockets"));
        Peers peers = new Peers(
                options.id(),
                options.cluster(),
                options.members(),
                io,
                metrics,
                input -> {
                    if (!inputs.offer(input)) {
                        metrics.dropped.increment();
                    }
                },
                log);
        Config config = options.config();
        Replica replica = null;
        try {
            Store store = stores.open(options);
            NodeTrace trace = options.traceBytes() == 0
                    ? null
                    : NodeTrace.open(options.data(), config, store, options.traceBytes());
            replica = new Replica(config, store, trace, parts.make(config, store), peers, metrics);
            Node node = new Node(inputs, io, replica, peers, log);
            peers.listen(options.self()).sync();
            new HttpApi(options.members(), node::status, metrics, inputs::offer)
                    .listen(options.self(), io)
                    .sync();
            node.begin(options.id());
            return node;
        } catch (Exception e) { // Netty throws the BindException that it does not declare
            io.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            if (replica != null) {
                replica.close();
            }
            if (e instanceof StoreException known) {
                throw known;
            }
            throw new StoreException(options.self().text() + ": cannot listen: " + e.getMessage());
        }
    }

    private Node(BlockingQueue<Input> inputs, EventLoopGroup io, Replica replica, Peers peers, Consumer<String> log) {
        this.inputs = inputs;
        this.io = io;
        this.replica = replica;
        this.peers = peers;
        this.log = log;
        status = replica.status();
    }

    private void begin(String id) {
        Thread thread = new Thread(this::run, "raft " + id);
        loop = thread;
        thread.start();
    }

    private void run() {
        try {
            peers.connect();
            turns();
        } catch (StoreException e) {
            failure = e;
            log.accept(e.getMessage() + "; stops, since nothing more would be durable");
        } catch (InterruptedException e) {
            // Asked to stop.
        } catch (Throwable e) { // whatever it is, a node that does not turn must not look alive
            failure = e;
            log.accept("a fault of raft itself: " + e);
            e.printStackTrace();
        } finally {
            Future<?> unused = io.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private void turns() throws StoreException, InterruptedException {
        List<Input> turn = new ArrayList<>();
        long nextTick = System.nanoTime() + TICK_NANOS;
        while (!stopped) {
            Input first = inputs.poll(Math.max(0, nextTick - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (first != null) {
                turn.add(first);
                inputs.drainTo(turn, TURN - 1);
            }
            if (System.nanoTime() >= nextTick) {
                // One tick, however late it is: a node that was stopped has not heard of anyone in that time.
                turn.add(new Input.Tick());
                nextTick = System.nanoTime() + TICK_NANOS;
            }
            replica.turn(turn);
            turn.clear();
            tell(replica.status());
        }
    }

    private void tell(Status now) {
        Status before = status;
        status = now;
        if (!before.role().equals(now.role()) || before.term() != now.term()) {
            log.accept(now.role().toLowerCase(java.util.Locale.ROOT) + " of term " + now.term() + ", " + now.lastIndex()
                    + " entries, " + now.commitIndex() + " known to be committed");
        }
    }

    /** The node as it was after its last turn. */
    public Status status() {
        return status;
    }

    /** Waits until the node has stopped; why it did, or null if it was told to. */
    public @Nullable Throwable await() throws InterruptedException {
        Thread its = loop;
        if (its != null) {
            its.join();
        }
        return failure;
    }

    /** Stops it. What it had answered is durable. */
    @Override
    public void close() throws StoreException {
        stopped = true;
        boolean interrupted = false;
        Thread its = loop;
        while (its != null && its.isAlive()) {
            try {
                its.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        io.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        replica.close();
    }
}
