package dev.checkedraft.spec.raft;

import dev.checkedraft.spec.value.TlaValue;
import dev.checkedraft.spec.value.TraceStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Makes a run of Raft of a run of the models' canonical network. There, what a server may send is offered as soon as it
 * may be sent, and a message that changes no server is never handled; so before each step that handles a message come the
 * steps that send it, at the last state before it in which they could be taken. Those change no server.
 */
final class ImpliedSends {
    private final List<Counterexample.Step> steps;
    private final List<RaftState> states;
    /** After each step, the steps implied there. */
    private final List<List<TraceStep>> implied = new ArrayList<>();

    private ImpliedSends(List<Counterexample.Step> steps) {
        this.steps = steps;
        this.states = steps.stream().map(step -> new RaftState(step.state())).toList();
        steps.forEach(step -> implied.add(new ArrayList<>()));
    }

    /** The run's steps, without the initial state and without those whose server is not known. */
    static List<TraceStep> complete(List<Counterexample.Step> steps) {
        return new ImpliedSends(steps).run();
    }

    private List<TraceStep> run() {
        List<TraceStep> own = new ArrayList<>();
        for (int at = 0; at < steps.size(); at++) {
            Counterexample.Step step = steps.get(at);
            Map<String, TlaValue> message = step.message().orElse(Map.of());
            String node = step.node();
            own.add(new TraceStep(
                    step.action(),
                    node == null ? "" : node,
                    message,
                    message.isEmpty() ? step.detail() : null,
                    node == null ? Map.of() : states.get(at).node(node),
                    false,
                    message.isEmpty() || wasSent(at, step.action(), new Message(message))));
        }
        List<TraceStep> all = new ArrayList<>();
        for (int at = 0; at < steps.size(); at++) {
            if (at > 0 && !own.get(at).node().isEmpty()) {
                all.add(own.get(at));
            }
            all.addAll(implied.get(at));
        }
        return List.copyOf(all);
    }

    /** Whether the message that step {@code at} handles is sent by a step before it, if need be by an implied one. */
    private boolean wasSent(int at, String action, Message message) {
        return switch (action) {
            case "SendAppendEntries" -> true;
            case "HandleRequestVote" ->
                requestBefore(at, message.from(), message.term() + 1).stream()
                        .anyMatch(k -> states.get(k).term(message.from()) == message.term());
            case "HandleRequestVoteResponse" ->
                message.is("voteGranted") ? votedBefore(at, message) : refusedBefore(at, message);
            case "HandleAppendEntries" -> sendBefore(at, message);
            case "HandleAppendEntriesResponse" ->
                message.is("success") ? acknowledgedBefore(at, message) : outdatedBefore(at, message);
            default -> false;
        };
    }

    /** The last step before {@code at} in which {@code candidate} asked for votes for a term below {@code term}. */
    private OptionalInt requestBefore(int at, String candidate, int term) {
        return last(
                at,
                k -> k > 0
                        && steps.get(k).action().equals("StartElection")
                        && candidate.equals(steps.get(k).node())
                        && states.get(k).term(candidate) < term);
    }

    private boolean votedBefore(int at, Message reply) {
        return last(
                        at,
                        k -> steps.get(k).action().equals("HandleRequestVote")
                                && reply.from().equals(steps.get(k).node())
                                && steps.get(k)
                                        .message()
                                        .map(Message::new)
                                        .filter(request ->
                                                request.from().equals(reply.to()) && request.term() == reply.term())
                                        .isPresent())
                .isPresent();
    }

    /** A refusal, of a candidate of the same term or of an older one: the voter handles the request, and stays as it is. */
    private boolean refusedBefore(int at, Message reply) {
        String candidate = reply.to();
        String voter = reply.from();
        OptionalInt when = last(at, k -> {
            OptionalInt asked = requestBefore(k + 1, candidate, reply.term() + 1);
            if (asked.isEmpty() || states.get(k).term(voter) != reply.term()) {
                return false;
            }
            RaftState then = states.get(asked.getAsInt());
            return then.term(candidate) < reply.term()
                    || states.get(k).votedAgainst(voter, candidate)
                    || isBehind(then, candidate, states.get(k), voter);
        });
        when.ifPresent(k -> {
            RaftState then =
                    states.get(requestBefore(k + 1, candidate, reply.term() + 1).orElse(k));
            int last = then.log(candidate).size();
            Map<String, TlaValue> request = new LinkedHashMap<>();
            request.put("type", new TlaValue.Str("RequestVote"));
            request.put("term", new TlaValue.Int(then.term(candidate)));
            request.put("from", server(reply.fields().get("to"), candidate));
            request.put("to", server(reply.fields().get("from"), voter));
            request.put("lastLogIndex", new TlaValue.Int(last));
            request.put("lastLogTerm", new TlaValue.Int(then.termAt(candidate, last)));
            imply(k, "HandleRequestVote", voter, request);
        });
        return when.isPresent();
    }

    /** Whether the candidate's log was less up to date, when it asked, than the voter's is (5.4.1). */
    private static boolean isBehind(RaftState then, String candidate, RaftState now, String voter) {
        int asked = then.log(candidate).size();
        int held = now.log(voter).size();
        int askedTerm = then.termAt(candidate, asked);
        int heldTerm = now.termAt(voter, held);
        return askedTerm == heldTerm ? asked < held : askedTerm < heldTerm;
    }

