package dev.checkedraft.spec.value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Reads values as TLC prints them, on one line or many. */
final class TlaParser {
    /** An interval that TLC left unevaluated is spelled out up to this many elements. */
    private static final int MAX_INTERVAL = 10_000;

    private final String text;
    private int at;

    private TlaParser(String text) {
        this.text = text;
    }

    /**
     * Reads all of {@code text} as one value.
     *
     * @throws IllegalArgumentException if it is none; says where
     */
    static TlaValue parse(String text) {
        TlaParser parser = new TlaParser(text);
        TlaValue value = parser.value();
        parser.skipSpace();
        if (parser.at < text.length()) {
            throw parser.expected("the end");
        }
        return value;
    }

    private TlaValue value() {
        skipSpace();
        if (at >= text.length()) {
            throw expected("a value");
        }
        char c = text.charAt(at);
        if (c == '"') {
            return new TlaValue.Str(string());
        } else if (c == '{') {
            return new TlaValue.Set(new LinkedHashSet<>(list("{", "}")));
        } else if (text.startsWith("<<", at)) {
            return new TlaValue.Tuple(list("<<", ">>"));
        } else if (c == '[') {
            return record();
        } else if (c == '(') {
            return function();
        } else if (c == '-' || isDigit(c)) {
            return number();
        } else if (isNameChar(c)) {
            String name = name();
            return switch (name) {
                case "TRUE" -> new TlaValue.Bool(true);
                case "FALSE" -> new TlaValue.Bool(false);
                default -> new TlaValue.Atom(name);
            };
        }
        throw expected("a value");
    }

    private List<TlaValue> list(String open, String close) {
        take(open);
        List<TlaValue> elements = new ArrayList<>();
        if (takeIf(close)) {
            return elements;
        }
        do {
            elements.add(value());
        } while (takeIf(","));
        take(close);
        return elements;
    }

    private TlaValue record() {
        take("[");
        Map<String, TlaValue> fields = new LinkedHashMap<>();
        do {
            skipSpace();
            String name = name();
            take("|->");
            fields.put(name, value());
        } while (takeIf(","));
        take("]");
        return new TlaValue.Struct(fields);
    }

    private TlaValue function() {
        take("(");
        Map<TlaValue, TlaValue> values = new LinkedHashMap<>();
        do {
            TlaValue argument = value();
            take(":>");
            values.put(argument, value());
        } while (takeIf("@@"));
        take(")");
        return new TlaValue.Function(values);
    }

    /** An integer, or an interval of them, which is a set. */
    private TlaValue number() {
        int low = integer();
        if (!takeIf("..")) {
            return new TlaValue.Int(low);
        }
        skipSpace();
        int high = integer();
        if ((long) high - low >= MAX_INTERVAL) {
            throw expected("a smaller interval");
        }
        LinkedHashSet<TlaValue> elements = new LinkedHashSet<>();
        for (int i = low; i <= high; i++) {
            elements.add(new TlaValue.Int(i));
        }
        return new TlaValue.Set(elements);
    }

    private int integer() {
        int start = at;
        if (at < text.length() && text.charAt(at) == '-') {
            at++;
        }
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        try {
            return Integer.parseInt(text.substring(start, at));
        } catch (NumberFormatException e) {
            at = start;
            throw expected("an integer");
        }
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return string.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                c = switch (text.charAt(at)) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    case 'f' -> '\f';
                    default -> text.charAt(at);
                };
            }
            string.append(c);
        }
        throw expected("a closing quote");
    }

    private String name() {
        int start = at;
        while (at < text.length() && isNameChar(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw expected("a name");
        }
        return text.substring(start, at);
    }

    private void take(String token) {
        if (!takeIf(token)) {
            throw expected(token);
        }
    }

    private boolean takeIf(String token) {
        skipSpace();
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException expected(String what) {
        return new IllegalArgumentException("expected " + what + " at offset " + at + " of: " + text);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameChar(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
