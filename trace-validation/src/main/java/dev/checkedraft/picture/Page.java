package dev.checkedraft.picture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.checkedraft.explain.Explanation;
import dev.checkedraft.explain.FalseGuard;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.trace.TraceWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The HTML of a picture: picture.html with its places filled. What fills one is not searched for others. */
final class Page {
    /** How many events the first drawing has, and how many that of the event that decided. */
    static final int STRETCH = 60;

    private static final Pattern PLACE = Pattern.compile("@@");
    private static final JsonFactory JSON = new JsonFactory();

    private final Picture picture;
    private final Drawing drawing;

    Page(Picture picture) {
        this.picture = picture;
        drawing = new Drawing(picture);
    }

    void writeTo(OutputStream out) throws IOException {
        for (String piece : PLACE.split(SpecText.resource("picture.html"), -1)) {
            switch (piece) {
                case "TITLE" -> text(out, Html.escape(title()));
                case "STYLE" -> text(out, SpecText.resource("picture.css"));
                case "VERDICT" -> text(out, verdict());
                case "SPEC" -> text(out, spec());
                case "STATIC" -> text(out, drawings());
                case "DATA" -> data(out);
                case "TRACE" -> trace(out);
                case "MODEL" -> text(out, SpecText.resource("model.js"));
                case "VIEW" -> text(out, SpecText.resource("view.js"));
                default -> text(out, piece);
            }
        }
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String title() {
        return picture.trace.getFileName() + ": " + picture.report.kind().name().toLowerCase(Locale.ROOT);
    }

    private String verdict() {
        List<String> lines = picture.report.explained(false).lines().toList();
        StringBuilder html = new StringBuilder("<p class=\"headline\">");
        html.append(Html.escape(lines.isEmpty() ? title() : lines.get(0))).append("</p>\n");
        if (lines.size() > 1) {
            html.append("<ul>\n");
            for (String line : lines.subList(1, lines.size())) {
                html.append("<li>").append(Html.escape(line.strip())).append("</li>\n");
            }
            html.append("</ul>\n");
        }
        picture.verdict
                .evidence()
                .choices()
                .forEach((what, choice) -> html.append("<p class=\"choice\">choice: ")
                        .append(Html.escape(what + ": " + choice.count() + ", first at line "
                                + choice.first().line()))
                        .append("</p>\n"));
        if (!picture.leftOut.isEmpty()) {
            html.append("<p>").append(Html.escape(picture.leftOut)).append("</p>\n");
        }
        return html.toString();
    }

    /** The action of the event that diverged, with the condition that was false. */
    private String spec() throws IOException {
        if (!(picture.verdict instanceof Verdict.Diverged diverged)) {
            return "";
        }
        String action = diverged.divergence().event().action().label();
        SpecText spec = SpecText.of(action);
        if (spec == null) {
            return "";
        }
        FalseGuard guard =
                Explanation.of(diverged.divergence()).reasons().get(0).falseGuard();
        StringBuilder html = new StringBuilder("<h2>" + action + " in Raft.tla</h2>\n");
        html.append("<pre tabindex=\"0\" aria-label=\"The action in Raft.tla\">");
        for (int k = 0; k < spec.lines().size(); k++) {
            String line = String.format(Locale.ROOT, "%4d  ", spec.first() + k)
                    + Html.escape(spec.lines().get(k));
            if (guard != null && guard.location().startsWith("Raft.tla:" + (spec.first() + k) + ":")) {
                line = "<mark>" + line + "</mark>  <em>is false: " + Html.escape(values(guard)) + "</em>";
            }
            html.append(line).append('\n');
        }
        return html.append("</pre>\n").toString();
    }

    private static String values(FalseGuard guard) {
        return guard.values().entrySet().stream()
                .map(value -> value.getKey() + " = " + value.getValue())
                .collect(Collectors.joining(", "));
    }

    private String drawings() {
        int events = picture.rows.size();
        int first = Math.min(events, STRETCH);
        StringBuilder html = new StringBuilder();
        int decisive = picture.decisive;
        if (decisive != Arrow.NONE) {
            int from = Math.max(0, decisive - STRETCH * 2 / 3);
            figure(html, from, Math.min(events, from + STRETCH), "Around event " + (decisive + 1));
            if (from == 0) {
                return html.toString();
            }
        }
        figure(html, 0, first, first == events ? "All events" : "The first " + first + " of " + events + " events");
        return html.toString();
    }

    private void figure(StringBuilder html, int from, int to, String title) {
        html.append("<figure><figcaption>").append(Html.escape(title)).append("</figcaption>\n");
        html.append(drawing.stretch(from, to, title)).append("</figure>\n");
    }

    /** What the script draws: rows and arrows, as lists of values. */
    private void data(OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(Html.json(out))) {
            json.writeStartObject();
            json.writeNumberField("decisive", picture.decisive);
            json.writeNumberField("textWidth", Drawing.textWidth(picture.header.servers(), picture.rows));
            json.writeArrayFieldStart("rows");
            for (Row row : picture.rows) {
                json.writeStartArray();
                json.writeNumber(row.lane());
                json.writeString(row.action());
                json.writeString(row.words());
                json.writeString(row.role());
                json.writeNumber(row.term());
                for (Mark mark : row.marks()) {
                    json.writeString(mark.kind().label);
                    json.writeString(mark.words());
                }
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("arrows");
            for (Arrow arrow : picture.arrows) {
                json.writeStartArray();
                json.writeNumber(arrow.from());
                json.writeNumber(arrow.to());
                json.writeNumber(arrow.fromLane());
                json.writeNumber(arrow.toLane());
                json.writeString(arrow.type());
                json.writeNumber(arrow.again() ? 1 : 0);
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /** The trace itself, as far as it is drawn. */
    private void trace(OutputStream out) throws IOException {
        try (TraceReader reader = TraceReader.open(picture.trace);
                TraceWriter writer = new TraceWriter(Html.json(out), reader.header())) {
            for (int number = 0; number < picture.rows.size(); number++) {
                @Nullable TraceEvent event = reader.next();
                if (event == null) {
                    throw new IOException(picture.trace + ": became shorter while it was drawn");
                }
                writer.accept(event);
            }
        }
    }
}
