package dev.checkedraft.cli;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.spec.Counterexample;
import dev.checkedraft.spec.Counterexample.Step;
import dev.checkedraft.spec.TlaValue;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceWriter;
import dev.checkedraft.trace.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes a run that TLC found as a trace. The models' canonical network sends what can be sent without a step of its own, so
 * the trace gets those steps back: each is put where the sender could first take it.
 */
final class CounterexampleTrace {
    /** The spec's model values for "no value" and "no server". */
    private static final String NO_OP = "NoOp";

    private static final String NIL = "Nil";

    private final List<Step> steps;

    /** For each step, what is to be told after it. */
    private final List<List<TraceEvent>> told = new ArrayList<>();

    private CounterexampleTrace(List<Step> steps) {
        this.steps = steps;
    }

    static void write(Counterexample run, String model, Path file) throws IOException {
        List<String> servers = run.steps().isEmpty()
                ? List.of()
                : List.copyOf(run.steps().get(0).nodes().keySet());
        if (servers.isEmpty()) {
            throw new IOException("the model " + model + " has no servers to write a trace of");
        }
        TraceHeader header = new TraceHeader(servers, Set.of(), Map.of("model", model));
        try (TraceWriter writer = new TraceWriter(Files.newOutputStream(file), header)) {
            new CounterexampleTrace(run.steps()).events().forEach(writer::accept);
        }
    }

    private List<TraceEvent> events() {
        steps.forEach(step -> told.add(new ArrayList<>()));
        for (int k = 1; k < steps.size(); k++) {
            Step step = steps.get(k);
            Action action = action(step);
            String node = step.node();
            if (action == null || node == null) {
                continue;
            }
            Message message = step.message().map(CounterexampleTrace::message).orElse(null);
            if (message != null) {
                makeSent(k, message);
            }
            TlaValue detail = step.detail();
            String value = action == Action.PROPOSE && detail != null ? text(detail) : null;
            told.get(k).add(0, event(action, node, message, value, state(k, node)));
        }
        return told.stream().flatMap(List::stream).toList();
    }

    private static @Nullable Action action(Step step) {
        return Arrays.stream(Action.values())
                .filter(action -> action.label().equals(step.action()))
                .findFirst()
                .orElse(null);
    }

    /** Sees to it that a message handled at step k was sent before. Requests for votes, and votes, are sent by steps. */
    private void makeSent(int k, Message message) {
        if (message instanceof AppendEntries m) {
            int at = first(k, s -> couldSend(s, m));
            if (at >= 0) {
                told.get(at).add(sent(m));
            }
        } else if (message instanceof AppendEntriesResponse m && m.success()) {
            makeAcknowledged(k, m);
        } else if (message instanceof AppendEntriesResponse m) {
            makeOutdated(k, m);
        } else if (message instanceof RequestVoteResponse m && !m.voteGranted()) {
            makeRefused(k, m);
        }
    }

    /** A follower acknowledges what it holds when it gets a heartbeat that reaches as far. */
    private void makeAcknowledged(int k, AppendEntriesResponse ack) {
        int index = (int) ack.matchIndex();
        int at = first(
                k,
                s -> leads(s, ack.to(), ack.term())
                        && role(s, ack.from()).equals("Follower")
                        && term(s, ack.from()) == ack.term()
                        && log(s, ack.from()).size() >= index
                        && log(s, ack.to()).size() >= index
                        && log(s, ack.from())
                                .subList(0, index)
                                .equals(log(s, ack.to()).subList(0, index)));
        if (at >= 0) {
            AppendEntries heartbeat = heartbeat(at, ack.to(), ack.from(), index);
            told.get(at).add(sent(heartbeat));
            told.get(at).add(event(Action.HANDLE_APPEND_ENTRIES, ack.from(), heartbeat, null, Map.of()));
        }
    }

    /** A server in a newer term answers a leader's heartbeat with that term. */
    private void makeOutdated(int k, AppendEntriesResponse refusal) {
        int led = first(k, s -> role(s, refusal.to()).equals("Leader") && term(s, refusal.to()) < refusal.term());
        int at = led < 0 ? led : first(k, s -> s >= led && term(s, refusal.from()) == refusal.term());
        if (at >= 0) {
            AppendEntries heartbeat = heartbeat(led, refusal.to(), refusal.from(), 0);
            told.get(led).add(sent(heartbeat));
            told.get(at).add(event(Action.HANDLE_APPEND_ENTRIES, refusal.from(), heartbeat, null, Map.of()));
        }
    }

    private AppendEntries heartbeat(int s, String leader, String follower, int prevLogIndex) {
        long prevLogTerm =
                prevLogIndex == 0 ? 0 : log(s, leader).get(prevLogIndex - 1).term();
        return new AppendEntries(term(s, leader), leader, follower, prevLogIndex, prevLogTerm, List.of(), 0);
    }

