package dev.checkedraft.picture;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.picture.Row.ServerState;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Takes a trace's events in turn and makes rows of them: what each server is after them, and where each message came from. */
final class RunFold {
    /** Of one kind from one server to another, so many of the messages sent last are remembered. */
    private static final int REMEMBERED = 512;

    private final List<String> servers;
    private final Map<String, ServerState> states = new HashMap<>();
    private final Map<String, Deque<Sent>> sends = new HashMap<>();
    private long number = 0;

    private record Sent(long number, Map<String, Object> fields) {}

    RunFold(TraceHeader header) {
        servers = header.servers();
        for (String server : servers) {
            Map<String, Object> initial = header.initial().getOrDefault(server, Map.of());
            states.put(server, told(ServerState.INITIAL, initial));
        }
    }

    /** What is known of a server after the events so far. */
    ServerState state(String server) {
        return states.getOrDefault(server, ServerState.INITIAL);
    }

    Row next(TraceEvent event) {
        number++;
        ServerState before = state(event.node());
        ServerState restarted = event.action().is(Action.RESTART)
                ? new ServerState(before.term(), "Follower", before.commitIndex(), before.length())
                : before;
        ServerState after = told(restarted, event.state());
        states.put(event.node(), after);
        long source = event.action().isSend() ? 0 : source(event);
        send(event);
        return new Row(number, event, servers.indexOf(event.node()), after, source, marks(event, before, after));
    }

    private static ServerState told(ServerState before, Map<String, Object> state) {
        long length = before.length();
        Object log = state.get("log");
        if (log instanceof LogChange change) {
            length = change.from() - 1 + change.entries().size();
        } else if (log instanceof LogSize size) {
            length = size.length();
        }
        Object role = state.get("role");
        return new ServerState(
                number(state, "currentTerm", before.term()),
                role == null ? before.role() : role.toString(),
                number(state, "commitIndex", before.commitIndex()),
                length);
    }

    private static long number(Map<String, Object> fields, String field, long otherwise) {
        return fields.get(field) instanceof Long value ? value : otherwise;
    }

    private static List<String> marks(TraceEvent event, ServerState before, ServerState after) {
        List<String> marks = new ArrayList<>();
        if (event.action().is(Action.RESTART)) {
            marks.add("crashes and restarts");
        }
        if (after.role().equals("Leader") && !before.role().equals("Leader")) {
            marks.add("leads term " + after.term());
        }
        if (event.state().get("log") instanceof LogChange change && change.from() <= before.length()) {
            marks.add("truncates its log from " + change.from());
        }
        if (after.commitIndex() > before.commitIndex()) {
            marks.add("commits up to " + after.commitIndex());
        }
        return marks;
    }

    // ------------------------------------------------------------------------------------------------------ messages

    private void send(TraceEvent event) {
        if (event.action().isSend()) {
            Map<String, Object> msg = event.msg();
            if (msg != null && msg.get("to") instanceof String to) {
                send(event.action().told(), event.node(), to, msg);
            }
            return;
        }
        Map<String, Object> fields = event.sent() == null ? Map.of() : event.sent();
        if (event.action().is(Action.START_ELECTION)) {
            for (String server : servers) {
                if (!server.equals(event.node())) {
                    send(event.action().sends(), event.node(), server, fields);
                }
            }
        } else if (event.sent() != null && event.msg() != null && event.msg().get("from") instanceof String to) {
            send(event.action().sends(), event.node(), to, fields);
        }
    }

    private void send(@Nullable TraceMessage kind, String from, String to, Map<String, Object> fields) {
        if (kind == null) {
            return;
        }
        Deque<Sent> all = sends.computeIfAbsent(kind.label() + " " + from + " " + to, key -> new ArrayDeque<>());
        all.addLast(new Sent(number, fields));
        if (all.size() > REMEMBERED) {
            all.removeFirst();
        }
    }

    /** The event that sent what this one handled, the latest if there are several; 0 if there is none. */
    private long source(TraceEvent event) {
        Map<String, Object> msg = event.msg();
        if (msg == null) {
            return 0;
        }
        TraceMessage told = event.action().told();
        Object type = told == null ? msg.get("type") : told.label();
        Deque<Sent> all = sends.get(type + " " + msg.get("from") + " " + event.node());
        if (all == null) {
            return 0;
        }
        for (Iterator<Sent> latest = all.descendingIterator(); latest.hasNext(); ) {
            Sent sent = latest.next();
            if (agree(sent.fields, msg)) {
                return sent.number;
            }
        }
        return 0;
    }

    private static boolean agree(Map<String, Object> sent, Map<String, Object> handled) {
        Set<String> both = new HashSet<>(sent.keySet());
        both.retainAll(handled.keySet());
        both.removeAll(Set.of("type", "from", "to"));
        return both.stream()
                .allMatch(field -> String.valueOf(sent.get(field)).equals(String.valueOf(handled.get(field))));
    }
}
