package dev.checkedraft.translation;

import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.Kinds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Steps to compare on: those of random runs, those with something changed at random, and pairs of states that are no step. */
final class Samples {
    static final List<String> STEPS = List.of(
            "StartElectionStep",
            "ProposeStep",
            "SendAppendEntriesStep",
            "HandleRequestVoteStep",
            "HandleRequestVoteResponseStep",
            "HandleAppendEntriesStep",
            "HandleAppendEntriesResponseStep",
            "RestartStep");

    /** How often each is tried. */
    private static final int[] WEIGHTS = {2, 3, 4, 4, 6, 6, 4, 1};

    private static final int MOST_MESSAGES = 14;
    private static final int MOST_TERMS = 4;

    /** A message that no random run sends. */
    static final Object UNSENT = new TreeMap<>(Map.of(
            "type",
            "RequestVoteResponse",
            "term",
            77,
            "from",
            new Atom("s1"),
            "to",
            new Atom("s1"),
            "voteGranted",
            true));

    /** The fields that a message of a type has, besides those that all have. */
    private static final Map<String, List<String>> FIELDS = Map.of(
            "RequestVote", List.of("lastLogIndex", "lastLogTerm"),
            "RequestVoteResponse", List.of("voteGranted"),
            "AppendEntries", List.of("prevLogIndex", "prevLogTerm", "entries", "leaderCommit"),
            "AppendEntriesResponse", List.of("success", "matchIndex"));

    /** @param reached whether a run has it, so that all that is proved holds of it */
    record Sample(Map<String, Object> before, Map<String, Object> after, boolean reached) {}

    private final Random random;
    private final Tlc tlc;
    private final Map<String, Kind> kinds;

    Samples(long seed, Tlc tlc, Map<String, Kind> kinds) {
        this.random = new Random(seed);
        this.tlc = tlc;
        this.kinds = kinds;
    }

    /** Steps of random runs; with each, the same with something changed before, after, or both. */
    List<Sample> take(int steps) {
        List<Sample> samples = new ArrayList<>();
        Map<String, Object> state = tlc.initial();
        for (int k = 0; k < steps; k++) {
            if (isLarge(state)) {
                state = tlc.initial();
            }
            Map<String, Object> next = successor(state);
            samples.add(new Sample(state, next, true));
            samples.add(
                    switch (random.nextInt(4)) {
                        case 0 -> new Sample(changed(state), next, false);
                        case 1 -> new Sample(state, changed(next), false);
                        case 2 -> {
                            Map<String, Object> same = changed(state);
                            yield new Sample(same, successor(same), false);
                        }
                        default -> new Sample(changed(state), changed(changed(state)), false);
                    });
            state = next;
        }
        return samples;
    }

    /** A run ends where it would only take longer to compare. */
    private static boolean isLarge(Map<String, Object> state) {
        return ((Set<?>) state.get("messages")).size() > MOST_MESSAGES
                || ((Fun) state.get("currentTerm"))
                        .map().values().stream().anyMatch(term -> (Integer) term > MOST_TERMS)
                || ((Fun) state.get("log"))
                        .map().values().stream().anyMatch(log -> ((List<?>) log).size() > MOST_TERMS);
    }

    /** By an action that is possible; where none can be evaluated, the state itself. */
    private Map<String, Object> successor(Map<String, Object> state) {
        for (int tries = 0; tries < 40; tries++) {
            int draw = random.nextInt(30);
            int step = 0;
            while (draw >= WEIGHTS[step]) {
                draw -= WEIGHTS[step++];
            }
            List<Map<String, Object>> next;
            try {
                next = tlc.successors(STEPS.get(step), state);
            } catch (RuntimeException e) {
                // A state that was changed at random may be one in which the action has no value.
                continue;
            }
            // Most messages change nothing when they come again.
            List<Map<String, Object>> changes =
                    next.stream().filter(after -> !after.equals(state)).toList();
            List<Map<String, Object>> chosen = changes.isEmpty() || random.nextInt(5) == 0 ? next : changes;
            if (!chosen.isEmpty()) {
                return chosen.get(random.nextInt(chosen.size()));
            }
        }
        return state;
    }

    // ------------------------------------------------------------------------------------------------------- changes

    /** The state with up to three things changed, each to another of its kind. */
    private Map<String, Object> changed(Map<String, Object> state) {
        Map<String, Object> changed = new TreeMap<>(state);
        List<String> names = List.copyOf(kinds.keySet());
        for (int k = random.nextInt(3); k >= 0; k--) {
            String name = names.get(random.nextInt(names.size()));
            changed.put(name, changed(kinds.get(name), changed.get(name)));
        }
        return changed;
    }

