package dev.checkedraft.picture;

import dev.checkedraft.core.Action;
import dev.checkedraft.picture.Row.ServerState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Draws rows as SVG: a lane a server, time downwards, messages as arrows, the decisive event in a frame. */
final class Diagram {
    private static final int ROW = 24;
    private static final int LANE = 150;
    private static final int LEFT = 90;
    private static final int TOP = 40;

    /** The room for what is said of an event. */
    private static final int WORDS = 480;

    private final List<String> servers;
    private final Map<String, ServerState> before;
    private final List<Row> rows;
    private final long decisive;
    private final Map<Long, Integer> places = new HashMap<>();
    private final StringBuilder out = new StringBuilder();

    /** @param before the servers before the first of the rows */
    Diagram(List<String> servers, Map<String, ServerState> before, List<Row> rows, long decisive) {
        this.servers = servers;
        this.before = before;
        this.rows = rows;
        this.decisive = decisive;
        for (int k = 0; k < rows.size(); k++) {
            places.put(rows.get(k).number(), k);
        }
    }

    String svg() {
        int width = LEFT + LANE * servers.size() + WORDS;
        int height = TOP + ROW * (rows.size() + 1);
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"group\""
                        + " aria-label=\"The events of the run, time downwards\">\n",
                width, height, width, height);
        lanes();
        messages();
        rows.forEach(this::event);
        out.append("</svg>\n");
        return out.toString();
    }

    private static int x(int lane) {
        return LEFT + LANE / 2 + LANE * lane;
    }

    private static int y(int place) {
        return TOP + ROW / 2 + ROW * place;
    }

    private void lanes() {
        for (int lane = 0; lane < servers.size(); lane++) {
            String server = servers.get(lane);
            ServerState state = before.getOrDefault(server, ServerState.INITIAL);
            add("<text class=\"server\" x=\"%d\" y=\"16\">%s</text>\n", x(lane), Html.text(server));
            add(
                    "<text class=\"term\" x=\"%d\" y=\"32\">%s, term %d</text>\n",
                    x(lane), Html.text(state.role()), state.term());
            int from = TOP;
            for (int k = 0; k < rows.size(); k++) {
                Row row = rows.get(k);
                boolean restarts = row.event().action().is(Action.RESTART);
                if (row.lane() == lane && (restarts || !row.after().role().equals(state.role()))) {
                    lane(lane, from, y(k) - (restarts ? 9 : 0), state);
                    from = y(k);
                }
                state = row.lane() == lane ? row.after() : state;
            }
            lane(lane, from, y(rows.size()) - ROW / 2, state);
        }
    }

    private void lane(int lane, int from, int to, ServerState state) {
        add(
                "<rect class=\"lane %s\" x=\"%d\" y=\"%d\" width=\"8\" height=\"%d\"/>\n",
                Html.text(state.role()), x(lane) - 4, from, Math.max(0, to - from));
    }

    // ------------------------------------------------------------------------------------------------------ messages

    private void messages() {
        Set<List<Object>> arrived = new HashSet<>();
        for (int k = 0; k < rows.size(); k++) {
            Row row = rows.get(k);
            Integer start = places.get(row.source());
            if (row.source() > 0) {
                arrived.add(List.of(row.source(), row.lane()));
            }
            if (start != null) {
                Row sender = rows.get(start);
                int towards = row.lane() > sender.lane() ? -8 : 8;
                add(
                        "<line class=\"message %s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" marker-end=\"url(#tip)\"/>\n",
                        sender.event().action().label(), x(sender.lane()), y(start), x(row.lane()) + towards, y(k));
            }
        }
        for (int k = 0; k < rows.size(); k++) {
            for (int to : receivers(rows.get(k))) {
                if (!arrived.contains(List.<Object>of(rows.get(k).number(), to))) {
                    int from = x(rows.get(k).lane());
                    int end = from + (to > rows.get(k).lane() ? 45 : -45);
                    add("<line class=\"lost\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", from, y(k), end, y(k) + 8);
                    add("<text class=\"cross\" x=\"%d\" y=\"%d\">×</text>\n", end, y(k) + 13);
                }
            }
        }
    }

    /** The lanes to which an event sent a message. */
    private List<Integer> receivers(Row row) {
        List<Integer> lanes = new ArrayList<>();
        if (row.event().action().is(Action.START_ELECTION)) {
            for (int lane = 0; lane < servers.size(); lane++) {
                if (lane != row.lane()) {
                    lanes.add(lane);
                }
            }
            return lanes;
        }
        Map<String, Object> msg = row.event().msg();
        Object to = msg == null
                ? null
                : row.event().action().isSend() ? msg.get("to") : row.event().sent() == null ? null : msg.get("from");
        if (to instanceof String server) {
            lanes.add(servers.indexOf(server));
        }
        return lanes;
    }

    // -------------------------------------------------------------------------------------------------------- events

    private void event(Row row) {
        int y = y(places.getOrDefault(row.number(), 0));
        ServerState after = row.after();
        add(
                "<g id=\"e%d\" class=\"event%s%s\"><title>%s</title>",
                row.number(),
                row.number() == decisive ? " decisive" : "",
                row.marks().isEmpty() ? "" : " marked",
                Html.text(told(row)));
        add(
                "<rect class=\"row\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
                y - ROW / 2, LEFT + LANE * servers.size() + WORDS, ROW);
        add(
                "<a href=\"#e%d\"><text class=\"number\" x=\"8\" y=\"%d\">e%d</text></a>",
                row.number(), y + 4, row.number());
        add("<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"6\"/>", Html.text(after.role()), x(row.lane()), y);
        add("<text class=\"term\" x=\"%d\" y=\"%d\">%d</text>", x(row.lane()) + 12, y - 4, after.term());
        add(
                "<text class=\"what\" x=\"%d\" y=\"%d\">%s%s</text></g>\n",
                LEFT + LANE * servers.size() + 8,
                y + 4,
                row.event().action().label(),
                row.marks().isEmpty() ? "" : ": " + Html.text(String.join(", ", row.marks())));
    }

    /** All that is to be told of an event, in lines: what a pointer on it shows, and a screen reader reads. */
    private static String told(Row row) {
        ServerState after = row.after();
        StringBuilder told = new StringBuilder()
                .append(row.event().node())
                .append(' ')
                .append(row.event().action().label())
                .append("\nafter it: ")
                .append(after.role())
                .append(", term ")
                .append(after.term())
                .append(", commit ")
                .append(after.commitIndex())
                .append(", log of ")
                .append(after.length());
        if (row.event().msg() != null) {
            told.append("\nmessage: ").append(row.event().msg());
        }
        if (row.event().sent() != null) {
            told.append("\nsent: ").append(row.event().sent());
        }
        if (row.event().value() != null) {
            told.append("\nvalue: ").append(row.event().value());
        }
        if (!row.event().state().isEmpty()) {
            told.append("\nchanged: ").append(row.event().state());
        }
        String text = told.toString();
        return text.length() <= 2_000 ? text : text.substring(0, 2_000) + "...";
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
