package dev.checkedraft.hunt;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Bugs that nobody had in mind who made the nets are found too, by what {@code raft verify} does with its runs. With
 * {@code -Draft.rewrite=true} the list goes to {@code trace-validation/KILLS.md}.
 */
class InventedBugsTest {
    private static final int RUNS = 300;
    private static final double MOST_SECONDS = 300;

    @Test
    void everyBugIsFoundByVerify() throws Exception {
        List<Bug> bugs = Bug.invented();
        assertTrue(bugs.size() >= 10);
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        Map<Bug, Future<Catch>> hunts = new LinkedHashMap<>();
        try {
            for (Bug bug : bugs) {
                Path core = PlantedCore.compile(bug);
                hunts.put(bug, pool.submit(() -> Hunt.cast(PlantedCore.loader(core), "verify", RUNS)));
            }
            StringBuilder table = new StringBuilder("""
                    | bug | what | breaks | caught by | at run | after |
                    | --- | --- | --- | --- | --- | --- |
                    """);
            List<String> missed = new ArrayList<>();
            for (Map.Entry<Bug, Future<Catch>> hunt : hunts.entrySet()) {
                Bug bug = hunt.getKey();
                Catch caught = hunt.getValue().get();
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %d | %.1f s |%n",
                        bug.id(),
                        bug.what(),
                        bug.breaks(),
                        caught.found() ? caught.how() : "nothing",
                        caught.runs(),
                        caught.seconds()));
                if (!caught.found() || caught.seconds() > MOST_SECONDS) {
                    missed.add(bug.id());
                }
            }
            System.out.println(table);
            if (Boolean.getBoolean("raft.rewrite")) {
                Sections.write(Path.of("KILLS.md"), "invented", table.toString());
            }
            assertTrue(missed.isEmpty(), () -> "not found: " + missed);
        } finally {
            pool.shutdownNow();
        }
    }
}
