package dev.checkedraft.hunt;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How soon {@code raft fuzz} finds the planted bugs, guided and at random. Prints a table, and writes it to
 * {@code KILLS.md} if that is there. Not part of the build: it takes minutes.
 */
final class GuidedAgainstRandom {
    private static final int SEEDS = 10;

    private GuidedAgainstRandom() {}

    /** Measures; the first argument is the most runs for a seed, 300 if there is none. */
    public static void main(String[] args) throws Exception {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 300;
        List<Bug> bugs = new ArrayList<>(Bug.catalogue());
        bugs.addAll(Bug.invented());
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        long start = System.nanoTime();
        Map<Bug, Future<String>> rows = new LinkedHashMap<>();
        for (Bug bug : bugs) {
            Path core = PlantedCore.compile(bug);
            rows.put(bug, pool.submit(() -> {
                ClassLoader loader = PlantedCore.loader(core);
                Hunt.cast(loader, "fuzz", true, 0L, 2); // warm
                return cells(loader, true, runs) + cells(loader, false, runs);
            }));
        }
        StringBuilder table = new StringBuilder("""
                | bug | guided: runs | seconds | found | random: runs | seconds | found |
                | --- | --- | --- | --- | --- | --- | --- |
                """);
        for (Map.Entry<Bug, Future<String>> row : rows.entrySet()) {
            String line = "| " + row.getKey().id() + " |" + row.getValue().get();
            System.out.println(line);
            table.append(line).append('\n');
        }
        pool.shutdownNow();
        table.append(String.format(
                Locale.ROOT,
                "%nAt most %d runs for a seed; a median over seeds that found nothing is a bound. Measured in %.0f s.%n",
                runs,
                (System.nanoTime() - start) / 1e9));
        if (Files.exists(Path.of("KILLS.md"))) {
            Sections.write(Path.of("KILLS.md"), "guided", table.toString());
        }
        System.out.println(table);
    }

    private static String cells(ClassLoader core, boolean guided, int runs) {
        List<Long> counts = new ArrayList<>();
        List<Double> seconds = new ArrayList<>();
        int found = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Catch caught = Hunt.cast(core, "fuzz", guided, seed, runs);
            counts.add(caught.runs());
            seconds.add(caught.seconds());
            found += caught.found() ? 1 : 0;
        }
        counts.sort(null);
        seconds.sort(null);
        int middle = SEEDS / 2;
        return String.format(
                Locale.ROOT,
                " %s%.1f | %.2f | %d |",
                found > middle ? "" : ">= ",
                (counts.get(middle - 1) + counts.get(middle)) / 2.0,
                (seconds.get(middle - 1) + seconds.get(middle)) / 2,
                found);
    }
}
