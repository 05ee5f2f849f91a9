package dev.checkedraft.conform;

import dev.checkedraft.drive.Level;
import dev.checkedraft.port.Failure;
import dev.checkedraft.port.Fields;
import dev.checkedraft.port.JavaPort;
import dev.checkedraft.port.Json;
import dev.checkedraft.port.PortLines;
import dev.checkedraft.port.ProtocolException;
import dev.checkedraft.schedule.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What tries a port, in process: for hunting bugs that are planted in the Java core, which is a port too. */
public final class PortNets {
    private static final Set<String> EVERY_VALUE = Set.of("action", "persist", "apply");
    private static final int STEPS = 200;

    private PortNets() {}

    /** What {@code raft conform} does, without processes: the number of the first run that fails, 0 if none does. */
    public static int firstFailingRun(int runs) throws InterruptedException {
        try (PortCluster cluster = new PortCluster(Kit.inProcess(), Kit.PATIENCE, Level.ALL)) {
            for (int run = 1; run <= runs; run++) {
                Setup setup = RandomSteps.setup(0, run, run);
                RandomSteps steps = new RandomSteps(run, setup, Level.ALL, STEPS);
                Failure failure = cluster.execute(setup, steps, () -> false, false, run == 1)
                        .failure();
                if (failure != null) {
                    return run;
                }
            }
        }
        return 0;
    }

    /** How many vectors fail, by the rules of {@code ports/python/run_vectors.py}. */
    public static int failingVectors() throws IOException, ProtocolException {
        List<Path> files = new ArrayList<>();
        try (var found = Files.newDirectoryStream(Kit.VECTORS, "*.jsonl")) {
            found.forEach(files::add);
        }
        int failing = 0;
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            for (String line : lines.subList(1, lines.size())) {
                failing += passes(Fields.of(Json.read(line), "")) ? 0 : 1;
            }
        }
        return failing;
    }

    private static boolean passes(Fields vector) throws ProtocolException {
        PortLines port = new PortLines(JavaPort::new);
        List<Object> log = new ArrayList<>();
        for (Fields step : vector.objects("steps")) {
            Map<?, ?> in = (Map<?, ?>) step.value("in");
            Map<?, ?> expected = (Map<?, ?>) step.value("out");
            Map<?, ?> answer;
            try {
                answer = (Map<?, ?>) Json.read(port.answer(Json.write(in)));
            } catch (RuntimeException e) {
                return false; // a port that dies
            }
            if (in.get("start") instanceof Map<?, ?> start && start.get("durable") instanceof Map<?, ?> durable) {
                log = new ArrayList<>((List<?>) durable.get("log"));
            }
            if (expected.containsKey("error") || answer.containsKey("error")) {
                if (expected.containsKey("error") != answer.containsKey("error")) {
                    return false;
                }
            } else if (!agrees(expected, answer, log)) {
                return false;
            }
        }
        return true;
    }

    private static boolean agrees(Map<?, ?> expected, Map<?, ?> answer, List<Object> log) {
        if (expected.get("persist") instanceof Map<?, ?> persist && persist.get("log") instanceof Map<?, ?> change) {
            int from = ((Number) change.get("from")).intValue();
            log.subList(from - 1, log.size()).clear();
            log.addAll((List<?>) change.get("entries"));
        }
        Map<?, ?> wanted = (Map<?, ?>) expected.get("state");
        Map<?, ?> state = answer.get("state") instanceof Map<?, ?> told ? told : Map.of();
        return EVERY_VALUE.stream().allMatch(field -> Objects.equals(expected.get(field), answer.get(field)))
                && state.entrySet().stream()
                        .allMatch(field ->
                                field.getKey().equals("log") || alike(field.getValue(), wanted.get(field.getKey())))
                && answers(expected).equals(answers(answer))
                && appends(answer).stream().allMatch(m -> isSlice(m, wanted, log));
    }

    /** Lists of names stand for sets. */
    private static boolean alike(Object told, Object wanted) {
        return (told instanceof List<?> one && wanted instanceof List<?> other)
                ? new HashSet<>(one).equals(new HashSet<>(other))
                : Objects.equals(told, wanted);
    }

    private static List<?> sent(Map<?, ?> answer) {
        return answer.get("send") instanceof List<?> list ? list : List.of();
    }

    private static List<?> answers(Map<?, ?> answer) {
        return sent(answer).stream()
                .filter(m -> !isAppend(m))
                .sorted(Comparator.comparing(String::valueOf))
                .toList();
    }

    private static List<Map<?, ?>> appends(Map<?, ?> answer) {
        List<Map<?, ?>> appends = new ArrayList<>();
        sent(answer).stream().filter(PortNets::isAppend).forEach(m -> appends.add((Map<?, ?>) m));
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
