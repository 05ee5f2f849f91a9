package dev.checkedraft.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The main class of the JVM of HeapLimitsTest: validates hostile traces from standard input and from files, a line each. */
final class HostileHeap {
    /** By name; each as a stream of lines. */
    static final Map<String, Supplier<Stream<String>>> TRACES = traces();

    private HostileHeap() {}

    private static Map<String, Supplier<Stream<String>>> traces() {
        Map<String, Supplier<Stream<String>>> traces = new LinkedHashMap<>();
        traces.put("many candidates", () -> HostileTraces.manyCandidates(60, 1));
        traces.put("400 proposals of 1 MB", () -> HostileTraces.hugeValues(400, 1_000_000));
        traces.put("slices of a megabyte", () -> HostileTraces.longSlices(24, 45_000));
        traces.put("sends that tell nothing", () -> HostileTraces.openSends(1000, 3));
        traces.put("a wide frontier", () -> HostileTraces.wideFrontier(12));
        traces.put("a long log", () -> HostileTraces.longLog(500_000));
        return traces;
    }

    /** Validates the trace of that name; prints exit code and first line. */
    public static void main(String[] args) throws IOException {
        for (Map.Entry<String, Supplier<Stream<String>>> trace : TRACES.entrySet()) {
            for (String name : args) {
                if (name.equals(trace.getKey())) {
                    System.setIn(stream(trace.getValue().get()));
                    print(name, Run.raft("validate", "--strict", "-"));
                }
                if (name.equals("any Raft: " + trace.getKey())) {
                    System.setIn(stream(trace.getValue().get()));
                    print(name, Run.raft("validate", "-"));
                }
                if (name.equals("file: " + trace.getKey())) {
                    Path file = Files.createTempFile("hostile", ".ndjson");
                    try {
                        Files.copy(stream(trace.getValue().get()), file, StandardCopyOption.REPLACE_EXISTING);
                        print(name, Run.raft("validate", "--strict", file.toString()));
                    } finally {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private static void print(String name, Run run) {
        List<String> lines = run.err().isEmpty() ? run.outLines() : run.errLines();
        System.err.println(name + " | " + run.exit() + " | " + run.errLines().size() + " | " + lines.get(0));
    }

    @SuppressWarnings("JdkObsolete") // SequenceInputStream takes an Enumeration
    private static InputStream stream(Stream<String> lines) {
        Iterator<InputStream> each = lines.<InputStream>map(
                        line -> new ByteArrayInputStream((line + "\n").getBytes(StandardCharsets.UTF_8)))
                .iterator();
        return new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return each.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return each.next();
            }
        });
    }
}
