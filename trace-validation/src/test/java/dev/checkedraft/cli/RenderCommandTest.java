package dev.checkedraft.cli;

import static dev.checkedraft.cli.Run.raft;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a trace: what is drawn, what is marked, and that nothing in a trace becomes part of the page. */
class RenderCommandTest {
    private static final String PLANTED = "</script><script>alert(1)</script><img src=x onerror='alert(2)'>\"&<!--";

    private static final Path MODEL =
            Path.of("src/main/resources/dev/checkedraft/picture/model.js").toAbsolutePath();

    private static final Path RUNNER =
            Path.of("src/test/resources/picture/model-test.js").toAbsolutePath();

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path runs;

    @TempDir
    Path dir;

    private static Path trace;
    private static List<String> lines;

    @BeforeAll
    static void simulate() throws IOException {
        trace = runs.resolve("run.ndjson");
        Run run = raft(
                "simulate",
                "--seed=3",
                "--steps=4000",
                "--drop=0.08",
                "--duplicate=0.05",
                "--crash=0.01",
                "-o",
                trace.toString());
        assertEquals(0, run.exit(), run.err());
        lines = Files.readAllLines(trace);
    }

    private String rendered(Path file, int exit) throws IOException {
        Path page = dir.resolve("page.html");
        Run run = raft("render", file.toString(), "-o", page.toString());
        assertEquals(exit, run.exit(), run.out() + run.err());
        return Files.readString(page);
    }

    private Path written(String name, List<String> text) throws IOException {
        return Files.write(dir.resolve(name), text);
    }

    private static String between(String page, String start, String end) {
        int from = page.indexOf(start);
        assertTrue(from >= 0, start);
        return page.substring(from + start.length(), page.indexOf(end, from));
    }

    private static JsonNode data(String page) throws IOException {
        return JSON.readTree(between(page, "id=\"data\">", "</script>"));
    }

    private static int count(String text, String what) {
        return (int) Pattern.compile(what).matcher(text).results().count();
    }

    /** A line with a term in its state that no step of the spec leads to. */
    private static List<String> divergent(int line) {
        List<String> text = new ArrayList<>(lines);
        text.set(line - 1, text.get(line - 1).replaceFirst("\"state\":\\{", "\"state\":{\"commitIndex\":99999,"));
        return text;
    }

    private static int lineOfElection() {
        for (int k = 200; k < lines.size(); k++) {
            if (lines.get(k).contains("StartElection")) {
                return k + 1;
            }
        }
        throw new AssertionError("no election late in the run");
    }

