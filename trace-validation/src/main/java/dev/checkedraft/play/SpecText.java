package dev.checkedraft.play;

import dev.checkedraft.core.Action;
import java.util.ArrayList;
import java.util.List;

/** The text of the actions of Raft.tla. */
final class SpecText {
    /**
     * An action's definition with the comment before it.
     *
     * @param line its first line in Raft.tla, from 1
     */
    record Definition(String name, int line, String text) {}

    private SpecText() {}

    /** The actions' definitions. A definition ends at an empty line. */
    static List<Definition> actions(List<String> module) {
        List<Definition> found = new ArrayList<>();
        for (Action action : Action.values()) {
            found.add(definition(action.label(), module));
        }
        return found;
    }

    private static Definition definition(String name, List<String> module) {
        for (int at = 0; at < module.size(); at++) {
            if (module.get(at).startsWith(name + "(")) {
                int first = at;
                while (module.get(first - 1).startsWith("\\*")) {
                    first--;
                }
                int end = at;
                while (!module.get(end).isBlank() && !module.get(end).startsWith("---")) {
                    end++;
                }
                return new Definition(name, first + 1, String.join("\n", module.subList(first, end)));
            }
        }
        throw new IllegalStateException("Raft.tla does not define " + name);
    }
}
