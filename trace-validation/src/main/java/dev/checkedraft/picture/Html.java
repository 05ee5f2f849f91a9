package dev.checkedraft.picture;

/** Text in a page. Nothing of a trace gets into one but through here. */
final class Html {
    private Html() {}

    /** A text as an element or an attribute has it; what XML cannot have is a question mark. */
    static String text(Object any) {
        StringBuilder escaped = new StringBuilder();
        String.valueOf(any).codePoints().forEach(c -> {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '@' -> escaped.append("&#64;"); // a text is no place in page.html
                default -> escaped.appendCodePoint(isAllowed(c) ? c : '?');
            }
        });
        return escaped.toString();
    }

    private static boolean isAllowed(int c) {
        return c == '\n'
                || c == '\t'
                || (c >= 0x20 && c < 0x7f)
                || (c >= 0xa0 && c < 0xd800)
                || (c >= 0xe000 && c < 0xfffe)
                || c >= 0x10000;
    }
}