    @Test
    void aMessageIsAnArrowFromItsSendToEachReceipt() throws IOException {
        JsonNode data = data(rendered(trace, 0));
        List<JsonNode> events = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            events.add(JSON.readTree(line));
        }
        int sends = 0;
        int receipts = 0;
        for (JsonNode event : events) {
            String action = event.get("event").asText();
            sends += switch (action) {
                case "StartElection" -> 2;
                case "SendAppendEntries", "HandleRequestVote", "HandleAppendEntries" -> 1;
                default -> 0;
            };
            receipts += action.startsWith("Handle") ? 1 : 0;
        }
        Set<String> messages = new HashSet<>();
        Set<Integer> handling = new TreeSet<>();
        int again = 0;
        for (JsonNode arrow : data.get("arrows")) {
            int from = arrow.get(0).asInt();
            int to = arrow.get(1).asInt();
            assertTrue(from >= 0, "an arrow from nowhere: " + arrow);
            boolean first = messages.add(from + " " + arrow.get(3) + arrow.get(4));
            assertEquals(!first, arrow.get(5).asInt() == 1 && to >= 0, "said to be a second receipt: " + arrow);
            again += first ? 0 : 1;
            if (to < 0) {
                continue;
            }
            assertTrue(from < to && handling.add(to), arrow.toString());
            JsonNode message = events.get(to).get("msg");
            JsonNode sender = events.get(from);
            JsonNode sent = sender.get(sender.get("event").asText().startsWith("Send") ? "msg" : "sent");
            assertEquals(message.get("from"), sender.get("node"));
            sent.fieldNames().forEachRemaining(name -> {
                if (!Set.of("from", "to", "type").contains(name)) {
                    assertEquals(message.get(name), sent.get(name), arrow.toString());
                }
            });
        }
        assertEquals(sends, messages.size(), "messages");
        assertEquals(receipts, handling.size(), "receipts");
        assertTrue(again > 10 && sends - receipts + again > 10, "some came twice, some never: " + again);
    }

    @Test
    void withoutScriptsTheFirstEventsAreDrawn() throws IOException {
        List<String> first = lines.subList(0, 51);
        String page = rendered(written("short.ndjson", first), 0);
        String drawn = between(page, "<section id=\"static\">", "</section>");
        assertEquals(50, count(drawn, "<circle "));
        assertEquals(data(page).get("arrows").size(), count(drawn, "<line class=\"arrow "));
        assertEquals(count(String.join("", first), "\"role\":\"Leader\""), count(drawn, ">elected leader of term "));
        assertEquals(count(String.join("", first), "\"event\":\"Restart\""), count(drawn, ">crash and restart<"));
        String elsewhere = page.replace("http://www.w3.org/2000/svg", "");
        assertEquals(0, count(elsewhere, "https?:|src=|@import|<link"), "what would need a network");
        assertEquals(60, count(between(rendered(trace, 0), "<section id=\"static\">", "</section>"), "<circle "));
    }

    @Test
    void aDivergenceIsWhereThePageOpensWithItsExplanation() throws IOException {
        int line = lineOfElection();
        Path file = written("bad.ndjson", divergent(line));
        String page = rendered(file, 1);
        assertEquals(line - 2, data(page).get("decisive").asInt());
        Run verdict = raft("validate", file.toString());
        String headline = verdict.outLines().get(0);
        assertTrue(headline.contains("commitIndex"), headline);
        assertTrue(page.contains("<p class=\"headline\">" + headline.replace("'", "&#39;") + "</p>"), headline);
        assertTrue(page.contains("<h2>StartElection in Raft.tla</h2>"));
        String drawn = between(page, "Around event " + (line - 1), "</figure>");
        assertEquals(1, count(drawn, "<rect class=\"decisive\""));
        assertTrue(drawn.contains("<tspan class=\"number\">" + (line - 1) + "</tspan>"));
        assertEquals(lines.size() - 1, data(page).get("rows").size(), "what follows is drawn, too");
    }

    /** A condition that is false is marked in the action's text. */
    @Test
    void theFalseConditionIsMarked() throws IOException {
        String propose = lines.stream()
                .filter(line -> line.contains("\"Propose\""))
                .findFirst()
                .orElseThrow();
        Path file = written("follower.ndjson", List.of(lines.get(0), propose));
        String page = rendered(file, 1);
        String marked = between(page, "<mark>", "</mark>");
        assertTrue(marked.contains("role["), marked);
        assertTrue(page.contains("<em>is false: role["), marked);
    }

    /** Values, and the trace's name, with what would end a script or begin a tag. */
    @Test
    void nothingInATraceBecomesPartOfThePage() throws IOException {
        List<String> planted = new ArrayList<>();
        String value = null;
        for (String line : lines) {
            JsonNode event = JSON.readTree(line);
            if (value == null && event.has("value")) {
                value = event.get("value").asText();
            }
            planted.add(
                    value == null
                            ? line
                            : line.replace(
                                    "\"value\":\"" + value + "\"", "\"value\":" + JSON.writeValueAsString(PLANTED)));
        }
        for (boolean diverges : List.of(false, true)) {
            List<String> text = new ArrayList<>(planted);
            if (diverges) {
                int at = 0;
                while (!text.get(at).contains("\"Propose\"")) {
                    at++;
                }
                text.set(
                        at,
                        text.get(at)
                                .replaceFirst(",\"state\":", ",\"state\":{\"votedFor\":null},\"s\":")
                                .replaceFirst(",\"s\":.*", "}"));
            }
            String page = rendered(written("x<b>'\"&.ndjson", text), diverges ? 1 : 0);
            String low = page.toLowerCase(Locale.ROOT);
            assertEquals(3, count(low, "<script"), "scripts");
            assertEquals(3, count(low, "</script"), "ends of scripts");
            assertFalse(low.contains("<img") || low.contains("<!--") || low.contains("<b>"), "tags");
            assertTrue(page.contains("\\u003c/script>\\u003cscript>alert(1)"), "the value is there");
            assertTrue(page.contains("<title>x&lt;b&gt;&#39;&quot;&amp;.ndjson"), "the name is there");
            assertTrue(page.contains("&lt;/script&gt;&lt;script&gt;al"), "the value is drawn");
            List<String> embedded =
                    between(page, "id=\"trace\">", "</script>").strip().lines().toList();
            assertEquals(text.size(), embedded.size());
            for (int k = 1; k < embedded.size(); k++) {
                assertEquals(JSON.readTree(text.get(k)), JSON.readTree(embedded.get(k)), "line " + (k + 1));
            }
        }
    }

    @Test
    void whatCannotBeReadIsExitCode2AndLeavesTheFileAsItWas() throws IOException {
        Path page = Files.writeString(dir.resolve("page.html"), "before");
        List<String> broken = new ArrayList<>(lines.subList(0, 20));
        broken.add("{\"event\":");
        for (String file : List.of(written("broken.ndjson", broken).toString(), dir + "/missing.ndjson")) {
            Run run = raft("render", file, "-o", page.toString());
            assertEquals(2, run.exit(), run.out() + run.err());
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(run.err().contains(file), run.err());
            assertEquals("before", Files.readString(page));
            assertEquals(2, raft("validate", "--html", page.toString(), file).exit());
            assertEquals("before", Files.readString(page));
        }
        assertFalse(Files.exists(dir.resolve("page.html.new")));
        Run nowhere = raft("render", trace.toString(), "-o", dir + "/none/page.html");
        assertEquals(2, nowhere.exit(), nowhere.err());
        assertEquals(2, raft("render", trace.toString()).exit());
    }

    @Test
    void validateDrawsTheSamePage() throws IOException {
        Path file = written("bad.ndjson", divergent(lineOfElection()));
        String page = rendered(file, 1);
        Path other = dir.resolve("other.html");
        Run run = raft("validate", "--html", other.toString(), file.toString());
        assertEquals(1, run.exit(), run.err());
        assertEquals(page, Files.readString(other));
        Run two = raft("validate", "--html", other.toString(), file.toString(), trace.toString());
        assertEquals(2, two.exit());
        assertTrue(two.err().contains("--html draws one trace"), two.err());
    }

    /** What the page's script computes of a trace, in Node, against the same said naively. */
    @Test
    void theScriptsModelIsRight() throws IOException, InterruptedException {
        assumeTrue(hasNode(), "no node here: the page's JavaScript is not run");
        String page = rendered(trace, 0);
        Path data = Files.writeString(dir.resolve("data.json"), between(page, "id=\"data\">", "</script>"));
        Process node = new ProcessBuilder(
                        "node", RUNNER.toString(), MODEL.toString(), trace.toString(), data.toString())
                .redirectErrorStream(true)
                .start();
        String out = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(node.waitFor(60, TimeUnit.SECONDS), "no end");
        assertEquals(0, node.exitValue(), out);
        assertTrue(out.matches("[1-9]\\d{3,} states, [1-9]\\d{2,} crossings\\s*"), out);
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
