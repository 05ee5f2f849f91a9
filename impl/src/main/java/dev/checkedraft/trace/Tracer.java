package dev.checkedraft.trace;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Turns what one server does into trace events: one for an input it handled, then one for each AppendEntries it sends. To
 * be called when the {@link Ready} has been persisted and before its messages leave, so that what a crash undoes is never
 * in the trace, and what another server may answer always is.
 */
public final class Tracer {
    private final String node;
    private final List<String> peers;
    private final TraceSink sink;

    /** The state as of the last event: what the trace's reader knows. */
    private Observed last;

    private record Observed(
            long currentTerm,
            @Nullable String votedFor,
            String role,
            long commitIndex,
            List<String> votesGranted,
            List<String> votesRefused,
            List<Long> matchIndex) {}

    /** Traces a server that has never run. */
    public Tracer(String node, List<String> peers, TraceSink sink) {
        this(node, peers, 0, sink);
    }

    /** Traces a server that begins in a term, without a vote. */
    public Tracer(String node, List<String> peers, long term, TraceSink sink) {
        this(
                node,
                peers,
                new Observed(
                        term,
                        null,
                        "Follower",
                        0,
                        List.of(),
                        List.of(),
                        peers.stream().map(peer -> 0L).toList()),
                sink);
    }

    private Tracer(String node, List<String> peers, Observed last, TraceSink sink) {
        this.node = node;
        this.peers = List.copyOf(peers);
        this.last = last;
        this.sink = sink;
    }

    /** Goes on with the trace of a server that ran before: its first event, the restart, tells all of its state but the log. */
    public static Tracer goOn(String node, List<String> peers, TraceSink sink) {
        Observed unlikeAny = new Observed(
                -1,
                "",
                "",
                -1,
                List.of(""),
                List.of(""),
                peers.stream().map(peer -> -1L).toList());
        return new Tracer(node, peers, unlikeAny, sink);
    }

    /** The node handled an input. */
    public void handled(RaftNode after, @Nullable Message message, @Nullable String value, Ready ready) {
        Action action = ready.action();
        if (action != null) {
            Map<String, Object> msg = message == null ? null : fields(message);
            emit(action, msg, sentBy(ready), value, changes(after, ready.log()));
        }
        for (Message sent : ready.messages()) {
            if (sent instanceof AppendEntries) {
                emit(Action.SEND_APPEND_ENTRIES, fields(sent), null, null, Map.of());
            }
        }
    }

    /** The node crashed and was restarted from its durable state. */
    public void restarted(RaftNode after) {
        emit(Action.RESTART, null, null, null, changes(after, null));
    }

    private void emit(
            Action action,
            @Nullable Map<String, Object> msg,
            @Nullable Map<String, Object> sent,
            @Nullable String value,
            Map<String, Object> state) {
        sink.accept(new TraceEvent(action, node, msg, sent, value, state));
    }

    private Map<String, Object> changes(RaftNode after, @Nullable LogChange log) {
        Observed now = observe(after);
        Map<String, Object> changes = new LinkedHashMap<>();
        if (now.currentTerm != last.currentTerm) {
            changes.put("currentTerm", now.currentTerm);
        }
        if (!Optional.ofNullable(now.votedFor).equals(Optional.ofNullable(last.votedFor))) {
            changes.put("votedFor", Optional.ofNullable(now.votedFor));
        }
        if (!now.role.equals(last.role)) {
            changes.put("role", now.role);
        }
        if (now.commitIndex != last.commitIndex) {
            changes.put("commitIndex", now.commitIndex);
        }
        if (!now.votesGranted.equals(last.votesGranted)) {
            changes.put("votesGranted", now.votesGranted);
        }
        if (!now.votesRefused.equals(last.votesRefused)) {
            changes.put("votesRefused", now.votesRefused);
        }
        if (!now.matchIndex.equals(last.matchIndex)) {
            Map<String, Long> changed = new LinkedHashMap<>();
            for (int k = 0; k < peers.size(); k++) {
                if (!now.matchIndex.get(k).equals(last.matchIndex.get(k))) {
                    changed.put(peers.get(k), now.matchIndex.get(k));
                }
            }
            changes.put("matchIndex", changed);
        }
        if (log != null) {
            changes.put("log", log);
        }
        last = now;
        return changes;
    }

    private Observed observe(RaftNode node) {
        return new Observed(
                node.currentTerm(),
                node.votedFor(),
                node.role(),
                node.commitIndex(),
                node.votesGranted(),
                node.votesRefused(),
                peers.stream().map(node::matchIndex).toList());
    }

    /** What the messages of this action, but for its AppendEntries, have in common. */
    private static @Nullable Map<String, Object> sentBy(Ready ready) {
        for (Message message : ready.messages()) {
            if (!(message instanceof AppendEntries)) {
                return common(message);
            }
        }
        return null;
    }

    /** What a message has in common with the others that its action sends. */
    static Map<String, Object> common(Message message) {
        Map<String, Object> common = fields(message);
        common.remove("type");
        common.remove("from");
        common.remove("to");
        return common;
    }

    /** A message by its fields' names in the spec. */
    public static Map<String, Object> fields(Message message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", message.type());
        fields.put("term", message.term());
        fields.put("from", message.from());
        fields.put("to", message.to());
        if (message instanceof RequestVote m) {
            fields.put("lastLogIndex", m.lastLogIndex());
            fields.put("lastLogTerm", m.lastLogTerm());
        } else if (message instanceof RequestVoteResponse m) {
            fields.put("voteGranted", m.voteGranted());
        } else if (message instanceof AppendEntries m) {
            fields.put("prevLogIndex", m.prevLogIndex());
            fields.put("prevLogTerm", m.prevLogTerm());
            fields.put("entries", m.entries());
            fields.put("leaderCommit", m.leaderCommit());
        } else if (message instanceof AppendEntriesResponse m) {
            fields.put("success", m.success());
            fields.put("matchIndex", m.matchIndex());
        }
        return fields;
    }
}
