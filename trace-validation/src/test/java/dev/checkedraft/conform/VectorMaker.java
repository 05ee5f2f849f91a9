package dev.checkedraft.conform;

import dev.checkedraft.drive.Level;
import dev.checkedraft.drive.RunResult;
import dev.checkedraft.drive.Scheduler;
import dev.checkedraft.drive.Step;
import dev.checkedraft.port.Json;
import dev.checkedraft.port.Pipe;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.trace.TraceSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the vectors: runs each scenario on the Java core, holds it to the spec, and takes down what one node did. */
final class VectorMaker {
    static final String FORMAT = "checked-raft-vectors";
    static final int VERSION = 1;

    /** One scenario: what happens to a cluster, and whom to watch. */
    record Scenario(String file, String title, int node, Schedule schedule, Map<Integer, List<Raw>> raw) {}

    /** An input that is no message of the cluster, given before a step. */
    record Raw(int node, String input) {}

    private VectorMaker() {}

    static List<Scenario> scenarios(Path file) throws IOException {
        List<Scenario> scenarios = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        String head = "";
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("== ")) {
                if (!head.isEmpty()) {
                    scenarios.add(scenario(head, lines));
                }
                head = line.substring(3);
                lines.clear();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                lines.add(line);
            }
        }
        scenarios.add(scenario(head, lines));
        return scenarios;
    }

    private static Scenario scenario(String head, List<String> lines) {
        int colon = head.indexOf(": ");
        int node = 0;
        StringBuilder schedule = new StringBuilder();
        Map<Integer, List<Raw>> raw = new LinkedHashMap<>();
        int decisions = 0;
        for (String line : lines) {
            if (line.startsWith("node ")) {
                node = Nodes.number(line.substring(5));
            } else if (line.startsWith("input ")) {
                String[] words = line.split(" ", 3);
                raw.computeIfAbsent(decisions, k -> new ArrayList<>()).add(new Raw(Nodes.number(words[1]), words[2]));
            } else {
                schedule.append(line).append('\n');
                if (!line.matches("(nodes|names|election-timeout|heartbeat-interval|max-entries) .*")) {
                    decisions++;
                }
            }
        }
        return new Scenario(
                head.substring(0, colon), head.substring(colon + 2), node, Schedule.parse(schedule.toString()), raw);
    }

    /**
     * Runs a scenario.
     *
     * @return the exchanges of its node that make the vector
     * @throws AssertionError if a step does not apply, or is none of the spec
     */
    static List<RecordingPipe.Exchange> run(Scenario scenario) throws InterruptedException {
        return run(scenario, TraceSink.NONE);
    }

    /** The same; {@code sink} gets the events. */
    static List<RecordingPipe.Exchange> run(Scenario scenario, TraceSink sink) throws InterruptedException {
        List<RecordingPipe> ports = new ArrayList<>();
        Pipe.Launcher launcher = () -> {
            RecordingPipe port = new RecordingPipe();
            ports.add(port);
            return port;
        };
        List<Step> steps = new ArrayList<>();
        scenario.schedule().decisions().forEach(d -> steps.add(new Step(steps.size() + 1, d, null)));
        int[] next = {0};
        Scheduler plan = run -> {
            for (Raw raw : scenario.raw().getOrDefault(next[0], List.of())) {
                String answer = ports.get(raw.node() - 1).ask(raw.input(), Duration.ZERO);
                if (!answer.startsWith("{\"error\"")) {
                    throw new AssertionError(scenario.title() + ": not refused: " + raw.input());
                }
            }
            return next[0] < steps.size() ? steps.get(next[0]++) : null;
        };
        try (PortCluster cluster = new PortCluster(launcher, Duration.ofSeconds(1), Level.ALL)) {
            cluster.trace(sink);
            RunResult result = cluster.execute(scenario.schedule().setup(), plan, () -> false, false, false);
            if (result.failure() != null || result.steps().size() < steps.size()) {
                throw new AssertionError(scenario.file() + ": " + scenario.title() + ": "
                        + (result.failure() == null ? "a step does not apply" : result.failure()) + "\n"
                        + String.join("\n", result.story()));
            }
        }
        List<RecordingPipe.Exchange> all = ports.get(scenario.node() - 1).transcript;
        int from = 0;
        for (int k = 0; k < all.size() && !scenario.file().equals("Restart"); k++) {
            if (all.get(k).input().startsWith("{\"start\"")) {
                from = k;
            }
        }
        return all.subList(from, all.size());
    }

    /** The contents of every file of vectors, by name. */
    static Map<String, String> files(Path scenarios) throws IOException, InterruptedException {
        Map<String, StringBuilder> files = new LinkedHashMap<>();
        for (Scenario scenario : scenarios(scenarios)) {
            StringBuilder file = files.computeIfAbsent(scenario.file() + ".jsonl", name -> {
                Map<String, Object> header = new LinkedHashMap<>();
                header.put("format", FORMAT);
                header.put("version", VERSION);
                header.put("action", scenario.file());
                return new StringBuilder(Json.write(header)).append('\n');
            });
            file.append("{\"vector\":").append(Json.write(scenario.title())).append(",\"steps\":[");
            String separator = "";
            for (RecordingPipe.Exchange exchange : run(scenario)) {
                file.append(separator).append("{\"in\":").append(exchange.input());
                file.append(",\"out\":").append(exchange.answer()).append('}');
                separator = ",";
            }
            file.append("]}\n");
        }
        Map<String, String> contents = new LinkedHashMap<>();
        files.forEach((name, text) -> contents.put(name, text.toString()));
        return contents;
    }
}
