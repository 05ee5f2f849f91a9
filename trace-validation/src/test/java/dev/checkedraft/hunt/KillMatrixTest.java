package dev.checkedraft.hunt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.Mutants;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Plants every bug of the catalogue in the Java core, and hunts it with one net after the other until enough have found it.
 * With {@code -Draft.rewrite=true} with all of them, and the matrix goes to {@code trace-validation/KILLS.md}.
 */
class KillMatrixTest {
    private static final boolean WRITES = Boolean.getBoolean("raft.rewrite");

    @Test
    void correctCoreIsCaughtInNoNet() {
        Row row = new Row(PlantedCore.loader(), false).castUntil(Integer.MAX_VALUE);
        for (Net net : Net.values()) {
            Catch caught = row.get(net);
            assertFalse(
                    caught != null && caught.found(), () -> net + " finds " + caught.how() + " in the core as it is");
        }
    }

    @Test
    void everyBugIsFound() throws Exception {
        long start = System.nanoTime();
        List<Bug> bugs = Bug.catalogue();
        assertEquals(53, bugs.size(), "bugs in the catalogue");
        Map<String, Row> matrix = hunt(bugs);
        double seconds = (System.nanoTime() - start) / 1e9;

        List<Integer> lengths = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        for (Bug bug : bugs) {
            Row row = matrix.get(bug.id());
            if (row.found() < enough(bug)) {
                missed.add(bug.id() + ": found by " + row.found() + " nets");
            } else if (!row.get(Net.VERIFY).found()) {
                missed.add(bug.id() + ": not found by verify");
            }
            shortest(row).ifPresent(lengths::add);
        }
        lengths.sort(null);
        int median = lengths.isEmpty() ? 0 : lengths.get(lengths.size() / 2);
        String table = table(bugs, matrix, seconds, median);
        System.out.println(table);
        if (WRITES) {
            Sections.write(Path.of("KILLS.md"), "matrix", table);
        }
        assertTrue(missed.isEmpty(), () -> String.join("\n", missed));
        // In a build only the schedules of bugs that few nets find are made short.
        assertTrue(!WRITES || median <= 25, "the median minimised schedule has " + median + " decisions");
    }

    /** So many nets must find it. */
    private static int enough(Bug bug) {
        return bug.isUnsafe() ? 3 : 2;
    }

    private static Map<String, Row> hunt(List<Bug> bugs) throws Exception {
        Map<String, Path> cores = new LinkedHashMap<>();
        for (Bug bug : bugs) {
            cores.put(bug.id(), PlantedCore.compile(bug));
        }
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        ExecutorService other = Executors.newFixedThreadPool(2);
        try {
            Path suite = PlantedCore.compileTests();
            List<Path> folders = List.copyOf(cores.values());
            int half = folders.size() / 2;
            Future<Map<String, Catch>> first = other.submit(() -> Hunt.tests(suite, folders.subList(0, half)));
            Future<Map<String, Catch>> second =
                    other.submit(() -> Hunt.tests(suite, folders.subList(half, folders.size())));
            Mutants mutants = Mutants.read(Path.of("../spec/mutants/mutants.json"));
            Map<String, Future<Row>> rows = new LinkedHashMap<>();
            for (Bug bug : bugs) {
                Row row = new Row(PlantedCore.loader(cores.get(bug.id())), bug.isUnsafe());
                row.put(Net.SPEC, spec(mutants, bug.id()));
                // The tests, which hunt meanwhile, are one more.
                int others = WRITES ? Integer.MAX_VALUE : enough(bug) - 1;
                rows.put(bug.id(), pool.submit(() -> row.castUntil(others)));
            }
            Map<String, Catch> tests = new HashMap<>(first.get());
            tests.putAll(second.get());
            Map<String, Row> matrix = new LinkedHashMap<>();
            for (Bug bug : bugs) {
                Row row = rows.get(bug.id()).get();
                row.put(Net.TESTS, tests.get(bug.id()));
                matrix.put(bug.id(), row.castUntil(enough(bug)));
            }
            return matrix;
        } finally {
            pool.shutdownNow();
            other.shutdownNow();
        }
    }

    /** What the model checker finds is told by the spec's mutants, and held by their own test. */
    private static Catch spec(Mutants mutants, String id) {
        return mutants.find(id)
                .map(mutant -> new Catch(true, 0, 0, 0, mutant.property()))
                .orElse(new Catch(false, 0, 0, 0, ""));
    }

    /** The length of the shortest schedule that a net made. */
    private static Optional<Integer> shortest(Row row) {
        return Stream.of(Net.PROPERTIES, Net.REPLAY)
                .map(row::get)
                .filter(found -> found != null && found.decisions() > 0)
                .map(Catch::decisions)
                .findFirst();
    }

    private static String table(List<Bug> bugs, Map<String, Row> matrix, double seconds, int median) {
        StringBuilder text = new StringBuilder("| bug | breaks |");
        for (Net net : Net.values()) {
            text.append(' ').append(net.label()).append(" |");
        }
        text.append("\n| --- | --- |")
                .append(" --- |".repeat(Net.values().length))
                .append('\n');
        for (Bug bug : bugs) {
            text.append("| ")
                    .append(bug.id())
                    .append(" | ")
                    .append(bug.breaks())
                    .append(" |");
            for (Net net : Net.values()) {
                Catch found = matrix.get(bug.id()).get(net);
                text.append(' ').append(found == null ? "" : found.cell()).append(" |");
            }
            text.append('\n');
        }
        text.append("| found, of ").append(bugs.size()).append(" | |");
        for (Net net : Net.values()) {
            text.append(' ')
                    .append(matrix.values().stream()
                            .filter(row -> row.get(net) != null && row.get(net).found())
                            .count())
                    .append(" |");
        }
        text.append(String.format(
                Locale.ROOT,
                "%n%nMedian length of the minimised schedules: %d decisions. Made in %.0f s on %d processors.%n",
                median,
                seconds,
                Runtime.getRuntime().availableProcessors()));
        return text.toString();
    }
}
