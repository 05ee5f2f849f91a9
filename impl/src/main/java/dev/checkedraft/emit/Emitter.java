package dev.checkedraft.emit;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.trace.StateFields;
import dev.checkedraft.trace.TraceAction;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceMessage;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Tells what one server of any Raft does. For each input its owner calls {@code begin}, says what the server stores and
 * sends, and what its state is then, and calls {@code end}. The emitter works out the event and what changed. It lets
 * the messages leave when the event is written, and knows what a crash loses.
 *
 * <pre>{@code
 * emitter.begin(MessageFields.appendEntries(...));
 * emitter.appended(entries);                               // as the server stores them
 * emitter.flushed();
 * emitter.send(MessageFields.appendEntriesResponse(...), () -> network.send(answer));
 * emitter.state(new StateFields().currentTerm(3).votedFor("b").role("Follower").commitIndex(7));
 * emitter.end();
 * }</pre>
 *
 * <p>An emitter is used in one thread at a time. Several may share a sink: a step is written in one piece.
 */
public final class Emitter {
    private static final String TERM = "currentTerm";
    private static final String VOTE = "votedFor";
    private static final String ROLE = "role";
    private static final String COMMIT = "commitIndex";
    private static final String MATCH = "matchIndex";
    private static final String LOG = "log";

    private static final StateFields BEGINNING = new StateFields()
            .currentTerm(0)
            .votedFor(null)
            .role("Follower")
            .commitIndex(0)
            .votesGranted(List.of())
            .votesRefused(List.of())
            .matchIndex(Map.of());

    private final String node;
    private final Set<String> observes;
    private final TraceSink sink;
    private final ToldLog log = new ToldLog();

    /** The state as of the last event, as far as the trace tells it; {@code matchIndex} without its zeros. */
    private final Map<String, Object> last = BEGINNING.map();

    private long lastStored = 0;

    // Of the step under way.
    private boolean open = false;
    private @Nullable MessageFields input = null;
    private @Nullable Map<String, Object> now = null;
    private final List<Held> held = new ArrayList<>();

    /** The term and the vote that the disk got; null if it got none. */
    private @Nullable HardState persisted = null;

    private record Held(MessageFields message, Runnable leave) {}

    /** An emitter for a server that has never run, or begins as the header's {@code initial} says. */
    public Emitter(String node, TraceHeader header, TraceSink sink) {
        if (!header.servers().contains(node)) {
            throw new IllegalArgumentException(node + " is none of the header's servers " + header.servers());
        }
        this.node = node;
        this.observes = header.observes();
        this.sink = sink;
        Map<String, Object> initial = header.initial().getOrDefault(node, Map.of());
        initial.forEach((field, value) -> {
            if (!field.equals(LOG)) {
                last.put(field, value);
            }
        });
        Object begins = initial.get(LOG);
        if (begins instanceof LogChange whole) {
            log.append(whole.entries());
        } else if (begins != null) {
            throw new IllegalArgumentException("the log at the start must be told with its entries, not as " + begins);
        }
        log.flush();
        log.tell(log.length());
        lastStored = log.stored();
    }

    // -------------------------------------------------------------------------------- what the server stores, as it
    // does so

    /** The server appended these entries to its log. */
    public void appended(List<Entry> entries) {
        log.append(entries);
    }

    /** The server removed the entry at this index and all after it. */
    public void truncated(long from) {
        log.truncate(from);
    }

    /** The server's log is this, for a server that does not say what it appends; takes time with the log's length. */
    public void log(List<Entry> whole) {
        log.become(whole);
    }

    /** The server's disk has its log as it is now. */
    public void flushed() {
        log.flush();
    }

    /** The server's disk has this term and this vote, null if it gave none. */
    public void persisted(long term, @Nullable String vote) {
        persisted = new HardState(term, vote);
    }

    /** The server begins to handle an input that is no message of a trace: a timer, a proposal, a task of its own. */
    public void begin() {
        if (open) {
            throw new IllegalStateException(node + " begins a step within another: call end() after each");
        }
        open = true;
    }

    /** The server begins to handle a message. */
    public void begin(MessageFields message) {
        begin();
        input = message;
    }

    /** The server sends a message; {@code leave} sends it, and runs in {@link #end()}, when the event is written. */
    public void send(MessageFields message, Runnable leave) {
        if (!open) {
            throw new IllegalStateException(node + " sends outside a step: call begin() first");
        }
        held.add(new Held(message, leave));
    }

    /**
     * The server's state after the step, as it is; without the log, which has calls of its own. What the header lists
     * under {@code observes} and is not given counts as unknown after this step.
     */
    public void state(StateFields fields) {
        now = whole(fields);
    }

