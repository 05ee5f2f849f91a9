package dev.checkedraft.spec.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts together the messages that TLC prints with {@code -tool}: each between two marker lines, with a number that says
 * what it is about and a class. A message may stand inside another, and what prints without markers (the parser, the
 * spec's own Print) comes between them.
 */
final class ToolReader {
    private static final Pattern START = Pattern.compile("^(.*)@!@!@STARTMSG (-?\\d+):(\\d+) @!@!@\\s*$");
    private static final Pattern END = Pattern.compile("^@!@!@ENDMSG (-?\\d+) @!@!@\\s*$");

    /** The number that {@link Message#code()} has for a line outside all messages. */
    static final int PLAIN = -1;

    /**
     * One message.
     *
     * @param code TLC's number for it (tlc2.output.EC), or {@link #PLAIN}
     * @param kind 0 information, 1 error, 2 bug in TLC, 3 warning, 4 state
     * @param text without the markers, and without the text of messages inside it
     */
    record Message(int code, int kind, String text) {
        boolean isError() {
            return kind == 1 || kind == 2;
        }
    }

    private record Open(int code, int kind, StringBuilder text) {}

    private final Consumer<Message> sink;
    private final Deque<Open> open = new ArrayDeque<>();

    ToolReader(Consumer<Message> sink) {
        this.sink = sink;
    }

    /** Takes the next line of output, without its line end. */
    void line(String line) {
        Matcher start = START.matcher(line);
        if (start.matches()) {
            String before = group(start, 1);
            if (!before.isBlank()) {
                plain(before);
            }
            open.push(new Open(
                    Integer.parseInt(group(start, 2)), Integer.parseInt(group(start, 3)), new StringBuilder()));
        } else if (END.matcher(line).matches() && !open.isEmpty()) {
            close(open.pop());
        } else {
            plain(line);
        }
    }

    /** Hands over what was cut short: TLC was ended in the middle of a message. */
    void end() {
        while (!open.isEmpty()) {
            close(open.pop());
        }
    }

    private void plain(String line) {
        Open innermost = open.peek();
        if (innermost == null) {
            sink.accept(new Message(PLAIN, 0, line));
        } else {
            innermost.text().append(line).append('\n');
        }
    }

    private void close(Open message) {
        sink.accept(new Message(
                message.code(), message.kind(), message.text().toString().stripTrailing()));
    }

    private static String group(Matcher matcher, int group) {
        String text = matcher.group(group);
        return text == null ? "" : text;
    }
}
