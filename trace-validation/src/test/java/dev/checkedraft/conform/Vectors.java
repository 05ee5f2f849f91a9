package dev.checkedraft.conform;

import dev.checkedraft.port.Fields;
import dev.checkedraft.port.Json;
import dev.checkedraft.port.Pipe;
import dev.checkedraft.port.PortException;
import dev.checkedraft.port.ProtocolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** Tries a port by the vectors, as {@code ports/python/run_vectors.py} does. */
final class Vectors {
    private record Vector(String title, List<Fields> steps) {}

    /** What is stored, by a vector or by the port. */
    private static final class Durable {
        private Object term;
        private Object vote;
        private final List<Object> log;

        Durable(Map<?, ?> durable) {
            term = durable.get("currentTerm");
            vote = durable.get("votedFor");
            log = new ArrayList<>((List<?>) durable.get("log"));
        }

        void take(Map<?, ?> answer) {
            Map<?, ?> persist = answer.get("persist") instanceof Map<?, ?> stored ? stored : Map.of();
            term = persist.containsKey("currentTerm") ? persist.get("currentTerm") : term;
            vote = persist.containsKey("votedFor") ? persist.get("votedFor") : vote;
            if (persist.get("log") instanceof Map<?, ?> change) {
                int from = ((Number) change.get("from")).intValue();
                log.subList(Math.min(from - 1, log.size()), log.size()).clear();
                log.addAll((List<?>) change.get("entries"));
            }
        }

        boolean isLike(Durable other) {
            return Objects.equals(term, other.term) && Objects.equals(vote, other.vote) && log.equals(other.log);
        }
    }

    private Vectors() {}

    /** The titles of the vectors that fail; of one only, if the first will do. */
    static List<String> failing(Pipe.Launcher launcher, boolean first)
            throws IOException, ProtocolException, InterruptedException {
        List<String> failing = new ArrayList<>();
        Pipe port = launcher.launch();
        for (Vector vector : all()) {
            boolean passes;
            try {
                passes = passes(vector, port);
            } catch (PortException | ProtocolException | ClassCastException e) {
                passes = false; // it ended, or wrote what is no answer
            }
            if (!passes) {
                failing.add(vector.title());
                port.kill();
                if (first) {
                    return failing;
                }
                port = launcher.launch();
            }
        }
        port.close();
        return failing;
    }

    private static List<Vector> all() throws IOException, ProtocolException {
        List<Vector> vectors = new ArrayList<>();
        TreeSet<Path> files = new TreeSet<>();
        try (var found = Files.newDirectoryStream(Kit.VECTORS, "*.jsonl")) {
            found.forEach(files::add);
        }
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            for (String line : lines.subList(1, lines.size())) {
                Fields vector = Fields.of(Json.read(line), "");
                vectors.add(new Vector(vector.string("vector"), vector.objects("steps")));
            }
        }
        return vectors;
    }

    private static boolean passes(Vector vector, Pipe port)
            throws PortException, ProtocolException, InterruptedException {
        Durable wanted = new Durable(Map.of("log", List.of()));
        Durable told = wanted;
        String node = "";
        Map<?, ?> state = Map.of();
        for (Fields step : vector.steps()) {
            Map<?, ?> in = (Map<?, ?>) step.value("in");
            Map<?, ?> expected = (Map<?, ?>) step.value("out");
            Map<?, ?> answer = (Map<?, ?>) Json.read(port.ask(Json.write(in), Kit.PATIENCE));
            if (in.get("start") instanceof Map<?, ?> start && start.get("durable") instanceof Map<?, ?> durable) {
                wanted = new Durable(durable);
                told = new Durable(durable);
                node = String.valueOf(start.get("id"));
            }
            if (expected.containsKey("error")) {
                if (answer.containsKey("error")) {
                    continue;
                }
                // A leader may also ignore the end of its timeout.
                if (!in.containsKey("electionTimeout")
                        || answer.get("action") != null
                        || !sent(answer).isEmpty()) {
                    return false;
                }
                expected = Map.of("state", state);
            }
            wanted.take(expected);
            told.take(answer);
            if (answer.containsKey("error") || !wanted.isLike(told) || !agrees(node, expected, answer, wanted.log)) {
                return false;
            }
            state = (Map<?, ?>) expected.get("state");
        }
        return true;
    }

    /** What an answer does not say is not compared. */
    private static boolean agrees(String node, Map<?, ?> expected, Map<?, ?> answer, List<Object> log) {
        Map<?, ?> wanted = (Map<?, ?>) expected.get("state");
        Map<?, ?> state = answer.get("state") instanceof Map<?, ?> said ? said : Map.of();
        return List.of("action", "apply").stream()
                        .allMatch(field ->
                                !answer.containsKey(field) || Objects.equals(expected.get(field), answer.get(field)))
                && state.entrySet().stream()
                        .allMatch(field -> field.getKey().equals("log")
                                || alike(node, field.getValue(), wanted.get(field.getKey())))
                && answers(expected).equals(answers(answer))
                && appends(answer).stream().allMatch(m -> isSlice(m, wanted, log));
    }

    /** Lists of names stand for sets; of indexes those of others count that are told. */
    private static boolean alike(String node, Object told, Object wanted) {
        if (told instanceof List<?> one && wanted instanceof List<?> other) {
            return new HashSet<>(one).equals(new HashSet<>(other));
        }
        if (told instanceof Map<?, ?> indexes && wanted instanceof Map<?, ?> others) {
            return indexes.entrySet().stream()
                    .allMatch(index -> index.getKey().equals(node)
                            || Objects.equals(index.getValue(), others.get(index.getKey())));
        }
        return Objects.equals(told, wanted);
    }

    private static List<?> sent(Map<?, ?> answer) {
        return answer.get("send") instanceof List<?> list ? list : List.of();
    }

    private static List<?> answers(Map<?, ?> answer) {
        return sent(answer).stream()
                .filter(m -> !isAppend(m))
                .sorted(Comparator.comparing(m -> String.valueOf(((Map<?, ?>) m).get("to"))))
                .toList();
    }

    private static List<Map<?, ?>> appends(Map<?, ?> answer) {
        List<Map<?, ?>> appends = new ArrayList<>();
        sent(answer).stream().filter(Vectors::isAppend).forEach(m -> appends.add((Map<?, ?>) m));
        return appends;
    }

    private static boolean isAppend(Object message) {
        return "AppendEntries".equals(((Map<?, ?>) message).get("type"));
    }

    private static boolean isSlice(Map<?, ?> m, Map<?, ?> state, List<Object> log) {
        int prev = ((Number) m.get("prevLogIndex")).intValue();
        List<?> entries = (List<?>) m.get("entries");
        return state.get("role").equals("Leader")
                && m.get("term").equals(state.get("currentTerm"))
                && prev + entries.size() <= log.size()
                && log.subList(prev, prev + entries.size()).equals(entries)
                && (prev == 0 || m.get("prevLogTerm").equals(((Map<?, ?>) log.get(prev - 1)).get("term")))
                && ((Number) m.get("leaderCommit")).longValue() <= ((Number) state.get("commitIndex")).longValue();
    }
}
