package dev.checkedraft.torture;

import dev.checkedraft.cluster.KvClient;
import dev.checkedraft.cluster.OnlineValidation;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.TraceReport;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A cluster of processes under one fault after the other, drawn from a seed, while clients read and write. Which faults come is
 * a function of the seed; what the processes do meanwhile is not.
 */
final class Torture {
    /** How long the cluster has, once faults end, to answer. */
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final RandomGenerator random;
    private final Nodes nodes;
    private final Clients clients;
    private final OnlineValidation validation;
    private final Consumer<String> log;

    /** How often there was which fault. */
    private final Map<String, Integer> faults = new TreeMap<>();

    private final List<String> failures = new ArrayList<>();

    private Torture(long seed, Nodes nodes, OnlineValidation validation, Consumer<String> log) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.nodes = nodes;
        clients = new Clients(nodes.urls(), seed);
        this.validation = validation;
        this.log = log;
    }

    /** Runs it; the exit code. */
    static int run(long seed, Duration time, int count, Path data, @Nullable Plant plant, Consumer<String> log)
            throws IOException, InterruptedException {
        try (Nodes nodes = new Nodes(count, data, plant)) {
            List<Path> directories = nodes.ids().stream().map(nodes::directory).toList();
            return new Torture(seed, nodes, OnlineValidation.start(directories), log).run(time);
        }
    }

    private int run(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (String id : nodes.ids()) {
            nodes.start(id);
        }
        clients.start();
        while (System.nanoTime() < end && failures.isEmpty() && !validation.isOver()) {
            Thread.sleep(500 + random.nextInt(1000));
            fault();
            checkAllRun();
        }
        nodes.mendAll();
        clients.stop();
        if (failures.isEmpty() && !validation.isOver()) {
            readAll();
        }
        for (String id : nodes.ids()) {
            nodes.process(id).stop();
        }
        return report(validation.finish());
    }

    private void readAll() throws InterruptedException {
        try {
            clients.readAll(RECOVERY);
        } catch (KvClient.NoAnswer e) {
            failures.add("once faults had ended: " + e.getMessage());
        }
    }

    /** All faults have ended, so each node runs, unless it ended by itself. */
    private void checkAllRun() throws InterruptedException {
        for (String id : nodes.ids()) {
            if (!nodes.process(id).isAlive()) {
                failures.add(id + " ended by itself with exit code "
                        + nodes.process(id).await());
            }
        }
    }

    // --------------------------------------------------------------------------------------------------------- faults

    private void fault() throws IOException, InterruptedException {
        int drawn = random.nextInt(100);
        if (drawn < 45) {
            kill(drawn < 5 ? nodes.ids() : List.of(anyNode()));
        } else if (drawn < 57) {
            pause(anyNode());
        } else if (drawn < 85) {
            partition(drawn);
        } else if (drawn < 91) {
            failWrites(anyNode());
        } else if (drawn < 96) {
            slowWrites(anyNode());
        } else {
            corrupt(anyNode());
        }
    }

    private String anyNode() {
        return nodes.ids().get(random.nextInt(nodes.ids().size()));
    }

    private void count(String fault, String what) {
        faults.merge(fault, 1, Integer::sum);
        log.accept(what);
    }

    private void kill(List<String> ids) throws IOException, InterruptedException {
        for (String id : ids) {
            count("kill -9", "kill -9 " + id);
            nodes.process(id).kill();
        }
        Thread.sleep(random.nextInt(800));
        for (String id : ids) {
            nodes.start(id);
        }
    }

    private void pause(String id) throws IOException, InterruptedException {
        count("pause", "pause " + id);
        nodes.process(id).signal("STOP");
        Thread.sleep(200 + random.nextInt(2500));
        nodes.process(id).signal("CONT");
    }

    /** Cuts a node off: both ways, one way, or again and again. */
    private void partition(int drawn) throws InterruptedException {
        String id = anyNode();
        boolean in = drawn % 3 != 0;
        boolean out = drawn % 3 != 1;
        int times = drawn % 4 == 0 ? 5 : 1;
        count(
                "partition",
                "partition " + id + (in && out ? "" : in ? ", nothing reaches it" : ", nothing leaves it")
                        + (times == 1 ? "" : ", flapping"));
        for (int k = 0; k < times; k++) {
            for (String other : nodes.ids()) {
                nodes.cut(id, other, out);
                nodes.cut(other, id, in);
            }
            Thread.sleep(times == 1 ? 1000 + random.nextInt(3000) : random.nextInt(300));
            nodes.mendAll();
            Thread.sleep(times == 1 ? 0 : random.nextInt(300));
        }
    }

    /** The node must stop, and answer nothing more. */
    private void failWrites(String id) throws IOException, InterruptedException {
        count("failing writes", "writes of " + id + " fail");
        Path control = nodes.directory(id).resolve(FaultyStore.FAIL);
        Files.createFile(control);
        // Sooner or later it must write: at the latest when it stands for election, since its own messages are cut off.
        for (String other : nodes.ids()) {
            nodes.cut(other, id, true);
        }
        int exit = nodes.process(id).await();
        if (exit != ExitCode.FAULT) {
            failures.add(id + " ended with exit code " + exit + " where its writes fail, not " + ExitCode.FAULT);
        }
        nodes.mendAll();
        Files.delete(control);
        nodes.start(id);
    }

    private void slowWrites(String id) throws IOException, InterruptedException {
        count("slow writes", "writes of " + id + " are slow");
        Path control = nodes.directory(id).resolve(FaultyStore.SLOW);
        Files.createFile(control);
        Thread.sleep(500 + random.nextInt(1500));
        Files.delete(control);
    }

    /** Torn or changed while the node is down: it must refuse to start. The file is put back then. */
    private void corrupt(String id) throws IOException, InterruptedException {
        boolean torn = random.nextBoolean();
        count("corrupt file", "the database of " + id + (torn ? " is cut short" : " has a byte changed"));
        nodes.process(id).stop();
        Path file = nodes.directory(id).resolve("raft.db");
        Path kept = nodes.directory(id).resolve("raft.db.kept");
        Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            if (torn) {
                bytes.setLength(bytes.length() / 2);
            } else {
                changeAnEntry(bytes);
            }
        }
        nodes.start(id);
        int exit = nodes.process(id).await();
        if (exit != ExitCode.USAGE) {
            failures.add(id + " ended with exit code " + exit + " on a corrupt file, not " + ExitCode.USAGE);
        }
        Files.move(kept, file, StandardCopyOption.REPLACE_EXISTING);
        nodes.start(id);
    }

    /** Makes another session of an entry's, if there is an entry; else spoils the file's first bytes. */
    private static void changeAnEntry(RandomAccessFile file) throws IOException {
        byte[] all = new byte[Math.toIntExact(file.length())];
        file.readFully(all);
        int at = new String(all, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf("\"op\":\"put\"");
        file.seek(at < 0 ? 0 : at + 6);
        file.write('P');
    }

    // --------------------------------------------------------------------------------------------------------- report

    private int report(TraceReport traces) {
        Map<String, List<Operation>> histories = clients.histories();
        int undecided = 0;
        long open = 0;
        long all = 0;
        for (Map.Entry<String, List<Operation>> history : histories.entrySet()) {
            all += history.getValue().size();
            open += history.getValue().stream().filter(Operation::isOpen).count();
            switch (Linearizability.check(history.getValue())) {
                case NOT_LINEARIZABLE -> {
                    failures.add("key " + history.getKey() + " is not linearizable:");
                    history.getValue().forEach(operation -> failures.add("    " + operation));
                }
                case UNDECIDED -> undecided++;
                case LINEARIZABLE -> {}
            }
        }
        log.accept("faults   " + (faults.isEmpty() ? "none" : String.valueOf(faults)));
        log.accept(String.format(
                Locale.ROOT,
                "clients  %,d operations on %,d keys, %,d never answered: %s",
                all,
                histories.size(),
                open,
                failures.stream().anyMatch(line -> line.startsWith("key "))
                        ? "not linearizable"
                        : undecided == 0 ? "linearizable" : "undecided for " + undecided + " keys"));
        log.accept("traces   " + traces.explained(false));
        failures.forEach(line -> log.accept("FAILED   " + line));
        if (!failures.isEmpty() || traces.exit() == ExitCode.FAILED) {
            return ExitCode.FAILED;
        }
        return traces.exit() != ExitCode.OK ? traces.exit() : undecided > 0 ? ExitCode.UNDECIDED : ExitCode.OK;
    }
}
