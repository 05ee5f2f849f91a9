package dev.checkedraft.hunt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.Mutants;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Plants every bug of the catalogue in the Java core and hunts it with each net alone. With {@code -Dkills.write=true} the
 * matrix goes to {@code trace-validation/KILLS.md}.
 */
class KillMatrixTest {
    private static final int RUNS = 300;

    /** Of the runs that look for what is unsafe, for a bug that is not; and the other way round. */
    private static final int FEW_RUNS = 10;

    private static final int TICK_RUNS = 40;
    private static final int VERIFY_RUNS = 300;
    private static final int CONFORM_RUNS = 50;
    private static final int TRIES = 1_500;
    private static final int REPLAY_TRIES = 300;
    private static final int STATES = 4_000;

    @Test
    void correctCoreIsCaughtInNoNet() {
        ClassLoader core = PlantedCore.loader();
        for (Map.Entry<Net, Catch> caught : cast(core, true).entrySet()) {
            assertFalse(
                    caught.getValue().found(),
                    () -> caught.getKey() + " finds " + caught.getValue().how() + " in the core as it is");
        }
    }

    @Test
    void everyBugIsFound() throws Exception {
        long start = System.nanoTime();
        List<Bug> bugs = Bug.catalogue();
        assertEquals(53, bugs.size(), "bugs in the catalogue");
        Map<String, Map<Net, Catch>> matrix = hunt(bugs);
        double seconds = (System.nanoTime() - start) / 1e9;

        List<Integer> lengths = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        for (Bug bug : bugs) {
            Map<Net, Catch> row = matrix.get(bug.id());
            // What verify does is what some of the others do, together.
            long nets = row.entrySet().stream()
                    .filter(net -> net.getKey() != Net.VERIFY && net.getValue().found())
                    .count();
            if (nets < (bug.isUnsafe() ? 3 : 2)) {
                missed.add(bug.id() + ": found by " + nets + " nets");
            } else if (!row.get(Net.VERIFY).found()) {
                missed.add(bug.id() + ": not found by verify");
            }
            shortest(row).ifPresent(lengths::add);
        }
        lengths.sort(null);
        int median = lengths.get(lengths.size() / 2);
        String table = table(bugs, matrix, seconds, median);
        System.out.println(table);
        if (Boolean.getBoolean("kills.write")) {
            Sections.write(Path.of("KILLS.md"), "matrix", table);
        }
        assertTrue(missed.isEmpty(), () -> String.join("\n", missed));
        assertTrue(median <= 25, "the median minimised schedule has " + median + " decisions");
    }

    private static Map<String, Map<Net, Catch>> hunt(List<Bug> bugs) throws Exception {
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
            Map<String, Future<Map<Net, Catch>>> rows = new LinkedHashMap<>();
            for (Bug bug : bugs) {
                Path core = cores.get(bug.id());
                Callable<Map<Net, Catch>> row = () -> cast(PlantedCore.loader(core), bug.isUnsafe());
                rows.put(bug.id(), pool.submit(row));
            }
            Map<String, Catch> tests = new HashMap<>(first.get());
            tests.putAll(second.get());
            Map<String, Map<Net, Catch>> matrix = new LinkedHashMap<>();
            Mutants mutants = Mutants.read(Path.of("../spec/mutants/mutants.json"));
            for (Bug bug : bugs) {
                Map<Net, Catch> row = rows.get(bug.id()).get();
                row.put(Net.TESTS, tests.get(bug.id()));
                row.put(Net.SPEC, spec(mutants, bug.id()));
                matrix.put(bug.id(), row);
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

    /** What those two find, each in the same runs, verify finds, no later. */
    private static Catch verify(ClassLoader core, Catch properties, Catch replay) {
        if (!properties.found() && !replay.found()) {
            Catch caught = Hunt.cast(core, "verify", VERIFY_RUNS);
            return caught.found() ? new Catch(true, 0, 0, 0, part(caught)) : caught;
        }
        boolean sooner = properties.found() && (!replay.found() || properties.runs() <= replay.runs());
        return new Catch(true, 0, 0, 0, part(sooner ? properties : replay));
    }

    private static String part(Catch caught) {
        return caught.how().substring(0, caught.how().indexOf(':'));
    }

    private static Map<Net, Catch> cast(ClassLoader core, boolean unsafe) {
        Map<Net, Catch> row = new EnumMap<>(Net.class);
        Catch properties = Hunt.cast(core, "properties", unsafe ? RUNS : FEW_RUNS, TRIES);
        row.put(Net.PROPERTIES, properties);
        row.put(Net.REPLAY, Hunt.cast(core, "replay", RUNS, properties.found() ? 0 : REPLAY_TRIES));
        row.put(Net.EXPLORE, Hunt.cast(core, "explore", STATES));
        row.put(Net.TICKS, Hunt.cast(core, "ticks", unsafe ? FEW_RUNS : TICK_RUNS));
        row.put(Net.VERIFY, verify(core, row.get(Net.PROPERTIES), row.get(Net.REPLAY)));
        row.put(Net.CONFORM, Hunt.cast(core, "conform", CONFORM_RUNS));
        row.put(Net.VECTORS, Hunt.cast(core, "vectors"));
        return row;
    }

    private static java.util.Optional<Integer> shortest(Map<Net, Catch> row) {
        return Arrays.asList(Net.PROPERTIES, Net.REPLAY).stream()
                .map(row::get)
                .filter(Catch::found)
                .map(Catch::decisions)
                .findFirst();
    }

    private static String table(List<Bug> bugs, Map<String, Map<Net, Catch>> matrix, double seconds, int median) {
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
                text.append(' ').append(matrix.get(bug.id()).get(net).cell()).append(" |");
            }
            text.append('\n');
        }
        text.append("| found, of ").append(bugs.size()).append(" | |");
        for (Net net : Net.values()) {
            text.append(' ')
                    .append(matrix.values().stream()
                            .filter(row -> row.get(net).found())
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