    /** The step is done. What the server did is worked out from its input and from what changed. */
    public void end() {
        end(null);
    }

    /** The step is done. What the server did is this, or, if it is null, worked out. */
    public void end(@Nullable TraceAction action) {
        Map<String, Object> after = now;
        if (!open || after == null) {
            throw new IllegalStateException(node + " ends a step without begin() or state()");
        }
        TraceAction did = action == null ? worksOut(after) : action;
        List<TraceEvent> events = did == null ? new ArrayList<>() : events(did, after);
        for (Held message : held) {
            if (message.message.kind() == TraceMessage.APPEND_ENTRIES) {
                events.add(sends(TraceAction.SEND_APPEND_ENTRIES, message.message, after));
            } else if (message.message.kind() == TraceMessage.HEARTBEAT) {
                events.add(sends(TraceAction.SEND_HEARTBEAT, message.message, after));
            }
        }
        List<Held> leaving = List.copyOf(held);
        close();
        write(events);
        leaving.forEach(message -> message.leave.run());
    }

    private void close() {
        open = false;
        input = null;
        now = null;
        persisted = null;
        held.clear();
    }

    private void write(List<TraceEvent> events) {
        synchronized (sink) {
            events.forEach(sink::accept);
        }
    }

    // ------------------------------------------------------------------------------------------------ crash and
    // restart

    /**
     * The server crashed, within a step or not. What it was about to send is not sent. What it has made durable of the
     * step is told as that step, without an answer; the rest of what it knew is unknown.
     */
    public void crash() {
        MessageFields handled = input;
        HardState hardState = persisted;
        long term = hardState == null ? number(last, TERM) : hardState.currentTerm();
        Object vote = hardState == null ? last.get(VOTE) : Optional.ofNullable(hardState.votedFor());
        boolean voted = term != number(last, TERM) || (vote != null && !vote.equals(last.get(VOTE)));
        boolean stored = log.diskHasUntold();
        held.clear();
        log.crash();
        if (open && (stored || voted)) {
            TraceAction did = handled != null ? handles(handled.kind()) : null;
            if (handled == null && stored && role(last).equals("Leader")) {
                did = TraceAction.PROPOSE;
            } else if (handled == null
                    && term == number(last, TERM) + 1
                    && Optional.of(node).equals(vote)) {
                did = TraceAction.START_ELECTION;
            }
            if (did != null) {
                Map<String, Object> after = new LinkedHashMap<>();
                after.put(TERM, term);
                if (vote != null) {
                    after.put(VOTE, vote);
                }
                write(events(did, after));
            }
        }
        close();
    }

    /** The server is up again, with this state, and with the log that its disk had. */
    public void restarted(StateFields fields) {
        crash();
        write(List.of(event(TraceAction.RESTART, null, null, whole(fields))));
    }

    // ------------------------------------------------------------------------------------------------------ events

    /** What the server did; null if nothing that a trace tells. */
    private @Nullable TraceAction worksOut(Map<String, Object> after) {
        boolean changed = !log.isTold() || isStoredNew() || !changes(after).isEmpty();
        MessageFields handled = input;
        if (handled != null) {
            TraceAction handles = handles(handled.kind());
            TraceMessage answer = handles.sends();
            return answer != null && !changed && sent(handles) == null ? TraceAction.IGNORE : handles;
        }
        if (!changed) {
            return null;
        }
        boolean sameTerm = number(after, TERM) == number(last, TERM);
        String was = role(last);
        String is = role(after);
        if (!sameTerm) {
            return is.equals("Follower") ? TraceAction.IGNORE : TraceAction.START_ELECTION;
        } else if (!was.equals(is)) {
            return is.equals("Follower")
                    ? TraceAction.STEP_DOWN
                    : is.equals("Leader") ? TraceAction.LEAD : TraceAction.IGNORE;
        } else if (is.equals("Leader") && !log.isTold()) {
            return TraceAction.PROPOSE;
        } else if (number(after, COMMIT) != number(last, COMMIT)) {
            return TraceAction.ADVANCE_COMMIT_INDEX;
        }
        // Where no action changes what changed, the server was looked at: whoever judges the trace will see what it is.
        return isStoredNew() && log.isTold() && changes(after).isEmpty() ? TraceAction.FLUSH : TraceAction.IGNORE;
    }

