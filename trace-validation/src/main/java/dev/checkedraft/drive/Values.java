package dev.checkedraft.drive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients propose. A schedule has words: {@code v7} stands for itself, and {@code v7+quotes} for v7 and characters that a
 * port may lose on the way.
 */
public final class Values {
    private static final Map<String, String> ODD = new LinkedHashMap<>();

    static {
        ODD.put("unicode", " \u00e9 \u03bb \u65e5\u672c \ud834\udd1e \ud83d\ude00");
        ODD.put("quotes", " \" ' ` \\ \\\" \\n ${x} %s </x>");
        ODD.put("lines", "\n second\r\n\tthird\n");
        ODD.put("controls", "\u0000\u0001\u001b\u007f\u0085\u2028\ufeff");
        ODD.put("blanks", "  \u00a0 ");
        ODD.put("long", "xxxxxxxx\u65e5".repeat(9_000));
    }

    /** The kinds of odd values that may come often. */
    public static final List<String> OFTEN = List.of("unicode", "quotes", "lines", "controls", "blanks");

    private Values() {}

    /** What a word of a schedule stands for. */
    static String text(String word) {
        int plus = word.indexOf('+');
        String odd = plus < 0 ? null : ODD.get(word.substring(plus + 1));
        return odd == null ? word : word.substring(0, plus) + odd;
    }
}