    /** A server answers a request for its vote, of its own term or an older one, with its term and no vote. */
    private void makeRefused(int k, RequestVoteResponse refusal) {
        String candidate = refusal.to();
        String voter = refusal.from();
        for (int asked = 1; asked < k; asked++) {
            if (!steps.get(asked).action().equals(Action.START_ELECTION.label())
                    || !candidate.equals(steps.get(asked).node())) {
                continue;
            }
            List<Entry> log = log(asked, candidate);
            RequestVote request = new RequestVote(term(asked, candidate), candidate, voter, log.size(), lastTerm(log));
            int election = asked;
            int at = first(k, s -> s >= election && term(s, voter) == refusal.term() && refuses(s, request));
            if (at >= 0) {
                told.get(at).add(event(Action.HANDLE_REQUEST_VOTE, voter, request, null, Map.of()));
                return;
            }
        }
    }

    private boolean refuses(int s, RequestVote request) {
        String vote = votedFor(s, request.to());
        List<Entry> own = log(s, request.to());
        boolean behind = request.lastLogTerm() == lastTerm(own)
                ? request.lastLogIndex() < own.size()
                : request.lastLogTerm() < lastTerm(own);
        return term(s, request.to()) > request.term() || (vote != null && !vote.equals(request.from())) || behind;
    }

    private boolean couldSend(int s, AppendEntries m) {
        int prev = (int) m.prevLogIndex();
        List<Entry> log = log(s, m.from());
        return leads(s, m.from(), m.term())
                && log.size() >= m.lastNewIndex()
                && log.subList(prev, (int) m.lastNewIndex()).equals(m.entries())
                && number(node(s, m.from()).get("commitIndex")) >= m.leaderCommit();
    }

    /** The first step before k after which something is so; -1 if none is. */
    private static int first(int k, IntPredicate so) {
        for (int s = 0; s < k; s++) {
            if (so.test(s)) {
                return s;
            }
        }
        return -1;
    }

    private static TraceEvent sent(AppendEntries message) {
        return event(Action.SEND_APPEND_ENTRIES, message.from(), message, null, Map.of());
    }

    private static TraceEvent event(
            Action action, String node, @Nullable Message message, @Nullable String value, Map<String, Object> state) {
        return new TraceEvent(action, node, message == null ? null : Tracer.fields(message), null, value, state);
    }

    // ---------------------------------------------------------------------------------------------------------------

    private Map<String, TlaValue> node(int s, String server) {
        return steps.get(s).nodes().getOrDefault(server, Map.of());
    }

    private boolean leads(int s, String server, long term) {
        return role(s, server).equals("Leader") && term(s, server) == term;
    }

    private String role(int s, String server) {
        return text(node(s, server).get("role"));
    }

    private long term(int s, String server) {
        return number(node(s, server).get("currentTerm"));
    }

    private @Nullable String votedFor(int s, String server) {
        String vote = text(node(s, server).get("votedFor"));
        return vote.equals(NIL) ? null : vote;
    }

    private List<Entry> log(int s, String server) {
        return entries(node(s, server).get("log"));
    }

    private static long lastTerm(List<Entry> log) {
        return log.isEmpty() ? 0 : log.get(log.size() - 1).term();
    }

    private Map<String, Object> state(int s, String server) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("currentTerm", term(s, server));
        state.put("votedFor", Optional.ofNullable(votedFor(s, server)));
        state.put("role", role(s, server));
        state.put("commitIndex", number(node(s, server).get("commitIndex")));
        state.put("log", new LogChange(1, log(s, server)));
        return state;
    }

    private static Message message(Map<String, TlaValue> fields) {
        long term = number(fields.get("term"));
        String from = text(fields.get("from"));
        String to = text(fields.get("to"));
        return switch (text(fields.get("type"))) {
            case "RequestVote" ->
                new RequestVote(term, from, to, number(fields.get("lastLogIndex")), number(fields.get("lastLogTerm")));
            case "RequestVoteResponse" -> new RequestVoteResponse(term, from, to, flag(fields.get("voteGranted")));
            case "AppendEntries" ->
                new AppendEntries(
                        term,
                        from,
                        to,
                        number(fields.get("prevLogIndex")),
                        number(fields.get("prevLogTerm")),
                        entries(fields.get("entries")),
                        number(fields.get("leaderCommit")));
            case "AppendEntriesResponse" ->
                new AppendEntriesResponse(
                        term, from, to, flag(fields.get("success")), number(fields.get("matchIndex")));
            default -> throw new IllegalArgumentException("no message of Raft: " + fields);
        };
    }

    private static List<Entry> entries(@Nullable TlaValue value) {
        List<Entry> entries = new ArrayList<>();
        if (value instanceof TlaValue.Tuple tuple) {
            for (TlaValue element : tuple.elements()) {
                if (element instanceof TlaValue.Struct entry) {
                    String text = text(entry.fields().get("value"));
                    entries.add(new Entry(number(entry.fields().get("term")), text.equals(NO_OP) ? Entry.NO_OP : text));
                }
            }
        }
        return entries;
    }

    private static long number(@Nullable TlaValue value) {
        if (value instanceof TlaValue.Int number) {
            return number.value();
        }
        throw new IllegalArgumentException("expected a number in TLC's run, not " + value);
    }

    private static boolean flag(@Nullable TlaValue value) {
        return value instanceof TlaValue.Bool flag && flag.value();
    }

    private static String text(@Nullable TlaValue value) {
        return value instanceof TlaValue.Str string ? string.value() : String.valueOf(value);
    }
}