    private static TraceAction handles(TraceMessage kind) {
        return switch (kind) {
            case REQUEST_VOTE -> TraceAction.HANDLE_REQUEST_VOTE;
            case REQUEST_VOTE_RESPONSE -> TraceAction.HANDLE_REQUEST_VOTE_RESPONSE;
            case APPEND_ENTRIES -> TraceAction.HANDLE_APPEND_ENTRIES;
            case APPEND_ENTRIES_RESPONSE -> TraceAction.HANDLE_APPEND_ENTRIES_RESPONSE;
            case HEARTBEAT -> TraceAction.HANDLE_HEARTBEAT;
        };
    }

    /** What the messages that the action itself sends have in common; null if it sends none. */
    private @Nullable Map<String, Object> sent(TraceAction action) {
        for (Held message : held) {
            if (message.message.kind() == action.sends()) {
                return message.message.common();
            }
        }
        return null;
    }

    /** What the server did, as one event; or, of proposals, as one for each entry, with the state in the last. */
    private List<TraceEvent> events(TraceAction did, Map<String, Object> after) {
        List<TraceEvent> events = new ArrayList<>();
        String value = null;
        if (did == TraceAction.PROPOSE && log.told() < log.length()) {
            for (int index = log.told() + 1; index < log.length(); index++) {
                LogChange change = log.tell(index);
                Map<String, Object> state = change == null ? Map.of() : Map.of(LOG, change);
                events.add(new TraceEvent(did, node, null, null, log.at(index).value(), state));
            }
            value = log.at(log.length()).value();
        }
        events.add(event(did, value, sent(did), after));
        return events;
    }

    private TraceEvent event(
            TraceAction action, @Nullable String value, @Nullable Map<String, Object> sent, Map<String, Object> after) {
        Map<String, Object> state = changes(after);
        LogChange change = log.tell(log.length());
        if (change != null) {
            state.put(LOG, change);
        }
        if (isStoredNew()) {
            lastStored = log.stored();
            state.put(TraceEvent.STORED, lastStored);
        }
        last.clear();
        last.putAll(after);
        MessageFields handled = input;
        boolean tellsInput = handled != null
                && (action == TraceAction.IGNORE || (action.told() == handled.kind() && !action.isSend()));
        Map<String, Object> msg = tellsInput && handled != null ? handled.map() : null;
        return new TraceEvent(action, node, msg, sent, value, state, unknown(after));
    }

    private TraceEvent sends(TraceAction action, MessageFields message, Map<String, Object> after) {
        return new TraceEvent(action, node, message.map(), null, null, Map.of(), unknown(after));
    }

    private boolean isStoredNew() {
        return observes.contains(TraceEvent.STORED) && log.stored() != lastStored;
    }

    /** What is not as it was, in the order in which it is written; without the log. */
    private Map<String, Object> changes(Map<String, Object> after) {
        Map<String, Object> changes = new LinkedHashMap<>();
        for (String field : TraceEvent.STATE_FIELDS) {
            Object is = after.get(field);
            Object was = last.get(field);
            if (is == null || is.equals(was)) {
                continue;
            }
            changes.put(field, field.equals(MATCH) ? changedIndexes(indexes(is), indexes(was)) : is);
        }
        return changes;
    }

    private static Map<String, Long> changedIndexes(Map<String, Long> is, Map<String, Long> was) {
        Map<String, Long> changed = new LinkedHashMap<>();
        is.forEach((server, index) -> {
            if (!index.equals(was.getOrDefault(server, 0L))) {
                changed.put(server, index);
            }
        });
        was.keySet().stream().filter(server -> !is.containsKey(server)).forEach(server -> changed.put(server, 0L));
        return changed;
    }

    /** Indexes by server, without the zeros. */
    private static Map<String, Long> indexes(@Nullable Object value) {
        Map<String, Long> indexes = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((server, index) -> {
                if (index instanceof Long number && number != 0) {
                    indexes.put(String.valueOf(server), number);
                }
            });
        }
        return indexes;
    }

    private Set<String> unknown(Map<String, Object> after) {
        Set<String> unknown = new TreeSet<>(observes);
        unknown.removeAll(after.keySet());
        unknown.removeAll(List.of(LOG, TraceEvent.STORED));
        return unknown;
    }

    private static Map<String, Object> whole(StateFields fields) {
        Map<String, Object> whole = fields.map();
        if (whole.containsKey(LOG)) {
            throw new IllegalArgumentException("the log is told by appended(), truncated() or log(), not in the state");
        }
        whole.computeIfPresent(MATCH, (field, indexes) -> indexes(indexes));
        return whole;
    }

    private static long number(Map<String, Object> state, String field) {
        return state.get(field) instanceof Long number ? number : 0;
    }

    private static String role(Map<String, Object> state) {
        return state.get(ROLE) instanceof String role ? role : "Follower";
    }
}
