package dev.checkedraft.picture;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Text as it may stand in a page, whatever it is. */
final class Html {
    private static final byte[] LESS = "\\u003c".getBytes(StandardCharsets.US_ASCII);

    private Html() {}

    /** Text for between tags and for within quoted attributes. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\ufffd' : c);
            }
        }
        return out.toString();
    }

    /** A stream for JSON within a script element, which ends at the first {@code </script}. Closing it leaves {@code out} open. */
    static OutputStream json(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int b) throws IOException {
                if (b == '<') { // in JSON it stands in strings only
                    out.write(LESS);
                } else {
                    out.write(b);
                }
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }
}
