package dev.checkedraft.picture;

import dev.checkedraft.explain.Difference;
import dev.checkedraft.explain.Explanation;
import dev.checkedraft.explain.Reason;
import dev.checkedraft.picture.Row.ServerState;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.report.TraceReport;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A trace and the verdict on it as one HTML page, which needs no network and no scripts. */
public final class RunPage {
    /** So many events are drawn: those before the decisive one, or the first of a trace that has none. */
    public static final int MOST_EVENTS = 2_000;

    /** So many are drawn after the decisive one. */
    private static final int AFTER = 20;

    private RunPage() {}

    /** The page of a trace, which is read anew, and what was said of it. */
    public static String of(TraceReader trace, Verdict verdict, TraceReport report) throws IOException {
        long decisive = decisiveLine(verdict) - 1;
        long last = decisive > 0 ? decisive + AFTER : MOST_EVENTS;
        List<String> servers = trace.header().servers();
        RunFold fold = new RunFold(trace.header());
        Map<String, ServerState> before = new LinkedHashMap<>();
        servers.forEach(server -> before.put(server, fold.state(server)));
        Deque<Row> rows = new ArrayDeque<>();
        for (TraceEvent event = trace.next(); event != null; event = trace.next()) {
            rows.addLast(fold.next(event));
            if (rows.size() > MOST_EVENTS) {
                Row dropped = rows.removeFirst();
                before.put(dropped.event().node(), dropped.after());
            }
            if (rows.getLast().number() == last) {
                break;
            }
        }
        String drawn = rows.isEmpty()
                ? "There is no event to draw."
                : "Drawn: events " + rows.getFirst().number() + " to "
                        + rows.getLast().number() + ".";
        String diagram = new Diagram(servers, before, new ArrayList<>(rows), decisive).svg();
        return text("page.html")
                .replace("@STYLE@", text("page.css"))
                .replace("@TITLE@", Html.text(report.name()))
                .replace("@KIND@", report.kind().name().toLowerCase(Locale.ROOT))
                .replace("@LINE@", Html.text(report.line()))
                .replace(
                        "@LINK@",
                        decisive > 0 ? "<a href=\"#e" + decisive + "\">Go to event e" + decisive + "</a>" : "")
                .replace("@DRAWN@", drawn)
                .replace("@FINDING@", finding(verdict, report))
                .replace("@DIAGRAM@", diagram);
    }

    private static long decisiveLine(Verdict verdict) {
        if (verdict instanceof Verdict.Diverged diverged) {
            return diverged.divergence().where().line();
        } else if (verdict instanceof Verdict.Unsafe unsafe) {
            return unsafe.where().line();
        }
        return verdict instanceof Verdict.Undecided open ? open.where().line() : 0;
    }

    private static String finding(Verdict verdict, TraceReport report) {
        if (!(verdict instanceof Verdict.Diverged diverged)) {
            return "";
        }
        Explanation why = Explanation.of(diverged.divergence());
        Reason reason = why.reasons().get(0);
        StringBuilder out = new StringBuilder("<section aria-labelledby=\"why\"><h2 id=\"why\">Why</h2>\n");
        if (!reason.differences().isEmpty()) {
            out.append("<table><tr><th>field</th><th>what the spec has</th><th>what the trace tells</th></tr>\n");
            for (Difference difference : reason.differences()) {
                row(out, difference.field(), difference.spec(), difference.trace());
            }
            out.append("</table>\n");
        }
        out.append("<pre class=\"why\">")
                .append(Html.text(report.explained(false)))
                .append("</pre>\n");
        String action = diverged.divergence().event().action().label();
        String module = diverged.divergence().event().action().raft() == null ? "AnyRaft" : "Raft";
        out.append("<h3>").append(action).append(" of ").append(module).append(".tla</h3>\n<pre class=\"spec\">");
        for (SpecExcerpt.Line line : SpecExcerpt.of(module, action, reason)) {
            String text = String.format(Locale.ROOT, "%4d  %s", line.number(), line.text());
            out.append(line.isFalse() ? "<mark>" + Html.text(text) + "</mark>" : Html.text(text))
                    .append('\n');
        }
        return out.append("</pre></section>\n").toString();
    }

    private static void row(StringBuilder out, String... cells) {
        out.append("<tr>");
        for (String cell : cells) {
            out.append("<td>").append(Html.text(cell)).append("</td>");
        }
        out.append("</tr>\n");
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = RunPage.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("not on the class path: " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
