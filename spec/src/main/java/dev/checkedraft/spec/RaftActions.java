package dev.checkedraft.spec;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The actions of Raft.tla, by the names that the traces and the Java core have for them too. */
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
     * The action that TLC took, which it names by the definition it is in: that, if it is an action of Raft, and else the
     * one that the definition's text refers to.
     */
    static Optional<String> onlyOneIn(String label, String text) {
        if (NAMES.contains(label)) {
            return Optional.of(label);
        }
        List<String> found = NAMES.stream()
                .filter(name -> Pattern.compile("\\b" + name + "\\b").matcher(text).find())
                .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }
}
