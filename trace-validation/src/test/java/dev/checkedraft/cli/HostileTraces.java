package dev.checkedraft.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Traces that take much memory where something is held without a limit: line by line, so that they need none themselves. */
final class HostileTraces {
    static final String PARTIAL = "{\"format\":\"checked-raft-trace\",\"version\":1,"
            + "\"servers\":[\"n1\",\"n2\",\"n3\"],\"observes\":[],\"omits\":[\"SendAppendEntries\"]}";

    static final List<String> ELECTION = List.of(
            "{\"event\":\"StartElection\",\"node\":\"n1\"}",
            "{\"event\":\"HandleRequestVote\",\"node\":\"n2\"}",
            "{\"event\":\"HandleRequestVoteResponse\",\"node\":\"n1\",\"msg\":{\"voteGranted\":true}}");

    private static final String APPEND_N2 = "{\"event\":\"HandleAppendEntries\",\"node\":\"n2\"}";
    private static final String APPEND_N3 = "{\"event\":\"HandleAppendEntries\",\"node\":\"n3\"}";

    private HostileTraces() {}

    static String propose(String value) {
        return "{\"event\":\"Propose\",\"node\":\"n1\",\"value\":\"" + value + "\"}";
    }

    private static Stream<String> trace(Stream<String> events) {
        return Stream.concat(Stream.concat(Stream.of(PARTIAL), ELECTION.stream()), events);
    }

    private static Stream<String> repeated(int times, IntFunction<String> line) {
        return IntStream.range(0, times).mapToObj(line);
    }

    /** Followers that may have received any slice of a log, which nobody was seen to send. */
    static Stream<String> manyCandidates(int entries, int more) {
        Stream<String> followers =
                Stream.concat(Stream.of(APPEND_N2, APPEND_N3), Collections.nCopies(more, APPEND_N2).stream());
        return trace(Stream.concat(repeated(entries, k -> propose("v")), followers));
    }

    /** Values of so many characters, all different. */
    static Stream<String> hugeValues(int proposals, int length) {
        return trace(repeated(proposals, k -> propose("x".repeat(length) + k)));
    }

    /** Lines of a megabyte, each an AppendEntries of very many entries that nobody sent, after the first of which it is decided. */
    static Stream<String> longSlices(int lines, int entries) {
        String all = String.join(",", Collections.nCopies(entries, "{\"term\":1,\"value\":\"\"}"));
        String line = "{\"event\":\"HandleAppendEntries\",\"node\":\"n2\",\"msg\":{\"from\":\"n1\",\"entries\":[" + all
                + "]}}";
        return trace(repeated(lines, k -> line));
    }

    /** A leader's sends of which nothing is told, of a log of so many entries. */
    static Stream<String> openSends(int entries, int sends) {
        return trace(Stream.concat(
                repeated(entries, k -> propose("v" + k)),
                repeated(sends, k -> "{\"event\":\"SendAppendEntries\",\"node\":\"n1\"}")));
    }

    /** Elections that may or may not have been noticed, and messages that only some of the states know of. */
    static Stream<String> wideFrontier(int rounds) {
        List<String> events = new ArrayList<>();
        for (int k = 0; k < rounds; k++) {
            events.add(propose("v" + k));
            events.add(k % 2 == 0 ? APPEND_N2 : APPEND_N3);
            events.add("{\"event\":\"HandleAppendEntriesResponse\",\"node\":\"n1\"}");
        }
        return trace(events.stream());
    }

    /** A log that grows by short values. */
    static Stream<String> longLog(int entries) {
        return trace(repeated(entries, k -> propose("value-" + k)));
    }
}
