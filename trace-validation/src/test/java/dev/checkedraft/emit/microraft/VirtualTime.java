package dev.checkedraft.emit.microraft;

import io.microraft.RaftEndpoint;
import io.microraft.model.message.RaftMessage;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;

/** The clock, the tasks and the network of a run: one thread, one seed. */
final class VirtualTime extends Clock {
    private record Due(long at, long order, Runnable run) {}

    private final PriorityQueue<Due> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private final Random random;
    private final boolean lossy;
    private final BiConsumer<RaftEndpoint, RaftMessage> deliver;

    /** Those that reach each other only, and not the rest. */
    private final Set<RaftEndpoint> apart = new HashSet<>();

    private long now = 1_000_000;
    private long order = 0;

    /**
     * A run's time.
     *
     * @param lossy whether messages get lost, come late and are overtaken
     */
    VirtualTime(long seed, boolean lossy, BiConsumer<RaftEndpoint, RaftMessage> deliver) {
        random = new Random(seed);
        this.lossy = lossy;
        this.deliver = deliver;
    }

    Random random() {
        return random;
    }

    void after(long millis, Runnable task) {
        tasks.add(new Due(now + millis, order++, task));
    }

    void send(RaftEndpoint to, RaftMessage message) {
        if (lossy && random.nextInt(20) == 0) {
            return;
        }
        long delay = lossy ? random.nextInt(20) == 0 ? random.nextInt(20_000) : 1 + random.nextInt(20) : 1;
        after(delay, () -> {
            if (apart.contains(to) == apart.contains(message.getSender())) {
                deliver.accept(to, message);
            }
        });
    }

    void partition(Set<RaftEndpoint> minority) {
        apart.clear();
        apart.addAll(minority);
    }

    /** Runs the next task. */
    void step() {
        Due next = tasks.remove();
        now = next.at;
        next.run.run();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(now);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
