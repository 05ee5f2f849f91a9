package dev.checkedraft.server;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** A node's counters, as Prometheus reads them. */
public final class Metrics {
    final LongAdder turns = new LongAdder();
    final LongAdder transactions = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder dropped = new LongAdder();
    private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> answered = new ConcurrentHashMap<>();

    /** Something from outside was refused, for a reason of one word. */
    void refused(String reason) {
        refused.computeIfAbsent(reason, name -> new LongAdder()).increment();
    }

    void answered(int status) {
        answered.computeIfAbsent(String.valueOf(status), name -> new LongAdder())
                .increment();
    }

    /** How often something was refused for that reason. */
    public long refusals(String reason) {
        LongAdder count = refused.get(reason);
        return count == null ? 0 : count.sum();
    }

    /** In Prometheus's text format. */
    String text(Status status) {
        StringBuilder text = new StringBuilder();
        gauge(text, "raft_term", "the current term", status.term());
        gauge(text, "raft_is_leader", "1 if the node leads", status.role().equals("Leader") ? 1 : 0);
        gauge(text, "raft_commit_index", "entries known to be committed", status.commitIndex());
        gauge(text, "raft_last_index", "entries in the log", status.lastIndex());
        gauge(text, "raft_keys", "keys in the state machine", status.keys());
        gauge(text, "raft_sessions", "sessions of clients", status.sessions());
        counter(text, "raft_turns_total", "turns of the loop", turns);
        counter(text, "raft_transactions_total", "transactions of the store", transactions);
        counter(text, "raft_messages_sent_total", "messages sent to peers", sent);
        counter(text, "raft_messages_received_total", "messages from peers", received);
        counter(text, "raft_messages_dropped_total", "messages to or from peers that had no room", dropped);
        labelled(text, "raft_refused_total", "what was refused, by reason", "reason", refused);
        labelled(text, "raft_http_answers_total", "answers to clients, by status", "status", answered);
        return text.toString();
    }

    private static void gauge(StringBuilder text, String name, String help, long value) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void counter(StringBuilder text, String name, String help, LongAdder value) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" counter\n");
        text.append(name).append(' ').append(value.sum()).append('\n');
    }

    private static void labelled(
            StringBuilder text, String name, String help, String label, Map<String, LongAdder> values) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" counter\n");
        new TreeMap<>(values)
                .forEach((key, value) -> text.append(name)
                        .append('{')
                        .append(label)
                        .append("=\"")
                        .append(key)
                        .append("\"} ")
                        .append(value.sum())
                        .append('\n'));
    }
}
