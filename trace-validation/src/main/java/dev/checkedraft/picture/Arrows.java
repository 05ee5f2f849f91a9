package dev.checkedraft.picture;

import dev.checkedraft.trace.TraceAction;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Finds for each message that was handled the event that sent it. Of several that fit, as equal heartbeats do, the one sent
 * last that no event handled so far is taken; if all were handled, the one sent last was handled again.
 */
final class Arrows {
    /** How many messages of a type, from one server to another, are kept for a receipt. */
    private static final int NEAR = 2_000;

    private static final List<String> ENVELOPE = List.of("type", "from", "to");

    private final Map<String, Integer> lanes;
    private final Map<Channel, Deque<Sent>> channels = new LinkedHashMap<>();
    private final List<Sent> sent = new ArrayList<>();
    private final List<Arrow> arrows = new ArrayList<>();

    private record Channel(String type, String from, String to) {}

    private static final class Sent {
        final int event;
        final Channel channel;
        Map<String, Object> fields;
        boolean handled;

        Sent(int event, Channel channel, Map<String, Object> fields) {
            this.event = event;
            this.channel = channel;
            this.fields = fields;
        }
    }

    Arrows(Map<String, Integer> lanes) {
        this.lanes = lanes;
    }

    /** Takes the next event: what it handled, then what it sent. */
    void add(int number, TraceEvent event) {
        Map<String, Object> msg = event.msg();
        TraceAction action = event.action();
        if (action.isSend()) {
            TraceMessage type = action.told();
            if (msg != null && type != null && msg.get("to") instanceof String to) {
                send(number, type, event.node(), to, msg);
            }
            return;
        }
        if (msg != null && msg.get("from") instanceof String from) {
            TraceMessage told = action.told();
            String type = told == null ? String.valueOf(msg.get("type")) : told.label();
            handle(number, new Channel(type, from, event.node()), msg);
        }
        TraceMessage sends = action.sends();
        if (sends == null) {
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        if (event.state().get("currentTerm") instanceof Long term) {
            fields.put("term", term);
        }
        if (event.sent() != null) {
            fields.putAll(event.sent());
        }
        if (action == TraceAction.START_ELECTION) {
            for (String other : lanes.keySet()) {
                if (!other.equals(event.node())) {
                    send(number, sends, event.node(), other, fields);
                }
            }
        } else if (msg != null && msg.get("from") instanceof String asked) {
            send(number, sends, event.node(), asked, fields);
        }
    }

    private void send(int number, TraceMessage type, String from, String to, Map<String, Object> fields) {
        Channel channel = new Channel(type.label(), from, to);
        Sent message = new Sent(number, channel, fields);
        sent.add(message);
        Deque<Sent> recent = channels.computeIfAbsent(channel, unused -> new ArrayDeque<>());
        recent.addFirst(message);
        if (recent.size() > NEAR) {
            recent.removeLast().fields = Map.of();
        }
    }

    private void handle(int number, Channel channel, Map<String, Object> told) {
        Sent best = null;
        Deque<Sent> recent = channels.get(channel);
        if (recent != null) {
            for (Iterator<Sent> each = recent.iterator(); each.hasNext() && (best == null || best.handled); ) {
                Sent message = each.next();
                if ((best == null || !message.handled) && fits(message.fields, told)) {
                    best = message;
                }
            }
        }
        arrows.add(arrow(best == null ? Arrow.NONE : best.event, number, channel, best != null && best.handled));
        if (best != null) {
            best.handled = true;
        }
    }

    private static boolean fits(Map<String, Object> sent, Map<String, Object> told) {
        for (Map.Entry<String, Object> field : told.entrySet()) {
            @Nullable Object other = sent.get(field.getKey());
            if (other != null
                    && other.getClass() == field.getValue().getClass()
                    && !ENVELOPE.contains(field.getKey())
                    && !other.equals(field.getValue())) {
                return false;
            }
        }
        return true;
    }

    private Arrow arrow(int from, int to, Channel channel, boolean again) {
        return new Arrow(from, to, lane(channel.from), lane(channel.to), channel.type, again);
    }

    private int lane(String server) {
        return lanes.getOrDefault(server, 0);
    }

    /** All arrows in the order of their first events; what no event handled ends nowhere. */
    List<Arrow> all() {
        List<Arrow> all = new ArrayList<>(arrows);
        for (Sent message : sent) {
            if (!message.handled) {
                all.add(arrow(message.event, Arrow.NONE, message.channel, false));
            }
        }
        all.sort(Comparator.comparingInt(Arrow::first));
        return all;
    }
}
