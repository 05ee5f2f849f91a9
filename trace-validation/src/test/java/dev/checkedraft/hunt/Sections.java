package dev.checkedraft.hunt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The parts of a page that tests write: between a comment that begins one and a comment that ends it. */
public final class Sections {
    private Sections() {}

    /** The text of a section. */
    public static String read(Path page, String section) throws IOException {
        String text = Files.readString(page);
        String begin = "<!-- begin " + section + " -->\n";
        int from = text.indexOf(begin);
        int to = text.indexOf("<!-- end " + section + " -->");
        if (from < 0 || to < from) {
            throw new IOException(page + " has no section " + section);
        }
        return text.substring(from + begin.length(), to).strip();
    }

    /** Puts a text in the place of a section; the page must have it. */
    public static void write(Path page, String section, String text) throws IOException {
        String begin = "<!-- begin " + section + " -->\n";
        String end = "<!-- end " + section + " -->";
        String old = Files.readString(page);
        int from = old.indexOf(begin);
        int to = old.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException(page + " has no section " + section);
        }
        Files.writeString(
                page, old.substring(0, from + begin.length()) + "\n" + text.strip() + "\n\n" + old.substring(to));
    }
}
