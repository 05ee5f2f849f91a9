package dev.checkedraft.torture;

import dev.checkedraft.cli.Subcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raft torture}. */
@Command(
        name = "torture",
        description = {
            "Runs a cluster of processes on this machine under kill -9, pauses, partitions, failing and slow writes and corrupt"
                    + " files, while clients read and write. Checks that each key's history is linearizable, the last reads"
                    + " included, that every node's trace conforms to the spec (--strict), and that no node ends by itself.",
            "Exit codes: 0 all holds, 1 something does not, 3 not decided within limits."
        },
        mixinStandardHelpOptions = true)
public final class TortureCommand implements Subcommand {
    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "1",
            description = "how long faults come (default ${DEFAULT-VALUE}); 0.5 is half a minute")
    private double minutes = 1;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "what faults are drawn from (default 1)")
    private long seed = 1;

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "3", description = "how many, 1 to 9 (default 3)")
    private int nodes = 3;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "an empty directory for data, traces and report.txt (default: a temporary one, told)")
    private @Nullable Path data;

    @Option(names = "--plant", hidden = true, description = "a fault of the nodes: ${COMPLETION-CANDIDATES}")
    private @Nullable Plant plant;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (nodes < 1 || nodes > 9 || !(minutes > 0)) {
            throw new IllegalArgumentException("expected --nodes from 1 to 9 and --minutes above 0");
        }
        Path given = data;
        Path directory = given == null ? Files.createTempDirectory("raft-torture") : given;
        Files.createDirectories(directory);
        try (var files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw new IllegalArgumentException(directory + ": expected an empty directory");
            }
        }
        System.out.println("torture  seed " + seed + ", " + nodes + " nodes, data and report in " + directory);
        long start = System.nanoTime();
        try (PrintWriter report = new PrintWriter(
                Files.newBufferedWriter(directory.resolve("report.txt"), StandardCharsets.UTF_8), true)) {
            int exit =
                    Torture.run(seed, Duration.ofMillis((long) (minutes * 60_000)), nodes, directory, plant, line -> {
                        report.printf(Locale.ROOT, "%7.2f s  %s%n", (System.nanoTime() - start) / 1e9, line);
                        if (Character.isUpperCase(line.charAt(0))
                                || line.contains("   ")
                                || line.startsWith("clients")) {
                            System.out.println(line);
                        }
                    });
            System.out.println(exit == 0 ? "all holds" : "something does not hold, see " + directory);
            return exit;
        }
    }
}
