package dev.checkedraft.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A stretch of the picture as SVG, which needs no script. The page's script draws the same, and only what is on the screen. */
final class Drawing {
    private static final int ROW = 24;
    private static final int LANE = 100;
    private static final int HEAD = 40;

    /** How wide a letter is at most, nearly; and the bounds of the column with the rows' text. */
    private static final double LETTER = 7.4;

    private static final int NARROWEST = 300;
    private static final int WIDEST = 960;

    private final List<String> names;
    private final List<Row> rows;
    private final List<Arrow> arrows;
    private final StringBuilder svg = new StringBuilder();

    private final List<Long> terms;
    private final int text;

    Drawing(Picture picture) {
        names = picture.header.servers();
        rows = picture.rows;
        arrows = picture.arrows;
        terms = names.stream().map(picture::firstTerm).toList();
        text = textWidth(names, rows);
    }

    /** How wide the column with the rows' text is. */
    static int textWidth(List<String> names, List<Row> rows) {
        int letters = 0;
        for (Row row : rows) {
            int all = 10
                    + names.get(row.lane()).length()
                    + row.action().length()
                    + row.words().length();
            for (Mark mark : row.marks()) {
                all += 1 + mark.words().length();
            }
            letters = Math.max(letters, all);
        }
        return (int) Math.min(WIDEST, Math.max(NARROWEST, letters * LETTER));
    }

    /** The events from one number to before another. */
    String stretch(int from, int to, String title) {
        svg.setLength(0);
        int width = text + names.size() * LANE + 40;
        int height = HEAD + (to - from) * ROW + ROW;
        add(
                "<svg class=\"picture\" role=\"img\" aria-label=\"%s\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
                Html.escape(title), width, height, width, height);
        for (int lane = 0; lane < names.size(); lane++) {
            add("<text class=\"name\" x=\"%d\" y=\"20\">%s</text>\n", x(lane), Html.escape(names.get(lane)));
            lane(lane, from, to);
        }
        for (Arrow arrow : arrows) {
            if (arrow.first() < to && arrow.last() >= from) {
                arrow(arrow, from, to);
            }
        }
        for (int number = from; number < to; number++) {
            row(number, from);
        }
        return svg.append("</svg>\n").toString();
    }

    private int x(int lane) {
        return text + lane * LANE + LANE / 2;
    }

    private static int y(int number, int from) {
        return HEAD + (number - from) * ROW + ROW / 2;
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private void lane(int lane, int from, int to) {
        List<Integer> mine = new ArrayList<>();
        Row before = null;
        for (int number = 0; number < to; number++) {
            Row row = rows.get(number);
            if (row.lane() == lane && number < from) {
                before = row;
            } else if (row.lane() == lane) {
                mine.add(number);
            }
        }
        int top = HEAD - 6;
        String role = before == null ? "Follower" : before.role();
        long term = before == null ? terms.get(lane) : before.term();
        label(lane, top, role, term);
        for (int number : mine) {
            Row row = rows.get(number);
            boolean crash = row.has(Mark.Kind.CRASH);
            if (crash || !row.role().equals(role) || row.term() != term) {
                segment(lane, role, top, y(number, from) - (crash ? ROW : 0));
                top = y(number, from);
                role = row.role();
                term = row.term();
                label(lane, top, role, term);
            }
        }
        segment(lane, role, top, HEAD + (to - from) * ROW);
    }

    private void segment(int lane, String role, int top, int bottom) {
        if (bottom > top) {
            add(
                    "<line class=\"lane %s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
                    Html.escape(role), x(lane), top, x(lane), bottom);
        }
    }

    private void label(int lane, int y, String role, long term) {
        add(
                "<text class=\"role %s\" x=\"%d\" y=\"%d\">%s %d</text>\n",
                Html.escape(role), x(lane) + 8, y + 4, Html.escape(role), term);
    }

    private void arrow(Arrow arrow, int from, int to) {
        int x1 = x(arrow.fromLane());
        int x2 = x(arrow.toLane());
        String type = arrow.type() + (arrow.again() ? " again" : "");
        if (arrow.from() == Arrow.NONE) {
            int near = x2 + (x1 - x2) / 3;
            line(type + " untold", near, y(arrow.to(), from) - ROW / 2, x2, y(arrow.to(), from));
        } else if (arrow.to() == Arrow.NONE) {
            int end = x1 + (x2 - x1) * 2 / 5;
            int y = y(arrow.from(), from) + ROW / 2;
            line(type + " lost", x1, y(arrow.from(), from), end, y);
            add("<path class=\"cross\" d=\"M%d %dl8 8m0 -8l-8 8\"/>\n", end - 4, y - 4);
        } else {
            // What begins or ends outside is cut at the edge, so that it keeps its slope.
            double slope = (double) (x2 - x1) / (arrow.to() - arrow.from());
            int top = Math.max(arrow.from(), from - 1);
            int bottom = Math.min(arrow.to(), to);
            line(
                    type + (bottom < arrow.to() ? " goes-on" : ""),
                    (int) Math.round(x1 + slope * (top - arrow.from())),
                    y(top, from),
                    (int) Math.round(x1 + slope * (bottom - arrow.from())),
                    y(bottom, from));
        }
    }

    private void line(String type, int x1, int y1, int x2, int y2) {
        add("<line class=\"arrow %s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", Html.escape(type), x1, y1, x2, y2);
    }

    private void row(int number, int from) {
        Row row = rows.get(number);
        int y = y(number, from);
        if (row.has(Mark.Kind.DECISIVE)) {
            add("<rect class=\"decisive\" x=\"0\" y=\"%d\" width=\"100%%\" height=\"%d\"/>\n", y - ROW / 2, ROW);
        }
        StringBuilder marks = new StringBuilder();
        for (Mark mark : row.marks()) {
            marks.append(" <tspan class=\"").append(mark.kind().label).append("\">");
            marks.append(Html.escape(mark.words())).append("</tspan>");
        }
        add("<g class=\"row\"><circle class=\"event %s\" cx=\"%d\" cy=\"%d\" r=\"5\"/>", row.role(), x(row.lane()), y);
        add(
                "<text x=\"4\" y=\"%d\"><tspan class=\"number\">%d</tspan> %s %s <tspan class=\"words\">%s</tspan>%s</text></g>\n",
                y + 4,
                number + 1,
                Html.escape(names.get(row.lane())),
                Html.escape(row.action()),
                Html.escape(row.words()),
                marks);
    }
}
