package dev.checkedraft.picture;

import dev.checkedraft.explain.Difference;
import dev.checkedraft.explain.FalseGuard;
import dev.checkedraft.explain.Reason;
import dev.checkedraft.tlc.SpecEvaluator;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The text of an action, with the lines marked that an event contradicts. */
final class SpecExcerpt {
    private SpecExcerpt() {}

    /**
     * A line of the spec.
     *
     * @param isFalse whether what it says did not hold
     */
    record Line(int number, String text, boolean isFalse) {}

    /** The action of that name, with the comment above it; none if the module has no such action. */
    static List<Line> of(String module, String action, Reason reason) {
        List<String> source = SpecEvaluator.source(module);
        int start = start(source, action);
        List<Line> lines = new ArrayList<>();
        if (start < 0) {
            return lines;
        }
        int first = start;
        while (first > 0 && source.get(first - 1).startsWith("\\*")) {
            first--;
        }
        FalseGuard guard = reason.falseGuard();
        for (int k = first; k < source.size() && !source.get(k).isBlank(); k++) {
            String text = source.get(k);
            boolean isGuard = guard != null && guard.location().startsWith(module + ".tla:" + (k + 1) + ":");
            boolean differs = k >= start && reason.differences().stream().anyMatch(each -> says(source, text, each));
            lines.add(new Line(k + 1, text, isGuard || differs));
        }
        return lines;
    }

    private static int start(List<String> source, String operator) {
        for (int k = 0; k < source.size(); k++) {
            if (source.get(k).startsWith(operator + "(")) {
                return k;
            }
        }
        return -1;
    }

    /** Whether a line says what a field becomes, itself or by an operator that does. */
    private static boolean says(List<String> source, String line, Difference difference) {
        String field = difference.field();
        if (field.startsWith("sent.")) {
            return Pattern.compile("\\b" + Pattern.quote(field.substring(5)) + "\\s*\\|->")
                    .matcher(line)
                    .find();
        }
        String name = field.replaceFirst("[.\\[].*", "");
        if (line.contains(name + "'")) {
            return true;
        }
        for (String operator : List.of("BecomeFollower", "AdoptTerm", "BecomeLeader")) {
            if (line.contains(operator + "(") && body(source, operator).contains(name + "'")) {
                return true;
            }
        }
        return false;
    }

    private static String body(List<String> source, String operator) {
        int start = start(source, operator);
        StringBuilder body = new StringBuilder();
        for (int k = start; k >= 0 && k < source.size() && !source.get(k).isBlank(); k++) {
            body.append(source.get(k)).append('\n');
        }
        return body.toString();
    }
}
