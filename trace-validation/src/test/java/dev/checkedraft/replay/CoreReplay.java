package dev.checkedraft.replay;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.InvalidInputException;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.Tracer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A validator without a spec: takes the Java core through a complete trace, event by event. It is slow, and knows only traces
 * that observe every field, but it has nothing in common with TLC.
 */
final class CoreReplay {
    private final Map<String, RaftNode> nodes = new HashMap<>();
    private final Set<Message> sent = new HashSet<>();

    CoreReplay(Setup setup) {
        List<String> servers = setup.traceHeader(Map.of()).servers();
        for (String server : servers) {
            nodes.put(server, RaftNode.restart(Config.of(server, servers, 0), DurableState.INITIAL));
        }
    }

    /** The line of the first event that cannot be; 0 if there is none. */
    long lineOfDivergence(List<TraceEvent> events) {
        for (int k = 0; k < events.size(); k++) {
            if (!happens(events.get(k))) {
                return k + 2L;
            }
        }
        return 0;
    }

    private boolean happens(TraceEvent event) {
        RaftNode node = nodes.get(event.node());
        Map<String, Object> before = state(node);
        List<Entry> logBefore = List.copyOf(node.log());
        Ready ready;
        try {
            switch (event.action()) {
                case START_ELECTION -> ready = node.startElection();
                case PROPOSE -> ready = node.propose(event.value());
                case RESTART -> {
                    node = RaftNode.restart(node.config(), node.durableState());
                    nodes.put(event.node(), node);
                    ready = new Ready(null, null, null, List.of(), 1, List.of());
                }
                case SEND_APPEND_ENTRIES -> {
                    return maySend(node, (AppendEntries) message(event.msg()))
                            && event.state().isEmpty();
                }
                default -> {
                    Message message = message(event.msg());
                    if (!sent.contains(message)) {
                        return false;
                    }
                    ready = node.step(message);
                }
            }
        } catch (InvalidInputException | IllegalArgumentException e) {
            return false;
        }
        boolean same =
                sameSent(event, ready) && sameState(event, before, state(node)) && sameLog(event, logBefore, node);
        ready.messages().stream().filter(m -> !(m instanceof AppendEntries)).forEach(sent::add);
        return same;
    }

    private boolean maySend(RaftNode node, AppendEntries m) {
        int prev = (int) m.prevLogIndex();
        List<Entry> log = node.log();
        boolean may = node.isLeader()
                && m.from().equals(node.id())
                && m.term() == node.currentTerm()
                && m.lastNewIndex() <= log.size()
                && (prev == 0 || log.get(prev - 1).term() == m.prevLogTerm())
                && log.subList(prev, (int) m.lastNewIndex()).equals(m.entries())
                && m.leaderCommit() <= node.commitIndex();
        if (may) {
            sent.add(m);
        }
        return may;
    }

    private static boolean sameSent(TraceEvent event, Ready ready) {
        List<Message> replies = ready.messages().stream()
                .filter(m -> !(m instanceof AppendEntries))
                .toList();
        Map<String, Object> expected = event.sent();
        return expected == null
                || (!replies.isEmpty()
                        && replies.stream()
                                .allMatch(m -> Tracer.fields(m).entrySet().containsAll(expected.entrySet())));
    }

    private static boolean sameState(TraceEvent event, Map<String, Object> before, Map<String, Object> after) {
        for (Map.Entry<String, Object> field : after.entrySet()) {
            Object reported = event.state().get(field.getKey());
            Object expected = before.get(field.getKey());
            if (reported instanceof Map<?, ?> changed && expected instanceof Map<?, ?> old) {
                Map<Object, Object> merged = new LinkedHashMap<>(old);
                merged.putAll(changed);
                expected = merged;
            } else if (reported != null) {
                expected = reported;
            }
            if (!field.getValue().equals(expected)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameLog(TraceEvent event, List<Entry> before, RaftNode after) {
        List<Entry> expected = before;
        if (event.state().get("log") instanceof LogChange change) {
            if (change.from() > before.size() + 1) {
                return false;
            }
            expected = new ArrayList<>(before.subList(0, (int) change.from() - 1));
            expected.addAll(change.entries());
        }
        return expected.equals(after.log());
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
        return state;
    }

    @SuppressWarnings("unchecked") // a trace event has entries there, and nothing else
    private static Message message(Map<String, Object> fields) {
        long term = (Long) fields.get("term");
        String from = (String) fields.get("from");
        String to = (String) fields.get("to");
        return switch ((String) fields.get("type")) {
            case "RequestVote" ->
                new RequestVote(term, from, to, (Long) fields.get("lastLogIndex"), (Long) fields.get("lastLogTerm"));
            case "RequestVoteResponse" -> new RequestVoteResponse(term, from, to, (Boolean) fields.get("voteGranted"));
            case "AppendEntries" ->
                new AppendEntries(
                        term,
                        from,
                        to,
                        (Long) fields.get("prevLogIndex"),
                        (Long) fields.get("prevLogTerm"),
                        (List<Entry>) fields.get("entries"),
                        (Long) fields.get("leaderCommit"));
            default ->
                new AppendEntriesResponse(
                        term, from, to, (Boolean) fields.get("success"), (Long) fields.get("matchIndex"));
        };
    }
}
