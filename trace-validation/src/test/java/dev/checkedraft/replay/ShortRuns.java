package dev.checkedraft.replay;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
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
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Runs of up to three servers in which much happens in a few events, told only in part: the Java core, with a leader that
 * also sends any slice of its log. Some are then changed, so that most of those are no run any more.
 */
public final class ShortRuns {
    /** A trace of one run, in the order in which it happened. */
    public record Told(TraceHeader header, List<TraceEvent> events) {}

    private final Random random;
    private final List<String> servers = new ArrayList<>();
    private final Map<String, RaftNode> nodes = new LinkedHashMap<>();
    private final Map<String, Tracer> tracers = new LinkedHashMap<>();
    private final List<Message> inFlight = new ArrayList<>();
    private final List<TraceEvent> events = new ArrayList<>();

    private ShortRuns(Random random, int size) {
        this.random = random;
        for (int k = 1; k <= size; k++) {
            servers.add("n" + k);
        }
        for (String server : servers) {
            Config config = Config.of(server, servers, 1);
            nodes.put(server, RaftNode.restart(config, DurableState.INITIAL));
            tracers.put(server, new Tracer(server, config.peers(), events::add));
        }
    }

    /** The run of this seed. */
    public static Told run(long seed) {
        Random random = new Random(seed);
        int size = random.nextInt(5) == 0 ? 1 + random.nextInt(2) : 3;
        int count = 6 + random.nextInt(9);
        ShortRuns run = new ShortRuns(random, size);
        if (size > 1 && random.nextBoolean()) {
            run.elect("n1", "n2");
        }
        while (run.events.size() < count) {
            run.step();
        }
        List<TraceEvent> events = run.events.subList(0, count);
        for (int changes = random.nextInt(10); changes > 5; changes -= 3) {
            events = new Corruptions(random.nextLong()).corrupt(events).events();
        }
        return tellInPart(random, run.servers, events);
    }

    // ---------------------------------------------------------------------------------------------------------- the
    // run

    private void elect(String leader, String voter) {
        handle(leader, nodes.get(leader).startElection(), null, null);
        for (String to : List.of(voter, leader)) {
            Message vote = inFlight.stream()
                    .filter(each -> each.to().equals(to))
                    .findFirst()
                    .orElseThrow();
            inFlight.remove(vote);
            handle(to, nodes.get(to).step(vote), vote, null);
        }
    }

    private void step() {
        String server = servers.get(random.nextInt(servers.size()));
        RaftNode node = nodes.get(server);
        int what = random.nextInt(100);
        if (what < 60 && !inFlight.isEmpty()) {
            int chosen = random.nextInt(inFlight.size());
            Message message = random.nextInt(4) == 0 ? inFlight.get(chosen) : inFlight.remove(chosen);
            handle(message.to(), nodes.get(message.to()).step(message), message, null);
        } else if (node.isLeader()) {
            lead(server, node);
        } else if (what < 65 || nodes.values().stream().noneMatch(each -> each.currentTerm() > 0)) {
            handle(server, node.startElection(), null, null);
        } else if (what < 68) {
            RaftNode restarted = RaftNode.restart(node.config(), node.durableState());
            nodes.put(server, restarted);
            tracers.get(server).restarted(restarted);
        }
    }

    private void lead(String server, RaftNode node) {
        switch (random.nextInt(6)) {
            case 0 -> handle(server, node.sendHeartbeats(), null, null);
            case 1, 2 -> handle(server, node.propose("v" + random.nextInt(2)), null, "v");
            default -> {
                if (servers.size() > 1) {
                    sendSlice(server, node);
                }
            }
        }
    }

    private void sendSlice(String server, RaftNode node) {
        List<Entry> log = node.log();
        List<String> peers = node.config().peers();
        int prev = random.nextInt(log.size() + 1);
        int end = prev + random.nextInt(log.size() - prev + 1);
        Message slice = new Message.AppendEntries(
                node.currentTerm(),
                server,
                peers.get(random.nextInt(peers.size())),
                prev,
                prev == 0 ? 0 : log.get(prev - 1).term(),
                log.subList(prev, end),
                Math.min(random.nextInt((int) node.commitIndex() + 1), end));
        events.add(new TraceEvent(Action.SEND_APPEND_ENTRIES, server, Tracer.fields(slice), null, null, Map.of()));
        inFlight.add(slice);
    }

    private void handle(String server, Ready ready, @Nullable Message message, @Nullable String value) {
        String proposed = value == null ? null : lastValue(nodes.get(server));
        tracers.get(server).handled(nodes.get(server), message, proposed, ready);
        inFlight.addAll(ready.messages());
    }

    private static String lastValue(RaftNode node) {
        return node.log().get(node.log().size() - 1).value();
    }

    // ------------------------------------------------------------------------------------------------- told in part

    private static Told tellInPart(Random random, List<String> servers, List<TraceEvent> events) {
        Set<String> omits = new LinkedHashSet<>();
        switch (random.nextInt(8)) {
            case 0 -> omits.add("SendAppendEntries");
            case 1 -> omits.add("Heartbeat");
            default -> {}
        }
        int observed = random.nextInt(4);
        Set<String> observes = new LinkedHashSet<>(TraceEvent.STATE_FIELDS);
        observes.removeIf(field -> random.nextInt(3) < observed);
        boolean onlySends = random.nextInt(3) == 0;
        int wholeMessages = onlySends ? 0 : random.nextInt(3);
        int messageFields = onlySends ? 0 : random.nextInt(4);
        int sends = onlySends ? 2 : random.nextInt(3);
        List<TraceEvent> told = new ArrayList<>();
        for (TraceEvent event : events) {
            boolean isSend = event.action().is(Action.SEND_APPEND_ENTRIES);
            if (isSend && mayBeOmitted(event, omits) && random.nextInt(4) > 0) {
                continue;
            }
            Map<String, Object> msg = event.msg() == null ? null : new LinkedHashMap<>(event.msg());
            Map<String, Object> sent = event.sent();
            Map<String, Object> state = new LinkedHashMap<>(event.state());
            if (msg != null && isSend && random.nextInt(3) < sends) {
                msg.keySet().removeIf(field -> !field.equals("to") && random.nextInt(3) < 2);
            } else if (msg != null && !isSend) {
                msg.keySet().removeIf(field -> random.nextInt(12) < messageFields);
                msg = random.nextInt(6) < wholeMessages ? null : msg;
            }
            sent = random.nextInt(4) == 0 ? null : sent;
            state.keySet().removeIf(field -> !observes.contains(field) && random.nextBoolean());
            told.add(new TraceEvent(event.action(), event.node(), msg, sent, event.value(), state));
        }
        return new Told(new TraceHeader(servers, observes, Map.of(), omits), told);
    }

    private static boolean mayBeOmitted(TraceEvent event, Set<String> omits) {
        Map<String, Object> msg = event.msg();
        return omits.contains("SendAppendEntries")
                || (omits.contains("Heartbeat") && msg != null && List.of().equals(msg.get("entries")));
    }
}