    private Object changed(Kind kind, Object value) {
        if (kind instanceof Kind.Fun function) {
            Map<Object, Object> map = new TreeMap<>(((Fun) value).map());
            Object argument = function.partial() ? (Object) random.nextInt(4) : any(function.argument());
            if (function.partial() && map.containsKey(argument) && random.nextInt(3) == 0) {
                map.remove(argument);
            } else if (map.containsKey(argument)) {
                map.put(argument, changed(function.result(), map.get(argument)));
            } else {
                map.put(argument, any(function.result()));
            }
            return new Fun(map);
        }
        if (kind instanceof Kind.SetOf set) {
            List<Object> elements = new ArrayList<>((Set<?>) value);
            if (elements.isEmpty() || random.nextInt(3) == 0) {
                elements.add(any(set.element()));
            } else {
                Object old = elements.remove(random.nextInt(elements.size()));
                if (random.nextInt(3) > 0) {
                    elements.add(changed(set.element(), old));
                }
            }
            return new LinkedHashSet<>(elements);
        }
        if (kind instanceof Kind.Seq sequence) {
            List<Object> entries = new ArrayList<>((List<?>) value);
            if (entries.isEmpty() || random.nextInt(3) == 0) {
                entries.add(any(sequence.element()));
            } else {
                Object old = entries.remove(entries.size() - 1);
                if (random.nextInt(2) == 0) {
                    entries.add(changed(sequence.element(), old));
                }
            }
            return entries;
        }
        if (kind instanceof Kind.Tuple tuple) {
            List<Object> parts = new ArrayList<>((List<?>) value);
            int part = random.nextInt(parts.size());
            parts.set(part, any(tuple.parts().get(part)));
            return parts;
        }
        if (kind instanceof Kind.Rec record) {
            Map<String, Object> fields = new TreeMap<>();
            ((Map<?, ?>) value).forEach((name, field) -> fields.put((String) name, field));
            List<String> names = fields.keySet().stream()
                    .filter(name -> !name.equals("type"))
                    .toList();
            String name = names.get(random.nextInt(names.size()));
            fields.put(name, changed(record.fields().get(name), fields.get(name)));
            return fields;
        }
        return any(kind);
    }

    private Object any(Kind kind) {
        if (kind.equals(Kinds.INT)) {
            return random.nextInt(20) == 0 ? -1 : random.nextInt(4);
        }
        if (kind.equals(Kinds.BOOL)) {
            return random.nextBoolean();
        }
        if (kind.equals(Kinds.SERVER) || kind.equals(Kinds.VOTE)) {
            int server = random.nextInt(tlc.servers().size() + (kind.equals(Kinds.VOTE) ? 1 : 0));
            return server < tlc.servers().size() ? tlc.servers().get(server) : Atom.NIL;
        }
        if (kind.equals(Kinds.VALUE)) {
            return List.of(Atom.VALUE, Atom.VALUE, Atom.NO_OP, Atom.NO_OP, Atom.OTHER)
                    .get(random.nextInt(5));
        }
        if (kind.equals(Kinds.TEXT)) {
            return List.of("Follower", "Candidate", "Leader").get(random.nextInt(3));
        }
        if (kind instanceof Kind.Tuple tuple) {
            return tuple.parts().stream().map(this::any).toList();
        }
        if (kind instanceof Kind.SetOf set) {
            return random.nextBoolean() ? Set.of() : Set.of(any(set.element()));
        }
        if (kind instanceof Kind.Seq sequence) {
            List<Object> entries = new ArrayList<>();
            for (int k = random.nextInt(3); k > 0; k--) {
                entries.add(any(sequence.element()));
            }
            return entries;
        }
        if (kind instanceof Kind.Fun function) {
            Map<Object, Object> map = new TreeMap<>();
            tlc.servers().forEach(server -> map.put(server, any(function.result())));
            return new Fun(map);
        }
        Kind.Rec record = (Kind.Rec) kind;
        Map<String, Object> fields = new LinkedHashMap<>();
        if (record.open()) {
            List<String> types = FIELDS.keySet().stream().sorted().toList();
            String type = types.get(random.nextInt(types.size()));
            fields.put("type", type);
            List.of("term", "from", "to")
                    .forEach(name -> fields.put(name, any(record.fields().get(name))));
            FIELDS.get(type)
                    .forEach(name -> fields.put(name, any(record.fields().get(name))));
        } else {
            record.fields().forEach((name, field) -> fields.put(name, any(field)));
        }
        return new TreeMap<>(fields);
    }
}
