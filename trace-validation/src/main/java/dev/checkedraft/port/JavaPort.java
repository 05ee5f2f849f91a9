package dev.checkedraft.port;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.InvalidInputException;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.trace.Tracer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The Java core as a port: reads the protocol's inputs, one a line, and answers each with a line. So the driver can be
 * tried on an implementation that is checked in process too, and vectors can be made from it.
 */
public final class JavaPort {
    private static final List<String> START_FIELDS = List.of(
            "id",
            "servers",
            "seed",
            "minElectionTimeout",
            "maxElectionTimeout",
            "heartbeatInterval",
            "maxEntries",
            "durable");

    private @Nullable RaftNode node;

    /** Answers every line of {@code in} on {@code out}, until {@code in} ends. */
    public static void run(BufferedReader in, PrintStream out) throws IOException {
        JavaPort port = new JavaPort();
        String line;
        while ((line = in.readLine()) != null) {
            out.print(Json.write(port.answer(line)) + "\n");
            out.flush();
        }
    }

    /** The answer to one input. */
    public Map<String, Object> answer(String line) {
        Map<String, Object> answer = new LinkedHashMap<>();
        try {
            Fields input = Fields.of(Json.read(line), "");
            if (input.has("number")) {
                answer.put("number", input.integer("number"));
            }
            answer.putAll(answer(input));
        } catch (ProtocolException | InvalidInputException | IllegalArgumentException e) {
            answer.put("error", String.valueOf(e.getMessage()));
        }
        return answer;
    }

    private Map<String, Object> answer(Fields input) throws ProtocolException {
        List<String> kinds =
                input.names().stream().filter(name -> !name.equals("number")).toList();
        String kind = kinds.size() == 1 ? kinds.get(0) : "";
        if (kind.equals("start")) {
            RaftNode started = start(input.object("start").only(START_FIELDS));
            node = started;
            Map<String, Object> answer =
                    answer(started, new Ready(Action.RESTART, null, null, List.of(), 1, List.of()));
            answer.put("reuse", true);
            answer.put("numbered", true);
            return answer;
        }
        RaftNode started = node;
        if (started == null) {
            throw new ProtocolException("the first input must be start");
        }
        Ready ready = switch (kind) {
            case "tick" -> started.tick();
            case "electionTimeout" -> started.startElection();
            case "heartbeat" -> started.sendHeartbeats();
            case "message" -> started.step(Messages.toCore(input.object("message")));
            case "propose" -> started.propose(input.object("propose").string("value"));
            default ->
                throw new ProtocolException(
                        "an input has one field: start, tick, electionTimeout," + " heartbeat, message or propose");
        };
        return answer(started, ready);
    }

    private static RaftNode start(Fields start) throws ProtocolException {
        Fields durable = start.object("durable");
        return RaftNode.restart(
                new Config(
                        start.string("id"),
                        start.strings("servers"),
                        start.number("minElectionTimeout", 1),
                        start.number("maxElectionTimeout", 1),
                        start.number("heartbeatInterval", 1),
                        start.number("maxEntries", 1),
                        start.integer("seed")),
                new DurableState(
                        new HardState(
                                durable.number("currentTerm", 0),
                                durable.optionalString("votedFor").orElse(null)),
                        durable.entries("log")));
    }

    private static Map<String, Object> answer(RaftNode node, Ready ready) {
        Map<String, Object> answer = new LinkedHashMap<>();
        Action action = ready.action();
        answer.put("action", action == null ? Optional.empty() : action.label());
        Map<String, Object> persist = new LinkedHashMap<>();
        HardState hardState = ready.hardState();
        if (hardState != null) {
            persist.put("currentTerm", hardState.currentTerm());
            persist.put("votedFor", Optional.ofNullable(hardState.votedFor()));
        }
        LogChange log = ready.log();
        if (log != null) {
            persist.put("log", log);
        }
        if (!persist.isEmpty()) {
            answer.put("persist", persist);
        }
        if (!ready.messages().isEmpty()) {
            answer.put("send", ready.messages().stream().map(Tracer::fields).toList());
        }
        if (!ready.committed().isEmpty()) {
            answer.put("apply", new LogChange(ready.committedFrom(), ready.committed()));
        }
        answer.put("state", state(node));
        return answer;
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
        for (String peer : node.config().peers()) {
            matchIndex.put(peer, node.matchIndex(peer));
        }
        state.put("matchIndex", matchIndex);
        return state;
    }
}
