package dev.checkedraft.spec.raft;

import dev.checkedraft.spec.value.TlaValue;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The actions of Raft.tla, by the names that the traces and the Java core have for them too, and how to tell which one a
 * step was where the model does not say: TLC names a step after the definition that holds it, which may hold several.
 */
final class RaftActions {
    static final List<String> NAMES = List.of(
            "StartElection",
            "HandleRequestVote",
            "HandleRequestVoteResponse",
            "Propose",
            "SendAppendEntries",
            "HandleAppendEntries",
            "HandleAppendEntriesResponse",
            "Restart");

    private RaftActions() {}

    /**
     * The name of a step's action: the one TLC gives, if it is Raft's; or the only one of Raft's in the text that TLC says
     * the step comes from; or the only one that changes a server as this step did; and else the one TLC gives.
     */
    static String nameOf(
            String label,
            String text,
            @Nullable String node,
            Map<String, TlaValue> before,
            Map<String, TlaValue> after) {
        if (NAMES.contains(label)) {
            return label;
        }
        List<String> named = NAMES.stream()
                .filter(name ->
                        Pattern.compile("\\b" + name + "\\b").matcher(text).find())
                .toList();
        if (named.size() == 1) {
            return named.get(0);
        }
        if (node == null) {
            return label;
        }
        boolean votedForOther = new RaftState(after).votedAgainst(node, node);
        return byEffect(new Server(before, node), new Server(after, node), votedForOther)
                .orElse(label);
    }

    /** A server's variables; null where the spec is not Raft. */
    private record Server(Map<String, TlaValue> variables) {
        Server(Map<String, TlaValue> state, String name) {
            this(new RaftState(state).node(name));
        }

        @Nullable
        TlaValue get(String variable) {
            return variables.get(variable);
        }

        int number(String variable) {
            return RaftState.integer(get(variable));
        }

        boolean is(String role) {
            return Objects.equals(get("role"), new TlaValue.Str(role));
        }

        int logLength() {
            return get("log") instanceof TlaValue.Tuple log ? log.elements().size() : 0;
        }
    }

    private static Optional<String> byEffect(Server before, Server after, boolean votedForOther) {
        boolean newTerm = after.number("currentTerm") > before.number("currentTerm");
        boolean newVote = differ("votedFor", before, after);
        boolean newLog = differ("log", before, after);
        boolean newCommit = after.number("commitIndex") > before.number("commitIndex");
        if (newTerm && newVote && after.is("Candidate")) {
            return Optional.of("StartElection");
        } else if (after.number("commitIndex") < before.number("commitIndex")
                || (before.is("Leader") && after.is("Follower") && !newTerm)) {
            return Optional.of("Restart");
        } else if (before.is("Candidate") && (after.is("Leader") || (after.is("Candidate") && !newTerm))) {
            return Optional.of("HandleRequestVoteResponse");
        } else if (before.is("Leader") && after.is("Leader")) {
            boolean longer = after.logLength() > before.logLength();
            return Optional.of(longer ? "Propose" : "HandleAppendEntriesResponse");
        } else if (newLog || newCommit) {
            return Optional.of("HandleAppendEntries");
        } else if (newVote && votedForOther) {
            return Optional.of("HandleRequestVote");
        }
        // A newer term alone may come with any message.
        return Optional.empty();
    }

    private static boolean differ(String variable, Server before, Server after) {
        return !Objects.equals(before.get(variable), after.get(variable));
    }
}
