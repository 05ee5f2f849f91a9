package dev.checkedraft.play;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.MessageKind;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.port.Json;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.MessageRef;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Packet;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.sim.Simulation;
import dev.checkedraft.sim.Transcript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that {@code raft play} writes, held to the core: its table, and its own JavaScript. */
class PlayPageTest {
    private static final Path RESOURCES = Path.of("src/main/resources/dev/checkedraft/play");
    private static final int RUNS = 300;

    private static String html = "";
    private static String json = "";

    @BeforeAll
    static void page() {
        html = PlayPage.of().html();
        String begin = "<script type=\"application/json\" id=\"data\">";
        int from = html.indexOf(begin) + begin.length();
        json = html.substring(from, html.indexOf("</script>", from));
    }

    /** The steps are read back from the page; the states and messages are those of a simulation. */
    @Test
    void everyStepOfTheTableIsTheCores() throws Exception {
        int steps = 0;
        for (Object each : (List<?>) field(Json.read(json), "worlds")) {
            Map<String, Map<String, List<String>>> table = table(each);
            int nodes = ((Number) field(each, "nodes")).intValue();
            Number maxEntries = (Number) field(each, "maxEntries");
            for (int seed = 1; seed <= 200; seed++) {
                steps += walk(nodes, maxEntries.intValue(), table, new Random(seed));
            }
        }
        // So many of the steps that the walks take are in the tables.
        assertTrue(steps > 4_000, "too few steps were compared: " + steps);
    }

    private static int walk(int nodes, int maxEntries, Map<String, Map<String, List<String>>> table, Random random) {
        Simulation simulation = new Simulation(
                Schedule.parse("nodes " + nodes + "\nmax-entries " + maxEntries).setup());
        int compared = 0;
        for (int step = 0; step < 40; step++) {
            int node = 1 + random.nextInt(nodes);
            RaftNode before = simulation.node(node).copy();
            Decision.Input decision = decision(simulation, before, node, random);
            LocalInput input = input(simulation, decision);
            List<Packet<Message>> sent = new ArrayList<>();
            simulation.listen(told -> sent.addAll(told.sent()));
            if (!simulation.step(decision)) {
                continue;
            }
            RaftNode after = simulation.node(node);
            List<String> order = order(before, input);
            List<String> row =
                    table.getOrDefault(Form.state(before, order), Map.of()).get(input.form(order));
            if (row == null) {
                continue; // beyond what the page holds
            }
            List<String> expected = new ArrayList<>(List.of(Form.state(after, order)));
            sent.stream()
                    .map(packet ->
                            Form.message(packet.message(), packet.message().to(), order))
                    .sorted()
                    .forEach(expected::add);
            assertEquals(expected, row, () -> Form.state(before, order) + " | " + input.form(order));
            compared++;
        }
        return compared;
    }

    private static Decision.Input decision(Simulation simulation, RaftNode node, int number, Random random) {
        List<Packet<Message>> here = simulation.inFlight().stream()
                .filter(packet -> packet.to() == number)
                .toList();
        if (!here.isEmpty() && random.nextInt(6) > 0) {
            Packet<Message> packet = here.get(random.nextInt(here.size()));
            MessageRef ref = packet.ref();
            return new Decision.Deliver(ref);
        }
        if (!node.isLeader()) {
            return new Decision.Timeout(number);
        }
        return random.nextBoolean()
                ? new Decision.Propose(number, "w" + random.nextInt(9))
                : new Decision.Heartbeat(number);
    }

    private static LocalInput input(Simulation simulation, Decision.Input decision) {
        if (decision instanceof Decision.Deliver deliver) {
            return LocalInput.deliver(simulation.find(deliver.message()).message());
        }
        return new LocalInput(decision.text().substring(0, decision.text().indexOf(' ')), null);
    }

    /** Once more what the table does, by plain sorting. */
    private static List<String> order(RaftNode node, LocalInput input) {
        return Form.orders(node.id(), node.config().peers()).stream()
                .min((a, b) -> (Form.state(node, a) + "|" + input.form(a))
                        .compareTo(Form.state(node, b) + "|" + input.form(b)))
                .orElseThrow();
    }

    /** What the page's JavaScript makes of the lessons and of random schedules, saved, is what the simulator makes of them. */
    @Test
    void lessonsAndSavedSchedulesRunAsTheCoreDoes(@TempDir Path dir) throws Exception {
        assumeTrue(hasNode(), "no node here: the page's JavaScript is not run");
        Path data = Files.writeString(dir.resolve("data.json"), json);
        List<String> lines = node(
                Path.of("src/test/resources/play/runner.js").toString(),
                RESOURCES.resolve("model.js").toAbsolutePath().toString(),
                data.toString(),
                Integer.toString(RUNS),
                "1");
        assertEquals(Lesson.all().size() + RUNS, lines.size());
        int whole = 0;
        for (String line : lines) {
            Object run = Json.read(line);
            boolean lesson = field(run, "kind").equals("lesson");
            boolean beyond = (Boolean) field(run, "beyond");
            Schedule schedule = Schedule.parse((String) field(run, "schedule"));
            assertFalse(lesson && beyond, () -> "a lesson leaves the table: " + schedule);
            compare(schedule, (List<?>) field(run, "states"), lesson);
            whole += beyond ? 0 : 1;
        }
        int stayed = whole;
        assertTrue(stayed > RUNS * 3 / 4, () -> "only " + stayed + " of " + RUNS + " runs stayed in the table");
    }

