package dev.checkedraft.smt;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SMT-LIB as text: a word, or a list. */
public sealed interface SExpression {
    record Word(String text) implements SExpression {}

    record Group(List<SExpression> parts) implements SExpression {
        String head() {
            return !parts.isEmpty() && parts.get(0) instanceof Word word ? word.text() : "";
        }

        SExpression part(int k) {
            return parts.get(k);
        }
    }

    Pattern TOKEN = Pattern.compile(";[^\n]*|\\s+|[()]|\\|[^|]*\\||[^\\s()|;]+");

    /** All that the text has. */
    static List<SExpression> read(String text) {
        List<List<SExpression>> open = new ArrayList<>();
        open.add(new ArrayList<>());
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            String word = token.group();
            if (word.equals("(")) {
                open.add(new ArrayList<>());
            } else if (word.equals(")")) {
                SExpression done = new Group(List.copyOf(open.remove(open.size() - 1)));
                open.get(open.size() - 1).add(done);
            } else if (!word.startsWith(";") && !word.isBlank()) {
                open.get(open.size() - 1)
                        .add(new Word(word.startsWith("|") ? word.substring(1, word.length() - 1) : word));
            }
        }
        if (open.size() != 1) {
            throw new IllegalArgumentException("a parenthesis is missing");
        }
        return open.get(0);
    }
}
