package dev.checkedraft.tlc;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.MessageKind;
import dev.checkedraft.trace.TraceAction;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceMessage;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.Value;

/** What an event reports, as values of TLC. It is made of the event and its cluster's names alone, in whichever thread. */
public final class EventValues {
    public final TraceEvent event;
    public final Value node;

    /** The node's place in the header. */
    public final int place;

    /** What is known of the message that was handled; null if the event is no handler's. */
    public final @Nullable PackedMessage handled;

    /** What the messages sent have in common, as far as it is known; null if the trace does not tell of any. */
    public final @Nullable PackedMessage sent;

    /** The message of a SendAppendEntries, if the whole of it is known; else null. */
    final @Nullable PackedMessage wholeSend;

    /** The value proposed; null if the event is no Propose, or one of the spec's own no-op, which no client proposes. */
    public final @Nullable Value proposed;

    /** The variable {@code event} of RaftTrace.tla, where that has to say which arguments the action may have had. */
    final Value value;

    /** The state fields, by their place in {@link TraceEvent#STATE_FIELDS}; null where one is not reported. */
    public final @Nullable Value[] state;

    public EventValues(TraceEvent event, TlcValues cluster) {
        this.event = event;
        place = cluster.place(event.node());
        node = cluster.name(event.node());
        PackedMessage.Kind kind = handledBy(event);
        handled = kind == null ? null : cluster.pattern(kind, event.msg()).to(place);
        TraceMessage told = event.action().told();
        TraceMessage sends = event.action().sends();
        if (event.action().isSend() && told != null) {
            sent = cluster.pattern(PackedMessage.Kind.of(told), event.msg());
        } else if (sends != null && event.sent() != null) {
            sent = cluster.pattern(PackedMessage.Kind.of(sends), event.sent());
        } else {
            sent = null;
        }
        wholeSend = event.action().is(Action.SEND_APPEND_ENTRIES) && sent != null && sent.isComplete() ? sent : null;
        String client = event.value();
        proposed = client == null || client.equals(Entry.NO_OP) ? null : Entries.text(client);
        boolean isTold = wholeSend != null || proposed != null;
        value = !isTold
                        && (event.action().is(Action.SEND_APPEND_ENTRIES)
                                || event.action().is(Action.PROPOSE))
                ? cluster.event(event, SetEnumValue.EmptySet, true)
                : SpecEvaluator.NO_EVENT;
        state = cluster.state(event.state());
    }

    /** Whether the event is a send that may have been one of several, since its message is not told in full. */
    public boolean isOpenSend() {
        return event.action().is(Action.SEND_APPEND_ENTRIES) && wholeSend == null;
    }

    /** The kind of message that an event handles; null if none. */
    private static PackedMessage.@Nullable Kind handledBy(TraceEvent event) {
        Map<String, Object> msg = event.msg();
        TraceMessage kind = event.action() == TraceAction.IGNORE && msg != null
                ? TraceMessage.named(String.valueOf(msg.get("type")))
                : event.action().told();
        return kind == null || event.action().isSend() ? null : PackedMessage.Kind.of(kind);
    }

    /** The kind of message that an action of Raft.tla handles; null if none. */
    public static PackedMessage.@Nullable Kind handledBy(Action action) {
        MessageKind handles = action.handles();
        return handles == null ? null : PackedMessage.Kind.of(TraceMessage.of(handles));
    }
}
