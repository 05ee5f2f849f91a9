package dev.checkedraft.hunt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A way to get Raft wrong.
 *
 * @param id what it is called
 * @param what what is wrong, in a line
 * @param breaks the properties it breaks, as abbreviated in the catalogue
 * @param edits what makes the core wrong in this way
 */
record Bug(String id, String what, String breaks, List<Edit> edits) {
    /** In a file of the core, one text in place of another that occurs exactly once. */
    record Edit(String file, String find, String replace) {
        String apply(String text) {
            int at = text.indexOf(find);
            if (find.isEmpty() || at < 0 || text.indexOf(find, at + 1) >= 0) {
                throw new IllegalArgumentException(file + " does not hold exactly once: "
                        + find.lines().findFirst().orElse(""));
            }
            return text.substring(0, at) + replace + text.substring(at + find.length());
        }
    }

    /** The catalogue: what is known to go wrong. */
    static List<Bug> catalogue() throws IOException {
        return read("/bugs.json");
    }

    /** Bugs of kinds that the catalogue does not have. */
    static List<Bug> invented() throws IOException {
        return read("/bugs-invented.json");
    }

    /** Bugs that only a late message shows, or one that this core's own peers do not send. */
    static List<Bug> late() throws IOException {
        return read("/bugs-late.json");
    }

    /** Whether it breaks more than liveness. */
    boolean isUnsafe() {
        return !breaks.equals("LIVE only");
    }

    private static List<Bug> read(String resource) throws IOException {
        try (InputStream in = Bug.class.getResourceAsStream(resource);
                JsonParser parser = new JsonFactory().createParser(in)) {
            List<Bug> bugs = new ArrayList<>();
            expect(parser, JsonToken.START_OBJECT);
            expect(parser, JsonToken.FIELD_NAME);
            expect(parser, JsonToken.START_ARRAY);
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                bugs.add(bug(parser));
            }
            return bugs;
        }
    }

    private static Bug bug(JsonParser parser) throws IOException {
        String id = field(parser, "id");
        String what = field(parser, "what");
        String breaks = field(parser, "breaks");
        List<Edit> edits = new ArrayList<>();
        expect(parser, JsonToken.FIELD_NAME);
        expect(parser, JsonToken.START_ARRAY);
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            edits.add(new Edit(field(parser, "file"), field(parser, "find"), field(parser, "replace")));
            expect(parser, JsonToken.END_OBJECT);
        }
        expect(parser, JsonToken.END_OBJECT);
        return new Bug(id, what, breaks, edits);
    }

    private static String field(JsonParser parser, String name) throws IOException {
        expect(parser, JsonToken.FIELD_NAME);
        if (!parser.currentName().equals(name)) {
            throw new IOException(parser.currentLocation() + ": \"" + name + "\" is to come here");
        }
        expect(parser, JsonToken.VALUE_STRING);
        return parser.getText();
    }

    private static void expect(JsonParser parser, JsonToken token) throws IOException {
        if (parser.nextToken() != token) {
            throw new IOException(parser.currentLocation() + ": expected " + token);
        }
    }
}