    private boolean sendBefore(int at, Message message) {
        OptionalInt when = last(at, k -> maySend(states.get(k), message));
        when.ifPresent(k -> imply(k, "SendAppendEntries", message.from(), message.fields()));
        return when.isPresent();
    }

    private static boolean maySend(RaftState state, Message message) {
        List<TlaValue> entries =
                message.fields().get("entries") instanceof TlaValue.Tuple tuple ? tuple.elements() : List.of();
        List<TlaValue> log = state.log(message.from());
        int first = message.number("prevLogIndex");
        int end = first + entries.size();
        return state.leads(message.from(), message.term())
                && end <= log.size()
                && log.subList(first, end).equals(entries)
                && state.termAt(message.from(), first) == message.number("prevLogTerm")
                && message.number("leaderCommit") <= state.commitIndex(message.from());
    }

    /** What a follower holds it says when it next hears a heartbeat that starts there. */
    private boolean acknowledgedBefore(int at, Message reply) {
        String leader = reply.to();
        String follower = reply.from();
        int index = reply.number("matchIndex");
        boolean said = last(
                        at,
                        k -> steps.get(k).action().equals("HandleAppendEntries")
                                && follower.equals(steps.get(k).node())
                                && steps.get(k)
                                        .message()
                                        .map(Message::new)
                                        .filter(m -> m.from().equals(leader)
                                                && m.term() == reply.term()
                                                && m.lastNew() == index
                                                && states.get(k).match(leader, follower, index))
                                        .isPresent())
                .isPresent();
        if (said) {
            return true;
        }
        OptionalInt when = last(
                at,
                k -> states.get(k).leads(leader, reply.term())
                        && states.get(k).follows(follower, reply.term())
                        && states.get(k).match(leader, follower, index));
        when.ifPresent(k -> {
            Map<String, TlaValue> heartbeat = heartbeat(reply, states.get(k), index);
            imply(k, "SendAppendEntries", leader, heartbeat);
            imply(k, "HandleAppendEntries", follower, heartbeat);
        });
        return when.isPresent();
    }

    /** A leader of an older term is told so when it sends a heartbeat, which must be before it is deposed. */
    private boolean outdatedBefore(int at, Message reply) {
        String leader = reply.to();
        String other = reply.from();
        OptionalInt told = last(at, k -> states.get(k).term(other) == reply.term());
        if (told.isEmpty()) {
            return false;
        }
        OptionalInt sent = last(told.getAsInt() + 1, k -> {
            int term = states.get(k).term(leader);
            return term < reply.term() && states.get(k).leads(leader, term);
        });
        sent.ifPresent(k -> {
            Map<String, TlaValue> heartbeat = heartbeat(reply, states.get(k), 0);
            imply(k, "SendAppendEntries", leader, heartbeat);
            imply(told.getAsInt(), "HandleAppendEntries", other, heartbeat);
        });
        return sent.isPresent();
    }

    /** An AppendEntries without entries that would get this reply. */
    private static Map<String, TlaValue> heartbeat(Message reply, RaftState state, int prevLogIndex) {
        Map<String, TlaValue> heartbeat = new LinkedHashMap<>();
        heartbeat.put("type", new TlaValue.Str("AppendEntries"));
        heartbeat.put("term", new TlaValue.Int(state.term(reply.to())));
        heartbeat.put("from", server(reply.fields().get("to"), reply.to()));
        heartbeat.put("to", server(reply.fields().get("from"), reply.from()));
        heartbeat.put("prevLogIndex", new TlaValue.Int(prevLogIndex));
        heartbeat.put("prevLogTerm", new TlaValue.Int(state.termAt(reply.to(), prevLogIndex)));
        heartbeat.put("entries", new TlaValue.Tuple(List.of()));
        heartbeat.put("leaderCommit", new TlaValue.Int(0));
        return heartbeat;
    }

    private void imply(int at, String action, String node, Map<String, TlaValue> message) {
        implied.get(at)
                .add(new TraceStep(action, node, message, null, states.get(at).node(node), true, true));
    }

    /** The last state before step {@code at} that has a property. */
    private OptionalInt last(int at, IntPredicate property) {
        for (int k = at - 1; k >= 0; k--) {
            if (property.test(k)) {
                return OptionalInt.of(k);
            }
        }
        return OptionalInt.empty();
    }

    private static TlaValue server(@org.checkerframework.checker.nullness.qual.Nullable TlaValue value, String name) {
        return value == null ? new TlaValue.Atom(name) : value;
    }

    /** A message's fields by name. */
    private record Message(Map<String, TlaValue> fields) {
        int number(String field) {
            return RaftState.integer(fields.get(field));
        }

        int term() {
            return number("term");
        }

        boolean is(String field) {
            return Objects.equals(fields.get(field), new TlaValue.Bool(true));
        }

        String from() {
            return name("from");
        }

        String to() {
            return name("to");
        }

        /** The index of the last entry that an AppendEntries vouches for. */
        int lastNew() {
            int entries = fields.get("entries") instanceof TlaValue.Tuple tuple
                    ? tuple.elements().size()
                    : 0;
            return number("prevLogIndex") + entries;
        }

        private String name(String field) {
            TlaValue server = fields.get(field);
            return server == null ? "" : Servers.name(server);
        }
    }
}
