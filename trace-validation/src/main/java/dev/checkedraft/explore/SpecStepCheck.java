package dev.checkedraft.explore;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.tlc.StepReplay;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.Tracer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Holds steps of the Java core against {@code spec/Raft.tla}, with the evaluator that traces are replayed with. */
public final class SpecStepCheck implements StepCheck {
    private final List<String> servers;
    private final StepReplay replay;

    /** For a cluster of these servers. */
    public SpecStepCheck(List<String> servers) {
        this.servers = List.copyOf(servers);
        this.replay = new StepReplay(servers);
    }

    @Override
    public @Nullable String mismatch(
            RaftNode before, @Nullable String value, @Nullable Message message, RaftNode after, Ready ready) {
        String misaddressed = misaddressed(before, message, ready);
        if (misaddressed != null) {
            return misaddressed;
        }
        for (TraceEvent event : events(before, value, message, after, ready)) {
            // What it sends leaves when the rest of the step is done.
            boolean sends = event.action().is(Action.SEND_APPEND_ENTRIES);
            String mismatch = replay.mismatch(state(sends ? after : before), event);
            if (mismatch != null) {
                return event.action().label() + " is no step of the spec: " + mismatch;
            }
        }
        return null;
    }

    /** A trace tells what a step sends, but for whom only of AppendEntries; the rest of what must be so is said here. */
    private @Nullable String misaddressed(RaftNode before, @Nullable Message message, Ready ready) {
        List<String> expected = List.of();
        if (ready.action() == Action.START_ELECTION) {
            expected = before.config().peers().stream().sorted().toList();
        } else if (message instanceof RequestVote || message instanceof AppendEntries) {
            expected = List.of(message.from());
        }
        List<Message> sent = ready.messages().stream()
                .filter(m -> !(m instanceof AppendEntries))
                .toList();
        List<String> actual = sent.stream().map(Message::to).sorted().toList();
        if (!actual.equals(expected)) {
            return before.id() + " sends to " + actual + ", and the spec to " + expected;
        }
        Set<Map<String, Object>> contents = new HashSet<>();
        for (Message m : sent) {
            Map<String, Object> fields = Tracer.fields(m);
            fields.remove("to");
            contents.add(fields);
        }
        boolean own = ready.messages().stream().allMatch(m -> m.from().equals(before.id()));
        return own && contents.size() <= 1 ? null : before.id() + " sends " + ready.messages();
    }

    /**
     * The spec's actions that need no message. What the core deliberately never does is not among them: it sends only what
     * follows a follower's nextIndex, no more than its configuration allows, and always its own commit index, where the
     * spec's leader may send any slice and any lower commit index.
     */
    @Override
    public @Nullable String neglected(RaftNode node) {
        for (Action action : List.of(Action.START_ELECTION, Action.PROPOSE)) {
            String value = action == Action.PROPOSE ? "v" : null;
            boolean allowed =
                    replay.isEnabled(state(node), new TraceEvent(action, node.id(), null, null, value, Map.of()));
            if (allowed != isTaken(node.copy(), value)) {
                return "the spec " + (allowed ? "allows " : "forbids ") + action.label() + " of a " + node.role()
                        + ", the core does not";
            }
        }
        return null;
    }

    private static boolean isTaken(RaftNode node, @Nullable String value) {
        try {
            Ready ready = value == null ? node.startElection() : node.propose(value);
            return ready.action() != null;
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            return false; // refused, or a core that fails: its own step, too, will tell
        }
    }

    /** The step as a trace tells it, and after each event the server's whole state. */
    private List<TraceEvent> events(
            RaftNode before, @Nullable String value, @Nullable Message message, RaftNode after, Ready ready) {
        List<TraceEvent> events = new ArrayList<>();
        Tracer tracer = new Tracer(
                before.id(),
                servers.stream().filter(server -> !server.equals(before.id())).toList(),
                event -> events.add(new TraceEvent(
                        event.action(), event.node(), event.msg(), event.sent(), event.value(), state(after))));
        tracer.handled(after, message, value, ready);
        return events;
    }

    private static Map<String, Object> state(RaftNode node) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("currentTerm", node.currentTerm());
        state.put("votedFor", Optional.ofNullable(node.votedFor()));
        state.put("role", node.role());
        state.put("commitIndex", node.commitIndex());
        state.put("votesGranted", node.votesGranted());
        state.put("votesRefused", node.votesRefused());
        Map<String, Long> matchIndex = new LinkedHashMap<>();
        node.config().peers().forEach(peer -> matchIndex.put(peer, node.matchIndex(peer)));
        state.put("matchIndex", matchIndex);
        state.put("log", new LogChange(1, node.log()));
        return state;
    }
}
