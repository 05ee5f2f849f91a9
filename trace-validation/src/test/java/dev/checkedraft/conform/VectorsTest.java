package dev.checkedraft.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.checkedraft.core.Action;
import dev.checkedraft.hunt.Sections;
import dev.checkedraft.port.Fields;
import dev.checkedraft.port.Json;
import dev.checkedraft.port.PortProcess;
import dev.checkedraft.port.ProtocolException;
import dev.checkedraft.trace.TraceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vectors: made from the Java core, steps of the spec, and enough of them. */
class VectorsTest {
    private static final Path SCENARIOS = Kit.VECTORS.resolve("scenarios.txt");
    private static final Path SPEC = Kit.MODULE.resolve("../spec/Raft.tla");

    /** TLC does not count inside these two, whose bodies are conjunctions without LET; it counts where they are called. */
    private static final List<String> NOT_COUNTED = List.of("BecomeFollower(i) ==", "AdoptTerm(i, term) ==");

    @TempDir
    Path folder;

    /** {@code -Draft.rewrite=true} writes them anew. */
    @Test
    void vectorsAreWhatTheJavaCoreDoes() throws IOException, InterruptedException {
        Map<String, String> made = VectorMaker.files(SCENARIOS);
        if (Boolean.getBoolean("raft.rewrite")) {
            for (Map.Entry<String, String> file : made.entrySet()) {
                Files.writeString(Kit.VECTORS.resolve(file.getKey()), file.getValue());
            }
        }
        Set<String> names = new HashSet<>();
        try (var files = Files.newDirectoryStream(Kit.VECTORS, "*.jsonl")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                names.add(name);
                assertEquals(made.get(name), Files.readString(file), name + " is not what the scenarios give");
            }
        }
        assertEquals(made.keySet(), names);
    }

    @Test
    void everyActionHasVectors() throws IOException {
        Set<String> files = new HashSet<>();
        VectorMaker.scenarios(SCENARIOS).forEach(scenario -> files.add(scenario.file()));
        Set<String> actions = new HashSet<>();
        for (Action action : Action.values()) {
            actions.add(action.label());
        }
        assertEquals(actions, files);
    }

    @Test
    void everyLineIsOfTheSchema() throws IOException, ProtocolException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Kit.SCHEMA));
        int lines = 0;
        try (var files = Files.newDirectoryStream(Kit.VECTORS, "*.jsonl")) {
            for (Path file : files) {
                List<String> texts = Files.readAllLines(file);
                for (String text : texts.subList(1, texts.size())) {
                    for (Fields step : Fields.of(Json.read(text), "").objects("steps")) {
                        for (String side : List.of("in", "out")) {
                            String line = Json.write(step.value(side));
                            assertTrue(schema.validate(line, InputFormat.JSON).isEmpty(), line);
                            lines++;
                        }
                    }
                }
            }
        }
        assertTrue(lines > 400, "only " + lines + " lines");
        for (String wrong : List.of(
                "{\"tick\":{},\"heartbeat\":{}}",
                "{\"start\":{}}",
                "{\"state\":{\"leader\":\"n1\"}}",
                "{\"send\":[{\"type\":\"RequestVote\",\"term\":1,\"from\":\"n1\",\"to\":\"n2\",\"voteGranted\":true}]}",
                "{\"state\":{\"currentTerm\":-1}}")) {
            assertFalse(schema.validate(wrong, InputFormat.JSON).isEmpty(), wrong);
        }
    }

    /** TLC walks through the scenarios, and leaves no expression of Raft.tla out that it counts. */
    @Test
    void vectorsReachEveryBranchOfTheSpec() throws IOException, InterruptedException {
        Map<Integer, List<List<TraceEvent>>> traces = new TreeMap<>();
        for (VectorMaker.Scenario scenario : VectorMaker.scenarios(SCENARIOS)) {
            List<TraceEvent> trace = new ArrayList<>();
            VectorMaker.run(scenario, trace::add);
            traces.computeIfAbsent(scenario.schedule().setup().nodes(), nodes -> new ArrayList<>())
                    .add(trace);
        }
        Map<SpecCoverage.Place, Long> counts = new TreeMap<>();
        for (Map.Entry<Integer, List<List<TraceEvent>>> size : traces.entrySet()) {
            SpecCoverage.of(size.getKey(), size.getValue(), SPEC)
                    .forEach((place, count) -> counts.merge(place, count, Long::sum));
        }
        List<String> spec = Files.readAllLines(SPEC);
        List<String> missed = new ArrayList<>();
        counts.forEach((place, count) -> {
            if (count == 0 && !isNotCounted(spec, place.line())) {
                missed.add("line " + place.line() + ", column " + place.column() + ": "
                        + spec.get(place.line() - 1).strip());
            }
        });
        assertEquals(List.of(), missed);
        assertTrue(counts.size() > 250, "TLC counts only " + counts.size() + " expressions of Raft.tla");
        System.out.println("vectors: TLC evaluated all " + counts.size() + " expressions of Raft.tla that it counts");
    }

    /** Whether a line is in one of the definitions that TLC does not look into. */
    private static boolean isNotCounted(List<String> spec, int line) {
        for (int k = line - 1; k >= 0 && !spec.get(k).isBlank(); k--) {
            if (NOT_COUNTED.contains(spec.get(k))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void pythonPortPassesAllVectors() throws IOException, InterruptedException {
        assumeTrue(Kit.hasPython(), "no python3 here");
        Kit.Output output = Kit.run(Kit.python(Kit.RUN_VECTORS));
        int vectors = VectorMaker.scenarios(SCENARIOS).size();
        assertEquals(List.of(vectors + " of " + vectors + " vectors pass"), output.lines());
        assertEquals(0, output.code());
    }

    @ParameterizedTest
    @EnumSource
    void everyMistakeThatOneNodeCanShowFailsAVector(Kit.Language language)
            throws IOException, InterruptedException, ProtocolException {
        assumeTrue(language.isHere(), "no interpreter here");
        List<String> right = language.command(language.port);
        assertEquals(List.of(), Vectors.failing(() -> PortProcess.start(right), false));
        List<String> survivors = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (Kit.Bug bug : Kit.bugs(language)) {
            if (!bug.vectors()) {
                expected.add(bug.id());
            }
            List<String> wrong = language.command(Kit.broken(language, bug, folder));
            if (Vectors.failing(() -> PortProcess.start(wrong), true).isEmpty()) {
                survivors.add(bug.id());
            }
        }
        assertEquals(expected, survivors, "those that only conform finds, as broken.json has them");
    }

    /** The program for porters has the rules of the class here. */
    @Test
    void theProgramForPortersFindsMistakesToo() throws IOException, InterruptedException, ProtocolException {
        assumeTrue(Kit.hasPython(), "no python3 here");
        for (Kit.Bug bug : Kit.bugs(Kit.Language.PYTHON)) {
            if (bug.example()) {
                List<String> port = Kit.python(Kit.broken(Kit.Language.PYTHON, bug, folder));
                List<String> failing = new ArrayList<>();
                Kit.Output output = Kit.run(Kit.python(Kit.RUN_VECTORS, port.toArray(String[]::new)));
                for (String line : output.lines()) {
                    if (line.startsWith("FAILS ")) {
                        failing.add(line.substring(line.indexOf(": ") + 2));
                    }
                }
                assertEquals(1, output.code(), bug.id());
                assertEquals(Vectors.failing(() -> PortProcess.start(port), false), failing, bug.id());
            }
        }
    }

    /** The page for porters says which mistakes the vectors do not show. */
    @Test
    void thePageNamesWhatOnlyConformFinds() throws IOException, ProtocolException {
        TreeSet<String> named = new TreeSet<>();
        Sections.read(Kit.PORTING, "only-conform")
                .lines()
                .skip(2)
                .forEach(row -> named.addAll(
                        List.of(row.substring(2, row.indexOf(" | ")).split(", "))));
        TreeSet<String> flagged = new TreeSet<>();
        for (Kit.Language language : Kit.Language.values()) {
            Kit.bugs(language).stream().filter(bug -> !bug.vectors()).forEach(bug -> flagged.add(bug.id()));
        }
        assertEquals(flagged, named);
    }
}
