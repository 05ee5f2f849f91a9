package dev.checkedraft.cli;

import static dev.checkedraft.cli.Run.raft;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The page of a run, read as the XML that it is. */
class RenderCommandTest {
    private static final String HEADER =
            "{\"format\":\"checked-raft-trace\",\"version\":1,\"servers\":[\"a\",\"b\",\"c\"],\"observes\":[]}\n";
    private static final String ELECTION =
            "{\"event\":\"StartElection\",\"node\":\"a\",\"sent\":{\"term\":1},\"state\":{\"currentTerm\":1,\"role\":\"Candidate\"}}\n"
                    + "{\"event\":\"HandleRequestVote\",\"node\":\"b\",\"msg\":{\"type\":\"RequestVote\",\"term\":1,\"from\":\"a\","
                    + "\"to\":\"b\"},\"sent\":{\"term\":1,\"voteGranted\":true},\"state\":{\"currentTerm\":1}}\n"
                    + "{\"event\":\"HandleRequestVoteResponse\",\"node\":\"a\",\"msg\":{\"type\":\"RequestVoteResponse\",\"term\":1,"
                    + "\"from\":\"b\",\"to\":\"a\",\"voteGranted\":true},\"state\":{\"role\":\"Leader\"}}\n";

    @TempDir
    Path dir;

    private Document page(int exit, String trace) throws Exception {
        Path file = dir.resolve("t.ndjson");
        Path html = dir.resolve("t.html");
        Files.writeString(file, trace);
        Run run = raft("render", file.toString(), "-o", html.toString());
        assertEquals(exit, run.exit(), run.out() + run.err());
        String text = Files.readString(html);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(text.replace("<!DOCTYPE html>", ""))));
    }

    private static List<Element> all(Document page, String tag, String style) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = page.getElementsByTagName(tag);
        for (int k = 0; k < nodes.getLength(); k++) {
            Element element = (Element) nodes.item(k);
            if (List.of(element.getAttribute("class").split(" ")).contains(style)) {
                found.add(element);
            }
        }
        return found;
    }

    @Test
    void anElectionIsDrawnWithItsMessagesAndItsLeader() throws Exception {
        Document page = page(0, HEADER + ELECTION);
        assertEquals(3, all(page, "g", "event").size());
        assertEquals(2, all(page, "line", "message").size());
        assertEquals(1, all(page, "line", "lost").size(), "the request to c");
        assertEquals(
                "HandleRequestVoteResponse: leads term 1",
                all(page, "text", "what").get(2).getTextContent());
        assertEquals(List.of(), all(page, "g", "decisive"));
    }

    @Test
    void aDivergenceIsMarkedInTheRunAndInTheSpec() throws Exception {
        Document page = page(
                1,
                HEADER
                        + ELECTION.replace(
                                "\"voteGranted\":true},\"state\":{\"currentTerm\":1",
                                "\"voteGranted\":true},\"state\":{\"currentTerm\":2"));
        List<Element> decisive = all(page, "g", "decisive");
        assertEquals(1, decisive.size());
        assertEquals("e2", decisive.get(0).getAttribute("id"));
        assertEquals("#e2", ((Element) page.getElementsByTagName("a").item(0)).getAttribute("href"));
        NodeList marks = page.getElementsByTagName("mark");
        assertEquals(1, marks.getLength());
        assertTrue(
                marks.item(0).getTextContent().contains("currentTerm' = "),
                marks.item(0).getTextContent());
        assertEquals("currentTerm", page.getElementsByTagName("td").item(0).getTextContent());
    }

    @Test
    void aFalseConditionIsMarked() throws Exception {
        Document page = page(1, HEADER + "{\"event\":\"Propose\",\"node\":\"a\",\"value\":\"x\"}\n");
        NodeList marks = page.getElementsByTagName("mark");
        assertEquals(1, marks.getLength());
        assertTrue(
                marks.item(0).getTextContent().contains("role[i] = Leader"),
                marks.item(0).getTextContent());
    }

    /** Nothing in a trace becomes an element, an attribute or a place of the page. */
    @Test
    void whatATraceSaysIsText() throws Exception {
        String hostile = "</text></svg><script>alert(1)</script>' onload=x @DIAGRAM@ <!-- ]]> \\\" \\u0000 \\ud800";
        Document page =
                page(0, HEADER + ELECTION + "{\"event\":\"Propose\",\"node\":\"a\",\"value\":\"" + hostile + "\"}\n");
        assertEquals(0, page.getElementsByTagName("script").getLength());
        assertEquals(2, page.getElementsByTagName("svg").getLength());
        Document diverged = page(1, HEADER + "{\"event\":\"Propose\",\"node\":\"a\",\"value\":\"" + hostile + "\"}\n");
        assertEquals(0, diverged.getElementsByTagName("script").getLength());
        assertEquals(2, diverged.getElementsByTagName("svg").getLength());
    }

    @Test
    void whatCannotBeReadOrWrittenIsSaidAndLeavesNoPage() throws IOException {
        Path html = dir.resolve("t.html");
        Run missing = raft("render", dir.resolve("none").toString(), "-o", html.toString());
        assertEquals(2, missing.exit());
        assertEquals(1, missing.err().lines().count(), missing.err());
        assertFalse(Files.exists(html));
        assertEquals(2, raft("render", "x").exit());
    }
}
