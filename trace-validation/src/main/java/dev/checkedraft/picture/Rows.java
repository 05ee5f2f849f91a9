package dev.checkedraft.picture;

import dev.checkedraft.core.LogChange;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceAction;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes rows of events. Holds of each server what its last event left, as far as it was told. */
final class Rows {
    /** The most of a value that a row shows. */
    private static final int SHORT = 24;

    private final Map<String, Integer> lanes;
    private final List<Server> servers = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    private static final class Server {
        String role = "Follower";
        long term;
        long commit;
        long length;
    }

    Rows(TraceHeader header, Map<String, Integer> lanes) {
        this.lanes = lanes;
        for (String name : header.servers()) {
            Server server = new Server();
            take(server, header.initial().getOrDefault(name, Map.of()), new ArrayList<>());
            servers.add(server);
        }
    }

    /** Takes the next event, with marks that its state does not tell. */
    void add(TraceEvent event, List<Mark> told) {
        int lane = lanes.getOrDefault(event.node(), 0);
        Server server = servers.get(lane);
        List<Mark> marks = new ArrayList<>(told);
        TraceAction action = event.action();
        if (action == TraceAction.RESTART) {
            marks.add(new Mark(Mark.Kind.CRASH, "crash and restart"));
            server.role = "Follower";
            server.commit = 0;
        } else if (action == TraceAction.START_ELECTION) {
            server.role = "Candidate";
        }
        take(server, event.state(), marks);
        if (action.raft() == null && marks.stream().noneMatch(mark -> mark.kind() == Mark.Kind.CHOICE)) {
            marks.add(new Mark(Mark.Kind.CHOICE, "a step of AnyRaft.tla alone"));
        }
        rows.add(new Row(lane, action.label(), words(event), server.role, server.term, List.copyOf(marks)));
    }

    private static void take(Server server, Map<String, Object> state, List<Mark> marks) {
        if (state.get("currentTerm") instanceof Long term) {
            server.term = term;
        }
        if (state.get("role") instanceof String role) {
            if (role.equals("Leader") && !server.role.equals("Leader")) {
                marks.add(new Mark(Mark.Kind.ELECTED, "elected leader of term " + server.term));
            }
            server.role = role;
        }
        if (state.get("log") instanceof LogChange log) {
            if (log.from() <= server.length) {
                marks.add(new Mark(Mark.Kind.CUT, "log cut from index " + log.from()));
            }
            server.length = log.from() - 1 + log.entries().size();
        } else if (state.get("log") instanceof LogSize log) {
            if (log.length() < server.length) {
                marks.add(new Mark(Mark.Kind.CUT, "log cut to " + log.length()));
            }
            server.length = log.length();
        }
        if (state.get("commitIndex") instanceof Long commit) {
            if (commit > server.commit) {
                marks.add(new Mark(Mark.Kind.COMMIT, "commits up to " + commit));
            }
            server.commit = commit;
        }
    }

    private static String words(TraceEvent event) {
        if (event.value() != null) {
            String value = event.value();
            boolean all = value.codePointCount(0, value.length()) <= SHORT;
            return all ? value : value.substring(0, value.offsetByCodePoints(0, SHORT)) + "…";
        }
        Map<String, Object> msg = event.msg();
        if (msg == null) {
            return "";
        }
        Object other = msg.get(event.action().isSend() ? "to" : "from");
        return other == null ? "" : (event.action().isSend() ? "to " : "from ") + other;
    }

    List<Row> all() {
        return rows;
    }
}
