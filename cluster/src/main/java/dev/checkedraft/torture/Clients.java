package dev.checkedraft.torture;

import dev.checkedraft.cluster.KvClient;
import dev.checkedraft.cluster.KvClient.Answer;
import dev.checkedraft.torture.Operation.Kind;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Clients that read and write a few keys at the same time, new ones every few seconds, and what they were told. */
final class Clients {
    private static final List<Kind> KINDS = List.of(Kind.GET, Kind.PUT, Kind.DELETE, Kind.CAS);
    private static final int COUNT = 6;

    /** So many of them only read: whoever writes notices soon that a leader was cut off, and asks another. */
    private static final int READERS = 2;

    private static final int KEYS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** So many operations on the keys of one time, and the next keys follow: searches stay short. */
    private static final int KEYS_LAST = 300;

    private final List<String> nodes;
    private final long seed;
    private final AtomicLong time = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final Map<String, List<Operation>> histories = new TreeMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped = false;
    private volatile @Nullable Throwable failure;

    Clients(List<String> nodes, long seed) {
        this.nodes = nodes;
        this.seed = seed;
    }

    void start() {
        for (int k = 0; k < COUNT; k++) {
            int client = k;
            Thread thread = new Thread(() -> run(client), "client " + k);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable cause = failure;
        if (cause != null) {
            throw new IllegalStateException(cause);
        }
    }

    private void run(int client) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 31 + client);
        HttpClient http = KvClient.http();
        KvClient kv = new KvClient(http, nodes, PATIENCE);
        try {
            for (int n = 0; !stopped; n++) {
                long now = (client < READERS ? done.get() : done.incrementAndGet()) / KEYS_LAST;
                String key = "k" + now + "-" + random.nextInt(KEYS);
                operate(kv, client < READERS, key, random, client + "." + n);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) { // nobody else would ever hear of it
            failure = e;
        }
    }

    private void operate(KvClient kv, boolean reads, String key, RandomGenerator random, String fresh)
            throws InterruptedException {
        Kind kind = reads ? Kind.GET : KINDS.get(random.nextInt(KINDS.size()));
        String expect = kind == Kind.CAS ? lastValue(key) : null;
        String value = kind == Kind.PUT || kind == Kind.CAS ? fresh : null;
        long call = time.incrementAndGet();
        try {
            Answer answer = switch (kind) {
                case GET -> kv.get(key);
                case PUT -> kv.put(key, fresh);
                case DELETE -> kv.delete(key);
                case CAS -> kv.compareAndSet(key, expect, value);
            };
            long end = time.incrementAndGet();
            if (answer.status() == 200 || (kind == Kind.GET && answer.status() == 404)) {
                add(
                        key,
                        new Operation(
                                kind, expect, kind == Kind.GET ? answer.value() : value, answer.changed(), call, end));
            } else {
                throw new IllegalStateException(kind + " " + key + ": " + answer);
            }
        } catch (KvClient.NoAnswer e) {
            if (kind != Kind.GET) {
                add(key, new Operation(kind, expect, value, true, call, Operation.OPEN));
                kv.newSession();
            }
        }
    }

    /** A value that the key may well have now. */
    private synchronized @Nullable String lastValue(String key) {
        List<Operation> history = histories.getOrDefault(key, List.of());
        return history.isEmpty() ? null : history.get(history.size() - 1).value();
    }

    private synchronized void add(String key, Operation operation) {
        histories.computeIfAbsent(key, name -> new ArrayList<>()).add(operation);
    }

    /** Reads all keys once more: what was acknowledged must still be there. */
    void readAll(Duration patience) throws InterruptedException, KvClient.NoAnswer {
        KvClient kv = new KvClient(KvClient.http(), nodes, patience);
        for (String key : List.copyOf(histories.keySet())) {
            long call = time.incrementAndGet();
            Answer answer = kv.get(key);
            add(key, new Operation(Kind.GET, null, answer.value(), false, call, time.incrementAndGet()));
        }
    }

    /** What was done with each key. */
    synchronized Map<String, List<Operation>> histories() {
        return new TreeMap<>(histories);
    }
}
