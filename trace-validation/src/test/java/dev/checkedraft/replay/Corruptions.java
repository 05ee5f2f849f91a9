package dev.checkedraft.replay;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Changes one thing in a trace. */
public final class Corruptions {
    /** What was changed: {@code state.role}, {@code msg.term}, {@code removed}, {@code swapped} and so on. */
    public record Corrupted(List<TraceEvent> events, int index, String what) {}

    private final Random random;

    public Corruptions(long seed) {
        random = new Random(seed);
    }

    public Corrupted corrupt(List<TraceEvent> events) {
        while (true) {
            int index = random.nextInt(events.size());
            TraceEvent event = events.get(index);
            List<TraceEvent> changed = new ArrayList<>(events);
            switch (random.nextInt(6)) {
                case 0 -> {
                    changed.remove(index);
                    return new Corrupted(changed, index, "removed");
                }
                case 1 -> {
                    int next = index + 1;
                    while (next < events.size() && !events.get(next).node().equals(event.node())) {
                        next++;
                    }
                    if (next < events.size() && !events.get(next).equals(event)) {
                        changed.set(index, events.get(next));
                        changed.set(next, event);
                        return new Corrupted(changed, index, "swapped");
                    }
                }
                case 2 -> {
                    if (event.msg() != null) {
                        Map<String, Object> msg = new LinkedHashMap<>(event.msg());
                        String field = change(msg, List.of("type", "from", "to"));
                        changed.set(index, with(event, msg, event.sent(), event.state()));
                        return new Corrupted(changed, index, "msg." + field);
                    }
                }
                case 3 -> {
                    if (event.sent() != null) {
                        Map<String, Object> sent = new LinkedHashMap<>(event.sent());
                        String field = change(sent, List.of());
                        changed.set(index, with(event, event.msg(), sent, event.state()));
                        return new Corrupted(changed, index, "sent." + field);
                    }
                }
                default -> {
                    if (!event.state().isEmpty()) {
                        Map<String, Object> state = new LinkedHashMap<>(event.state());
                        String field = change(state, List.of());
                        changed.set(index, with(event, event.msg(), event.sent(), state));
                        return new Corrupted(changed, index, "state." + field);
                    }
                }
            }
        }
    }

    private static TraceEvent with(
            TraceEvent event, Map<String, Object> msg, Map<String, Object> sent, Map<String, Object> state) {
        return new TraceEvent(event.action(), event.node(), msg, sent, event.value(), state);
    }

    private String change(Map<String, Object> fields, List<String> spared) {
        List<String> names = new ArrayList<>(fields.keySet());
        names.removeAll(spared);
        String name = names.get(random.nextInt(names.size()));
        fields.put(name, other(name, fields.get(name)));
        return name;
    }

    private Object other(String name, Object value) {
        if (value instanceof Long number) {
            return number == 0 || random.nextBoolean() ? number + 1 : number - 1;
        }
        if (value instanceof Boolean flag) {
            return !flag;
        }
        if (value instanceof Optional<?> vote) {
            return vote.isPresent() && random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(vote.isPresent() && vote.get().equals("n1") ? "n2" : "n1");
        }
        if (value instanceof String role) {
            return role.equals("Follower") ? "Leader" : "Follower";
        }
        if (value instanceof Map<?, ?> match) {
            Map<String, Object> changed = new LinkedHashMap<>();
            match.forEach((peer, index) -> changed.put((String) peer, (Long) index + 1));
            return changed;
        }
        if (value instanceof LogChange log) {
            return new LogChange(log.from(), otherEntries(log.entries()));
        }
        List<?> list = (List<?>) value;
        if (name.equals("entries")) {
            return otherEntries(list.stream().map(entry -> (Entry) entry).toList());
        }
        return list.isEmpty() ? List.of("n1") : List.of();
    }

    private List<Entry> otherEntries(List<Entry> entries) {
        List<Entry> changed = new ArrayList<>(entries);
        if (changed.isEmpty()) {
            changed.add(new Entry(1, "new"));
            return changed;
        }
        int k = random.nextInt(changed.size());
        Entry entry = changed.get(k);
        switch (random.nextInt(3)) {
            case 0 -> changed.set(k, new Entry(entry.term() + 1, entry.value()));
            case 1 -> changed.set(k, new Entry(entry.term(), entry.value() + "!"));
            default -> changed.remove(k);
        }
        return changed;
    }
}
