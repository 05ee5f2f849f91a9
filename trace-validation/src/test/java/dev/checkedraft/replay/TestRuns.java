package dev.checkedraft.replay;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.Tracer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A small cluster of the Java core under random faults, traced: loss, duplication, reordering, crashes, elections out of
 * turn. The same arguments give the same events. For tests of the validator, which want many short traces.
 */
public final class TestRuns {
    private final Random random;
    private final List<String> servers = new ArrayList<>();
    private final Map<String, RaftNode> nodes = new LinkedHashMap<>();
    private final Map<String, Tracer> tracers = new LinkedHashMap<>();
    private final List<Message> inFlight = new ArrayList<>();
    private int proposals;

    private TestRuns(long seed, int size, Consumer<TraceEvent> sink) {
        this.random = new Random(seed);
        for (int k = 1; k <= size; k++) {
            servers.add("n" + k);
        }
        for (String server : servers) {
            Config config = Config.of(server, servers, seed);
            nodes.put(server, RaftNode.restart(config, DurableState.INITIAL));
            tracers.put(server, new Tracer(server, config.peers(), sink::accept));
        }
    }

    /** The header of all these runs, of a cluster of this size. */
    public static TraceHeader header(int size) {
        List<String> servers = new ArrayList<>();
        for (int k = 1; k <= size; k++) {
            servers.add("n" + k);
        }
        return new TraceHeader(servers, new LinkedHashSet<>(TraceEvent.STATE_FIELDS), Map.of());
    }

    /** A run of at least this many events, cut off there. */
    public static List<TraceEvent> events(long seed, int size, int count) {
        List<TraceEvent> events = new ArrayList<>();
        run(seed, size, count, events::add);
        return events.subList(0, count);
    }

    /** A run of at least this many events. */
    public static void run(long seed, int size, int count, Consumer<TraceEvent> sink) {
        long[] emitted = {0};
        TestRuns run = new TestRuns(seed, size, event -> {
            emitted[0]++;
            sink.accept(event);
        });
        while (emitted[0] < count) {
            run.round();
        }
    }

    private void round() {
        for (String server : servers) {
            handle(server, node(server).tick(), null, null);
            if (random.nextInt(1000) < 3 && !node(server).isLeader()) {
                handle(server, node(server).startElection(), null, null);
            }
            if (random.nextInt(1000) < 2) {
                crash(server);
            }
            if (node(server).isLeader() && random.nextInt(3) == 0) {
                String value = "v" + ++proposals;
                handle(server, node(server).propose(value), null, value);
            }
        }
        int deliveries = inFlight.size();
        for (int k = 0; k < deliveries && !inFlight.isEmpty(); k++) {
            int chosen = random.nextInt(inFlight.size());
            Message message = inFlight.get(chosen);
            int fate = random.nextInt(100);
            if (fate < 90) {
                inFlight.set(chosen, inFlight.get(inFlight.size() - 1));
                inFlight.remove(inFlight.size() - 1);
            }
            if (fate >= 5) {
                handle(message.to(), node(message.to()).step(message), message, null);
            }
        }
    }

    private void crash(String server) {
        RaftNode restarted =
                RaftNode.restart(node(server).config(), node(server).durableState());
        nodes.put(server, restarted);
        tracers.get(server).restarted(restarted);
    }

    private RaftNode node(String server) {
        return nodes.get(server);
    }

    private void handle(String server, Ready ready, @Nullable Message message, @Nullable String value) {
        tracers.get(server).handled(node(server), message, value, ready);
        inFlight.addAll(ready.messages());
    }
}