    private static void compare(Schedule schedule, List<?> states, boolean lesson) {
        Simulation simulation = new Simulation(schedule.setup());
        assertEquals(states.size(), schedule.size() + 1);
        assertEquals(states.get(0), told(simulation));
        for (int k = 0; k < schedule.size(); k++) {
            int number = k;
            boolean applied = simulation.step(schedule.decisions().get(k));
            assertTrue(applied || !lesson, () -> "line " + number + " of a lesson does not apply: " + schedule);
            assertEquals(
                    states.get(k + 1), told(simulation), () -> "after decision " + (number + 1) + " of " + schedule);
        }
    }

    private static String told(Simulation simulation) {
        List<String> lines = new ArrayList<>();
        for (int node = 1; node <= simulation.setup().nodes(); node++) {
            RaftNode raft = simulation.node(node);
            lines.add(raft == null ? Nodes.name(node) + " is down" : told(raft));
        }
        simulation.inFlight().stream().map(packet -> told(packet)).sorted().forEach(lines::add);
        return String.join("\n", lines);
    }

    private static String told(RaftNode node) {
        String log = node.log().stream()
                .map(entry -> entry.term() + ":" + (entry.equals(Entry.noOp(entry.term())) ? "no-op" : entry.value()))
                .collect(Collectors.joining(" "));
        return node.id() + " " + node.role() + ", term " + node.currentTerm() + ", vote "
                + (node.votedFor() == null ? "nobody" : node.votedFor()) + ", log [" + log + "], commit index "
                + node.commitIndex();
    }

    private static String told(Packet<Message> packet) {
        String described = Transcript.describe(packet.message());
        String said = described
                .substring(described.indexOf('{') + 1, described.length() - 1)
                .replace(" from " + packet.message().from(), "");
        MessageKind kind = packet.kind();
        return packet.from() + " " + packet.to() + " " + kind.label() + " "
                + packet.ref().ordinal() + " " + said;
    }

    /** No text can become HTML: the scripts have none of the ways there are, and the data leaves no script element. */
    @Test
    void noTextBecomesHtml() throws IOException {
        String view = Files.readString(RESOURCES.resolve("view.js")) + Files.readString(RESOURCES.resolve("model.js"));
        assertFalse(Pattern.compile(
                        "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(|new Function|srcdoc|setHTML")
                .matcher(view)
                .find());
        assertEquals("\"\\u003c/script>\\u000a\\\"\\\\\"", PlayPage.text("</script>\n\"\\"));
        assertFalse(json.contains("<"));
        // Nothing is fetched.
        assertFalse(Pattern.compile("(?:src|href)\\s*=|https?://|@import|url\\(")
                .matcher(html.replace(json, ""))
                .find());
    }

    @Test
    void thePageHoldsEveryActionOfTheSpecAndIsNotTooLarge() throws Exception {
        Map<?, ?> spec = (Map<?, ?>) field(Json.read(json), "spec");
        for (Map.Entry<?, ?> action : spec.entrySet()) {
            String text = (String) field(action.getValue(), "text");
            assertTrue(text.contains(action.getKey() + "("), text);
        }
        assertEquals(8, spec.size());
        assertTrue(html.length() < 3_000_000, () -> html.length() + " bytes");
    }

    // ---------------------------------------------------------------------------------------------------------------

    private static Object field(Object record, String name) {
        Object value = ((Map<?, ?>) record).get(name);
        assertNotNull(value, name);
        return value;
    }

    private static Map<String, Map<String, List<String>>> table(Object world) {
        List<?> words = (List<?>) field(world, "words");
        Map<String, Map<String, List<String>>> table = new HashMap<>();
        for (Object each : (List<?>) field(world, "steps")) {
            List<?> state = (List<?>) each;
            Map<String, List<String>> steps = new HashMap<>();
            for (Object step : state.subList(2, state.size())) {
                List<String> row = ((List<?>) step)
                        .stream()
                                .map(number -> (String) words.get(((Number) number).intValue()))
                                .toList();
                steps.put(row.get(0), row.subList(1, row.size()));
            }
            table.put((String) words.get(((Number) state.get(0)).intValue()), steps);
        }
        return table;
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> node(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out.lines().toList();
    }
}
