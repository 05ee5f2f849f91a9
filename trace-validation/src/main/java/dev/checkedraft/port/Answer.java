package dev.checkedraft.port;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.trace.StateFields;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.Tracer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A port's answer to one input, of the right form: known fields of the right types, and no server that is not in the
 * cluster.
 *
 * @param saysAction whether it says what the port did
 * @param action what the port did; null if nothing, or if it does not say
 * @param persist what it stored before anything was sent
 * @param send messages, by field
 * @param apply entries handed to the state machine; null if none
 * @param state state fields as in a trace event: only those that the port gives
 * @param error why it refused the input; null if it did not
 * @param reuse whether this process may be started again; of interest in the answer to {@code start}
 * @param numbered whether this process repeats the number of an input; of interest in the answer to {@code start}
 */
public record Answer(
        boolean saysAction,
        @Nullable Action action,
        Persist persist,
        List<Map<String, Object>> send,
        @Nullable LogChange apply,
        Map<String, Object> state,
        @Nullable String error,
        boolean reuse,
        boolean numbered) {
    private static final List<String> FIELDS =
            List.of("action", "persist", "send", "apply", "state", "error", "reuse", "numbered", "number");
    private static final List<String> ROLES = List.of("Follower", "Candidate", "Leader");

    /**
     * What of the durable state was stored.
     *
     * @param currentTerm null if that was not
     * @param saysVote whether the vote was
     * @param votedFor the vote, null for none
     * @param log null if nothing of it was
     */
    public record Persist(
            @Nullable Long currentTerm,
            boolean saysVote,
            @Nullable String votedFor,
            @Nullable LogChange log) {
        static final Persist NOTHING = new Persist(null, false, null, null);

        public boolean isNothing() {
            return equals(NOTHING);
        }

        Map<String, @Nullable Object> fields() {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            if (currentTerm != null) {
                fields.put("currentTerm", currentTerm);
            }
            if (saysVote) {
                fields.put("votedFor", votedFor);
            }
            if (log != null) {
                fields.put("log", log);
            }
            return fields;
        }
    }

    private static final Answer SILENT =
            new Answer(false, null, Persist.NOTHING, List.of(), null, Map.of(), null, false, false);

    // Made in Java ----------------------------------------------------------------------------------------------------

    /** That this action was taken; null if none was, as in a tick that only counts, and in a heartbeat. */
    public static Answer did(@Nullable Action action) {
        return new Answer(true, action, Persist.NOTHING, List.of(), null, Map.of(), null, false, false);
    }

    /** That the input was refused, and nothing has changed. */
    public static Answer refused(String why) {
        return new Answer(false, null, Persist.NOTHING, List.of(), null, Map.of(), why, false, false);
    }

    /** That does not even say what was done: the input tells that. */
    public static Answer silent() {
        return SILENT;
    }

    /** And term and vote were stored. */
    public Answer persisting(HardState stored) {
        Persist all = new Persist(stored.currentTerm(), true, stored.votedFor(), persist.log());
        return new Answer(saysAction, action, all, send, apply, state, error, reuse, numbered);
    }

    /** And this change of the log was stored. */
    public Answer persisting(LogChange stored) {
        Persist all = new Persist(persist.currentTerm(), persist.saysVote(), persist.votedFor(), stored);
        return new Answer(saysAction, action, all, send, apply, state, error, reuse, numbered);
    }

    /** And these messages were sent, once all was stored. */
    public Answer sending(List<? extends Message> messages) {
        List<Map<String, Object>> sent = messages.stream().map(Tracer::fields).toList();
        return new Answer(saysAction, action, persist, sent, apply, state, error, reuse, numbered);
    }

    /** And these entries were handed to the state machine. */
    public Answer applying(LogChange applied) {
        return new Answer(saysAction, action, persist, send, applied, state, error, reuse, numbered);
    }

    /** And this is the server's state now. */
    public Answer state(StateFields now) {
        return new Answer(saysAction, action, persist, send, apply, now.map(), error, reuse, numbered);
    }

    /** The same without what its matchIndex says of itself: of its own log nobody asks. */
    public Answer withoutOwnMatchIndex(String server) {
        if (!(state.get("matchIndex") instanceof Map<?, ?> all) || !all.containsKey(server)) {
            return this;
        }
        Map<String, Object> others = new LinkedHashMap<>();
        all.forEach((peer, index) -> {
            if (index != null && !server.equals(peer)) {
                others.put(String.valueOf(peer), index);
            }
        });
        Map<String, Object> rest = new LinkedHashMap<>(state);
        rest.put("matchIndex", others);
        return new Answer(saysAction, action, persist, send, apply, rest, error, reuse, numbered);
    }

    /** And another start may come. */
    Answer reusable() {
        return new Answer(saysAction, action, persist, send, apply, state, error, error == null, error == null);
    }

    /** As the protocol has it. */
    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (saysAction) {
            fields.put("action", action == null ? null : action.label());
        }
        if (!persist.isNothing()) {
            fields.put("persist", persist.fields());
        }
        if (!send.isEmpty()) {
            fields.put("send", send);
        }
        if (apply != null) {
            fields.put("apply", apply);
        }
        if (!state.isEmpty()) {
            fields.put("state", state);
        }
        if (error != null) {
            fields.put("error", error);
        }
        if (reuse) {
            fields.put("reuse", true);
        }
        if (numbered) {
            fields.put("numbered", true);
        }
        return fields;
    }

    // Read ------------------------------------------------------------------------------------------------------------

    /** Whether a vote is given. */
    public boolean grantsVote() {
        return send.stream().anyMatch(message -> Boolean.TRUE.equals(message.get("voteGranted")));
    }

    /** All of it in a line, for a reader. */
    public String summary() {
        return "action " + (action == null ? "null" : action.label()) + ", persist " + persist + ", send "
                + send.stream()
                        .map(message ->
                                message.get("type") + " to " + message.get("to") + " " + PortPacket.describe(message))
                        .toList()
                + ", apply " + Describe.value(apply) + ", state " + state + ", error " + Describe.value(error);
    }

    /**
     * Reads an answer.
     *
     * @param servers the cluster
     * @throws ProtocolException if it is malformed; says where
     */
    public static Answer read(String line, List<String> servers) throws ProtocolException {
        return read(line, 0, servers);
    }

    /**
     * Reads an answer that repeats a number.
     *
     * @param number the input's number; 0 if it had none
     * @throws ProtocolException if the answer is malformed, or another input's; says where
     */
    public static Answer read(String line, long number, List<String> servers) throws ProtocolException {
        Fields answer = Fields.of(Json.read(line), "").only(FIELDS);
        if (number > 0 && answer.integer("number") != number) {
            throw new ProtocolException("number must be " + number + ", not " + answer.integer("number"));
        }
        boolean saysAction = answer.has("action");
        String action = saysAction ? answer.optionalString("action").orElse(null) : null;
        String error = answer.has("error") ? answer.string("error") : null;
        List<Map<String, Object>> send = new ArrayList<>();
        if (answer.has("send")) {
            for (Fields message : answer.objects("send")) {
                send.add(message(message, servers));
            }
        }
        return new Answer(
                saysAction,
                action == null ? null : action(action),
                answer.has("persist") ? persist(answer.object("persist"), servers) : Persist.NOTHING,
                List.copyOf(send),
                answer.has("apply") ? answer.logChange("apply") : null,
                answer.has("state") ? state(answer.object("state"), servers) : Map.of(),
                error,
                answer.has("reuse") && answer.flag("reuse"),
                answer.has("numbered") && answer.flag("numbered"));
    }

    private static Action action(String label) throws ProtocolException {
        for (Action action : Action.values()) {
            if (action.label().equals(label)) {
                return action;
            }
        }
        throw new ProtocolException(
                "action must be null or an action of the spec, not " + Json.write(Fields.shorten(label)));
    }

    private static Map<String, Object> message(Fields fields, List<String> servers) throws ProtocolException {
        Map<String, Object> message = Messages.read(fields);
        fields.oneOf("from", servers);
        fields.oneOf("to", servers);
        return message;
    }

    private static Persist persist(Fields persist, List<String> servers) throws ProtocolException {
        persist.only(List.of("currentTerm", "votedFor", "log"));
        return new Persist(
                persist.has("currentTerm") ? (Long) persist.number("currentTerm", 0) : null,
                persist.has("votedFor"),
                persist.has("votedFor") ? vote(persist, servers).orElse(null) : null,
                persist.has("log") ? persist.logChange("log") : null);
    }

    private static Optional<String> vote(Fields fields, List<String> servers) throws ProtocolException {
        return fields.isNull("votedFor") ? Optional.empty() : Optional.of(fields.oneOf("votedFor", servers));
    }

    private static Map<String, Object> state(Fields fields, List<String> servers) throws ProtocolException {
        fields.only(TraceEvent.STATE_FIELDS);
        Map<String, Object> state = new LinkedHashMap<>();
        for (String name : TraceEvent.STATE_FIELDS) {
            if (fields.has(name)) {
                state.put(
                        name,
                        switch (name) {
                            case "currentTerm", "commitIndex" -> fields.number(name, 0);
                            case "votedFor" -> vote(fields, servers);
                            case "role" -> fields.oneOf(name, ROLES);
                            case "votesGranted", "votesRefused" -> serverSet(fields, name, servers);
                            case "matchIndex" -> indexes(fields.object(name), servers);
                            default -> fields.logChange(name);
                        });
            }
        }
        return state;
    }

    /** In the order of names: two answers with the same set are the same answer. */
    private static List<String> serverSet(Fields fields, String name, List<String> servers) throws ProtocolException {
        List<String> named = fields.strings(name);
        TreeSet<String> set = new TreeSet<>(named);
        if (set.size() != named.size()) {
            throw new ProtocolException("state." + name + " names a server twice: " + named);
        }
        for (String server : set) {
            if (!servers.contains(server)) {
                throw new ProtocolException(
                        "state." + name + " names " + Fields.shorten(server) + ", which is no server of this cluster");
            }
        }
        return List.copyOf(set);
    }

    private static Map<String, Long> indexes(Fields fields, List<String> servers) throws ProtocolException {
        fields.only(servers);
        Map<String, Long> indexes = new LinkedHashMap<>();
        for (String server : fields.names()) {
            indexes.put(server, fields.number(server, 0));
        }
        return indexes;
    }
}
