package dev.checkedraft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.replay.Evidence;
import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.report.JUnitXml;
import dev.checkedraft.report.TraceReport;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** {@code raft validate} with several traces, and the files that it writes. */
class ValidateCommandTest {
    @TempDir
    Path dir;

    private String accepted;
    private String longer;
    private String diverged;
    private String unreadable;

    private static Run validate(String... args) {
        String[] line = new String[args.length + 1];
        line[0] = "validate";
        System.arraycopy(args, 0, line, 1, args.length);
        return Run.raft(line);
    }

    static String write(Path file, List<TraceEvent> events) throws IOException {
        try (TraceWriter writer = new TraceWriter(Files.newOutputStream(file), TestRuns.header(3))) {
            events.forEach(writer::accept);
        }
        return file.toString();
    }

    @BeforeEach
    void traces() throws IOException {
        accepted = write(dir.resolve("b.ndjson"), TestRuns.events(1, 3, 100));
        longer = write(dir.resolve("c.ndjson"), TestRuns.events(2, 3, 5000));
        List<String> lines = Files.readAllLines(Path.of(accepted));
        Path copy = dir.resolve("d.ndjson");
        Files.writeString(copy, lines.get(0) + "\n" + lines.get(1).replace("\"Candidate\"", "\"Leader\"") + "\n");
        diverged = copy.toString();
        Path broken = dir.resolve("e.ndjson");
        Files.writeString(broken, "hello\n");
        unreadable = broken.toString();
    }

    @Test
    void ofManyTracesTheFailedAndTheSlowestComeFirst() {
        Run run = validate(dir.toString());
        assertEquals(2, run.exit());
        assertEquals(1, run.errLines().size(), run.errLines()::toString);
        assertTrue(run.errLines().get(0).startsWith(unreadable + ":1:"), run.errLines()::toString);
        assertTrue(run.outLines().get(0).startsWith(diverged + ":2: "), run.outLines()::toString);
        assertTrue(run.outLines().get(1).startsWith(longer + ": accepted, 5,000 events"), run.outLines()::toString);
        assertTrue(run.outLines().get(2).startsWith(accepted + ": accepted, 100 events"), run.outLines()::toString);
        assertEquals(
                "4 traces: 2 accepted, 1 diverged, 0 unsafe, 0 undecided, 1 unreadable; 5,100 events",
                run.outLines().get(3));
    }

    @Test
    void theReportForContinuousIntegrationHasATestForEachTrace() throws Exception {
        Path report = dir.resolve("junit.xml");
        assertEquals(
                2, validate(dir.toString(), "--junit-xml", report.toString()).exit());
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
        assertEquals("testsuite", suite.getTagName());
        assertEquals("4", suite.getAttribute("tests"));
        assertEquals("1", suite.getAttribute("failures"));
        assertEquals("1", suite.getAttribute("errors"));
        assertEquals(4, suite.getElementsByTagName("testcase").getLength());
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertTrue(failure.getAttribute("message").startsWith(diverged + ":2: "), failure.getAttribute("message"));
        assertTrue(failure.getTextContent().contains("rule: "), failure.getTextContent());
        assertEquals(diverged, ((Element) failure.getParentNode()).getAttribute("name"));
    }

    @Test
    void whatXmlCannotHoldIsReplaced() throws Exception {
        Path report = dir.resolve("odd.xml");
        JUnitXml.write(report, List.of(TraceReport.unreadable("a\u0001\uD800b", "<&]]>\u0000\"", 0.1)));
        Element test = (Element) DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getElementsByTagName("testcase")
                .item(0);
        assertEquals("a??b", test.getAttribute("name"));
        assertEquals("<&]]>?\"", test.getTextContent());
    }

    @Test
    void coverageAddsUpOverRuns() throws IOException {
        Path coverage = dir.resolve("coverage.json");
        validate(accepted, "--coverage", coverage.toString());
        Evidence once = Evidence.parse(Files.readString(coverage));
        assertEquals(100, once.events());
        validate(accepted, "--coverage", coverage.toString());
        assertEquals(once.plus(once), Evidence.parse(Files.readString(coverage)));
        validate(dir.toString(), "--coverage", coverage.toString());
        assertEquals(5300, Evidence.parse(Files.readString(coverage)).events());
    }

    @Test
    void aFileThatIsNoCoverageIsAnErrorOfOneLineAndStaysAsItIs() throws IOException {
        for (String text : List.of("", "[]", "{\"events\":\"x\"}", "{\"mood\":1}", "not json", "{\"events\":1")) {
            Path coverage = dir.resolve("mine.txt");
            Files.writeString(coverage, text);
            Run run = validate(accepted, "--coverage", coverage.toString());
            assertEquals(2, run.exit(), text);
            assertEquals(1, run.errLines().size(), run.errLines()::toString);
            assertEquals(text, Files.readString(coverage));
        }
    }

    @Test
    void severalServersFilesAreOneRun() throws IOException {
        List<TraceEvent> events = TestRuns.events(3, 3, 600);
        String[] args = {"--merge", "", "", "", "--format=json"};
        for (int k = 1; k <= 3; k++) {
            String server = "n" + k;
            List<TraceEvent> own =
                    events.stream().filter(event -> event.node().equals(server)).toList();
            args[k] = write(dir.resolve(server + ".trace"), own);
        }
        Run run = validate(args);
        assertEquals(0, run.exit(), run.errLines()::toString);
        assertEquals(1, run.outLines().size());
        assertTrue(
                run.outLines().get(0).startsWith("{\"verdict\":\"accepted\""),
                run.outLines().get(0));
        assertTrue(
                run.outLines().get(0).contains("\"events\":600,"),
                run.outLines().get(0));
    }

    @Test
    void aServerInTwoMergedFilesIsAnErrorInEitherOrder() throws IOException {
        String copy = write(dir.resolve("copy.trace"), TestRuns.events(1, 3, 100));
        for (String[] args : new String[][] {{"--merge", accepted, copy}, {"--merge", copy, accepted}}) {
            Run run = validate(args);
            assertEquals(2, run.exit(), run.out());
            assertEquals(1, run.errLines().size(), run.errLines()::toString);
            String problem = run.errLines().get(0);
            assertTrue(problem.contains(accepted + ":2") && problem.contains(copy + ":2"), problem);
        }
    }

    @Test
    void theHelpTellsOfEveryOption() {
        String help = String.join("\n", validate("--help").outLines());
        for (String option : List.of(
                "--merge", "--follow", "--verbose", "--format", "--frontier", "--junit-xml", "--coverage", "Ctrl-C")) {
            assertTrue(help.contains(option), option);
        }
    }
}
