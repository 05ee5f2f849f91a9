package dev.checkedraft.conform;

import dev.checkedraft.core.Entry;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.trace.TraceEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Has TLC itself, in a JVM of its own and with coverage on, walk through traces as behaviors of Raft.tla; and reads how often
 * it evaluated each expression of that module.
 */
final class SpecCoverage {
    /** An expression of Raft.tla: its first and last line and column. */
    record Place(int line, int column, int lastLine, int lastColumn) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return line != other.line
                    ? Integer.compare(line, other.line)
                    : column != other.column
                            ? Integer.compare(column, other.column)
                            : Integer.compare(lastLine * 1000 + lastColumn, other.lastLine * 1000 + other.lastColumn);
        }
    }

    private static final Pattern COVERED =
            Pattern.compile("line (\\d+), col (\\d+) to line (\\d+), col (\\d+) of module Raft(?:>)?: (\\d+)");
    private static final Pattern DISTINCT = Pattern.compile("(\\d+) distinct states found");

    private SpecCoverage() {}

    /**
     * Walks through traces of clusters of one size.
     *
     * @return for every expression of Raft.tla that TLC names, how often it was evaluated
     * @throws AssertionError if a trace is no behavior of the spec
     */
    static Map<Place, Long> of(int nodes, List<List<TraceEvent>> traces, Path spec)
            throws IOException, InterruptedException {
        Path dir = Files.createTempDirectory("vector-coverage");
        try {
            Files.copy(spec, dir.resolve("Raft.tla"));
            Files.writeString(dir.resolve("Vectors.tla"), module(traces));
            Files.writeString(dir.resolve("Vectors.cfg"), config(nodes));
            String output = tlc(dir);
            long states = traces.stream().mapToLong(trace -> trace.size() + 1L).sum();
            Matcher distinct = DISTINCT.matcher(output);
            if (!distinct.find() || Long.parseLong(distinct.group(1)) != states) {
                throw new AssertionError("TLC does not walk through all " + states + " states:\n" + output);
            }
            Map<Place, Long> counts = new TreeMap<>();
            Matcher covered = COVERED.matcher(output);
            while (covered.find()) {
                Place place = new Place(number(covered, 1), number(covered, 2), number(covered, 3), number(covered, 4));
                counts.merge(place, Long.parseLong(covered.group(5)), Long::sum);
            }
            return counts;
        } finally {
            try (var files = Files.walk(dir)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static String tlc(Path dir) throws IOException, InterruptedException {
        String jar = Path.of(tlc2.TLC
                        .class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Djava.io.tmpdir=" + dir,
                        "-cp",
                        jar,
                        "tlc2.TLC",
                        "-coverage",
                        "1",
                        "-deadlock",
                        "-workers",
                        "1",
                        "-metadir",
                        dir.resolve("meta").toString(),
                        "Vectors")
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static String config(int nodes) {
        String servers = IntStream.rangeClosed(1, nodes)
                .mapToObj(node -> "\"" + Nodes.name(node) + "\"")
                .collect(Collectors.joining(", "));
        return "CONSTANTS Server = {" + servers + "} Value = {\"v\"} NoOp = \"\" Nil = \"\"\n"
                + "INIT VectorInit\nNEXT VectorNext\n";
    }

    private static String module(List<List<TraceEvent>> traces) {
        List<String> texts = new ArrayList<>();
        for (List<TraceEvent> trace : traces) {
            texts.add(trace.stream().map(SpecCoverage::event).collect(Collectors.joining(",\n  ", "<<", ">>")));
        }
        return """
                ---- MODULE Vectors ----
                EXTENDS Raft
                VARIABLES trace, at
                Nothing == [field \\in {} |-> 0]
                Traces == <<%s>>
                event == Traces[trace][at]
                i == event.node
                Sent(m) == m \\in messages /\\ m.to = i
                Step == CASE event.event = "StartElection" -> StartElection(i)
                          [] event.event = "HandleRequestVote" ->
                                 Sent(event.msg) /\\ HandleRequestVote(i, event.msg)
                          [] event.event = "HandleRequestVoteResponse" ->
                                 Sent(event.msg) /\\ HandleRequestVoteResponse(i, event.msg)
                          [] event.event = "Propose" -> Propose(i, event.value)
                          [] event.event = "SendAppendEntries" ->
                                 SendAppendEntries(i, event.msg.to, event.msg.prevLogIndex, Len(event.msg.entries),
                                                   event.msg.leaderCommit)
                          [] event.event = "HandleAppendEntries" ->
                                 Sent(event.msg) /\\ HandleAppendEntries(i, event.msg)
                          [] event.event = "HandleAppendEntriesResponse" ->
                                 Sent(event.msg) /\\ HandleAppendEntriesResponse(i, event.msg)
                          [] event.event = "Restart" -> Restart(i)
                VectorInit == Init /\\ trace \\in 1..Len(Traces) /\\ at = 1
                VectorNext == at <= Len(Traces[trace]) /\\ Step /\\ at' = at + 1 /\\ UNCHANGED trace
                ====
                """.formatted(String.join(",\n", texts));
    }

    private static String event(TraceEvent event) {
        return "[event |-> \"" + event.action().label() + "\", node |-> \"" + event.node() + "\", msg |-> "
                + value(event.msg()) + ", value |-> " + value(event.value()) + "]";
    }

    private static String value(Object value) {
        if (value == null) {
            return "Nothing";
        } else if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(field -> field.getKey() + " |-> " + value(field.getValue()))
                    .collect(Collectors.joining(", ", "[", "]"));
        } else if (value instanceof List<?> list) {
            return list.stream().map(SpecCoverage::value).collect(Collectors.joining(", ", "<<", ">>"));
        } else if (value instanceof Entry entry) {
            return "[term |-> " + entry.term() + ", value |-> " + value(entry.value()) + "]";
        } else if (value instanceof Boolean flag) {
            return flag ? "TRUE" : "FALSE";
        } else if (value instanceof String string) {
            // TLC's parser reads no text but plain ASCII: which value it is, is told by its code points.
            return "\""
                    + (string.matches("[A-Za-z0-9 ]*")
                            ? string
                            : Arrays.toString(string.codePoints().toArray()))
                    + "\"";
        }
        return String.valueOf(value);
    }
}
