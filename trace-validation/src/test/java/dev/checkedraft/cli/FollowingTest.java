package dev.checkedraft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.live.LiveValidation;
import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.TraceReport;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.validate.MergedRuns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traces that are validated while they are written. */
@Timeout(120)
class FollowingTest {
    private static final TraceEvent IMPOSSIBLE =
            new TraceEvent(Action.RESTART, "n2", null, null, null, Map.of("currentTerm", 99L));

    @TempDir
    Path dir;

    private final BlockingQueue<TraceReport> reports = new LinkedBlockingQueue<>();

    private LiveValidation follow(boolean merge, List<Path> files) {
        LiveValidation following = LiveValidation.of(
                files.stream().map(Path::toString).toList(), merge, true, ValidatorOptions.DEFAULT, reports::add);
        Thread thread = new Thread(() -> {
            try {
                following.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return following;
    }

    /** The lines of a trace, each with its end. */
    private List<String> lines(List<TraceEvent> events) throws IOException {
        Path file = dir.resolve("whole.ndjson");
        ValidateCommandTest.write(file, events);
        return Files.readAllLines(file).stream().map(line -> line + "\n").collect(Collectors.toList());
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private TraceReport next() throws InterruptedException {
        TraceReport report = reports.poll(60, TimeUnit.SECONDS);
        assertNotNull(report, "no verdict within a minute");
        return report;
    }

    @Test
    void aDivergenceIsToldAsSoonAsItsLineIsWhole() throws Exception {
        List<TraceEvent> events = new ArrayList<>(TestRuns.events(7, 3, 200));
        events.add(IMPOSSIBLE);
        List<String> lines = lines(events);
        long best = Long.MAX_VALUE;
        for (int attempt = 1; attempt <= 3; attempt++) {
            Path file = Files.createFile(dir.resolve("t" + attempt + ".ndjson"));
            follow(false, List.of(file));
            // Half a line is no line yet.
            String all = String.join("", lines.subList(0, 201));
            append(file, all.substring(0, 10_000));
            append(file, all.substring(10_000) + lines.get(201).substring(0, 20));
            assertNull(reports.poll(300, TimeUnit.MILLISECONDS));
            long start = System.nanoTime();
            append(file, lines.get(201).substring(20));
            TraceReport report = next();
            best = Math.min(best, System.nanoTime() - start);
            assertEquals(ExitCode.FAILED, report.exit());
            assertTrue(report.line().startsWith(file + ":202: n2 Restart: currentTerm: spec "), report.line());
        }
        System.out.printf("a divergence was told %.3f s after its line%n", best / 1e9);
    }

    @Test
    void mergedTracesAreFollowedInWhateverOrderTheyAreWritten() throws Exception {
        List<TraceEvent> events = TestRuns.events(8, 3, 300);
        List<Path> files = new ArrayList<>();
        List<List<String>> lines = new ArrayList<>();
        for (int k = 1; k <= 3; k++) {
            String server = "n" + k;
            files.add(Files.createFile(dir.resolve(server + ".ndjson")));
            lines.add(lines(
                    events.stream().filter(event -> event.node().equals(server)).toList()));
        }
        LiveValidation following = follow(true, files);
        for (int k = 2; k >= 0; k--) {
            append(files.get(k), String.join("", lines.get(k)));
        }
        assertNull(reports.poll(300, TimeUnit.MILLISECONDS));
        append(files.get(1), lines(List.of(IMPOSSIBLE)).get(1));
        TraceReport report = next();
        assertEquals(TraceReport.Kind.DIVERGED, report.kind());
        String place = files.get(1) + ":" + (lines.get(1).size() + 1) + ": ";
        assertEquals(place, report.line().substring(0, place.length()), report.line());
        following.stop();
        assertNull(reports.poll(), "a run is over once");
    }

    @Test
    void aServerInTwoFollowedTracesIsAnError() throws Exception {
        List<String> lines = lines(TestRuns.events(8, 1, 3));
        List<Path> files = List.of(dir.resolve("a.ndjson"), dir.resolve("b.ndjson"));
        for (Path file : files) {
            Files.writeString(file, lines.get(0) + lines.get(1));
        }
        follow(true, files);
        TraceReport report = next();
        assertEquals(ExitCode.USAGE, report.exit());
        assertTrue(report.line().contains("a.ndjson:2") && report.line().contains("b.ndjson:2"), report.line());
    }

    /** The likeliest of 70 messages do not explain the leader's next event, so that what was taken is taken anew. */
    @Test
    void whatWasTakenIsTakenAnewOnceWhenMergedTracesEnd() throws Exception {
        List<String> texts = new ArrayList<>(MergedRuns.files());
        for (int exit : new int[] {ExitCode.OK, ExitCode.FAILED}) {
            List<String> files = new ArrayList<>();
            for (String text : texts) {
                Path file = dir.resolve("of" + exit + "n" + files.size() + ".ndjson");
                files.add(Files.writeString(file, text).toString());
            }
            LiveValidation.of(files, true, false, ValidatorOptions.DEFAULT, reports::add)
                    .run();
            TraceReport report = next();
            assertEquals(exit, report.exit(), report.line());
            assertEquals(144, report.evidence().events());
            texts.set(0, MergedRuns.LEADER + MergedRuns.IMPOSSIBLE);
        }
    }

    @Test
    void whatIsDecidedSoFarIsToldAtAStop() throws Exception {
        Path file = Files.createFile(dir.resolve("t.ndjson"));
        Path broken = Files.writeString(dir.resolve("broken.ndjson"), "hello\n");
        append(file, String.join("", lines(TestRuns.events(9, 3, 50))) + "{\"event\":");
        LiveValidation following = follow(false, List.of(file, broken));
        assertEquals(ExitCode.USAGE, next().exit());
        following.stop();
        assertTrue(next().name().endsWith("t.ndjson"));
    }

    @Test
    void ctrlCPrintsTheVerdictSoFar() throws Exception {
        Path good = dir.resolve("good.ndjson");
        Files.writeString(good, String.join("", lines(TestRuns.events(9, 3, 50))));
        List<TraceEvent> events = new ArrayList<>(TestRuns.events(9, 3, 50));
        events.add(IMPOSSIBLE);
        Path bad = dir.resolve("bad.ndjson");
        Files.writeString(bad, String.join("", lines(events)));
        Process raft = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "validate",
                        "--follow",
                        good.toString(),
                        bad.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(raft.getInputStream(), StandardCharsets.UTF_8))) {
            String first = String.valueOf(out.readLine());
            assertTrue(first.startsWith(bad + ":52: n2 Restart"), first);
            // The JVM does at SIGTERM what it does at SIGINT. (Process.destroy would also close its output.)
            assertTrue(raft.toHandle().destroy());
            List<String> rest = out.lines().toList();
            assertEquals(ExitCode.FAILED, raft.waitFor(), rest::toString);
            assertTrue(rest.get(0).startsWith(good + ": accepted, "), rest::toString);
            assertTrue(rest.get(1).startsWith("2 traces: 1 accepted, 1 diverged"), rest::toString);
        } finally {
            raft.destroyForcibly();
        }
    }
}
