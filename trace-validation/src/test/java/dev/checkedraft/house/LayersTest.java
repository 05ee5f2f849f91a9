package dev.checkedraft.house;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** ARCHITECTURE.md draws the layers; the imports of all main code are held to them here. */
class LayersTest {

    /** A package a line, from the lowest up, with the packages that it may know. Each names lower ones only. */
    private static final Map<String, Set<String>> LAYERS = layers("""
            spec.value
            spec.raft        spec.value
            spec.result      spec.raft
            spec.manifest    spec.result
            spec.run         spec.value spec.raft spec.result spec.manifest
            smt
            translation      smt
            proof            smt translation spec.manifest
            core
            trace            core
            emit             core trace
            schedule         core trace
            safety           core schedule
            sim              core trace schedule safety
            search           core trace schedule safety sim
            eval
            tlc              eval core trace
            judge            tlc core trace safety
            replay           judge tlc core trace safety
            validate         judge replay tlc core trace
            book             tlc trace spec.run spec.manifest spec.result
            explain          judge validate replay tlc core trace
            report           explain replay core trace spec.raft spec.value
            live             report validate replay judge trace
            picture          report explain judge replay core trace
            explore          tlc core trace
            play             explore schedule core
            fuzz             validate replay search sim safety schedule core trace
            port             core trace schedule
            drive            port explain validate replay schedule core trace
            conform          drive port explore validate replay tlc schedule core trace
            testkit          schedule core
            cli              book proof conform drive port fuzz play explore picture live report explain validate replay tlc search sim \
                             schedule trace spec.run spec.manifest spec.result spec.raft
            kv               core
            disk             core trace
            server           disk kv core trace
            cluster          server disk kv cli report validate replay trace
            torture          cluster server disk kv cli report core
            """);

    /** A package, or one of its types, in an import. */
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?dev\\.checkedraft\\.((?:spec\\.)?[a-z]+)\\.[A-Z]", Pattern.MULTILINE);

    private static final Pattern PACKAGE =
            Pattern.compile("^package dev\\.checkedraft\\.([a-z.]+);", Pattern.MULTILINE);

    @Test
    void everyImportPointsDownTheLayers() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Source source : sources()) {
            Set<String> allowed = LAYERS.getOrDefault(source.inPackage(), Set.of());
            for (String known : source.knows()) {
                if (!known.equals(source.inPackage()) && !allowed.contains(known)) {
                    wrong.add(source.path() + " imports " + known);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void noLayerIsIdleAndNoPackageIsOutsideThem() throws IOException {
        Map<String, Set<String>> used = new TreeMap<>();
        for (Source source : sources()) {
            Set<String> others = used.computeIfAbsent(source.inPackage(), name -> new TreeSet<>());
            others.addAll(source.knows());
            others.remove(source.inPackage());
        }
        assertEquals(LAYERS.keySet(), used.keySet());
        LAYERS.forEach((name, known) -> assertEquals(known, used.get(name), () -> "what " + name + " knows"));
    }

    @Test
    void noPackageIsLongerThanAnAfternoonsReading() throws IOException {
        Map<String, Long> lines = sources().stream()
                .collect(groupingBy(
                        Source::inPackage,
                        summingLong(source -> source.text().lines().count())));
        assertTrue(lines.values().stream().allMatch(count -> count <= 2_300), lines::toString);
    }

    private record Source(Path path, String text) {

        String inPackage() {
            return PACKAGE.matcher(text).results().findFirst().orElseThrow().group(1);
        }

        Set<String> knows() {
            Set<String> known = new TreeSet<>();
            for (MatchResult found : IMPORT.matcher(text).results().toList()) {
                known.add(found.group(1));
            }
            return known;
        }
    }

    private static List<Source> sources() throws IOException {
        List<Source> sources = new ArrayList<>();
        for (String module : List.of("spec", "impl", "trace-validation", "testkit", "cluster")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java", "dev"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    sources.add(new Source(file, Files.readString(file)));
                }
            }
        }
        return sources;
    }

    private static Map<String, Set<String>> layers(String text) {
        Map<String, Set<String>> layers = new TreeMap<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" +");
            Set<String> known = new TreeSet<>(List.of(words).subList(1, words.length));
            if (!layers.keySet().containsAll(known)) {
                throw new IllegalStateException(words[0] + " may know only what stands above it: " + known);
            }
            layers.put(words[0], known);
        }
        return layers;
    }
}
