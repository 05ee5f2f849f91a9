package dev.checkedraft.cluster;

import dev.checkedraft.cli.Main;
import dev.checkedraft.cli.Subcommand;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.TraceReport;
import dev.checkedraft.server.Member;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raft cluster}. */
@Command(
        name = "cluster",
        description = {
            "Runs a cluster on this machine, a process a node, until it is stopped (Ctrl-C). Prints where each node is, and"
                    + " its role and term as they change. What is in DIR is gone on with.",
            "Exit codes: 0 stopped as asked, 1 all nodes have ended or a trace diverged.",
            "",
            "  ./raft cluster &",
            "  ./raft kv put a 1",
            "  ./raft kv get a"
        },
        mixinStandardHelpOptions = true)
public final class ClusterCommand implements Subcommand {
    private static final long LOOK_MILLIS = 100;

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "3", description = "how many, 1 to 9 (default 3)")
    private int nodes = 3;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "raft-data",
            description = "where each node has a directory (default ${DEFAULT-VALUE})")
    private Path data = Path.of("raft-data");

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8101",
            description = "the first node's port for clients; the others' follow (default ${DEFAULT-VALUE})")
    private int httpPort = 8101;

    @Option(
            names = "--peer-port",
            paramLabel = "PORT",
            defaultValue = "7101",
            description = "the first node's port for peers; the others' follow (default ${DEFAULT-VALUE})")
    private int peerPort = 7101;

    @Option(
            names = "--validate",
            description = "hold the nodes' traces against the spec while they run; stop at the first divergence")
    private boolean validate;

    @Option(names = "--no-trace", description = "write no traces")
    private boolean noTrace;

    private final Map<String, NodeProcess> running = new LinkedHashMap<>();
    private @Nullable OnlineValidation validation;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (nodes < 1 || nodes > 9) {
            throw new IllegalArgumentException("--nodes: expected 1 to 9, found " + nodes);
        }
        if (validate && noTrace) {
            throw new IllegalArgumentException("--validate needs traces: expected no --no-trace");
        }
        List<Member> members = new ArrayList<>();
        for (int k = 0; k < nodes; k++) {
            members.add(new Member("n" + (k + 1), "127.0.0.1", peerPort + k, httpPort + k));
        }
        AtomicInteger exit = new AtomicInteger(ExitCode.OK);
        Thread atExit = new Thread(() -> {
            try {
                Runtime.getRuntime().halt(Math.max(exit.get(), stop()));
            } catch (Throwable e) { // the JVM is to end whatever it is
                Runtime.getRuntime().halt(Main.failed(e));
            }
        });
        Runtime.getRuntime().addShutdownHook(atExit);
        String peers = members.stream().map(Member::text).collect(Collectors.joining(","));
        for (Member member : members) {
            List<String> arguments = new ArrayList<>(List.of(
                    "--id",
                    member.id(),
                    "--peers",
                    peers,
                    "--data",
                    data.resolve(member.id()).toString()));
            if (noTrace) {
                arguments.add("--no-trace");
            }
            running.put(member.id(), NodeProcess.node(arguments, System.out::println));
        }
        if (validate) {
            validation = OnlineValidation.start(
                    members.stream().map(member -> data.resolve(member.id())).toList());
        }
        exit.set(watch());
        System.exit(exit.get());
        return exit.get();
    }

    /** Until no node runs any more, or a trace diverged. */
    private int watch() throws InterruptedException {
        List<String> ended = new ArrayList<>();
        while (ended.size() < running.size()) {
            Thread.sleep(LOOK_MILLIS);
            for (Map.Entry<String, NodeProcess> node : running.entrySet()) {
                if (!node.getValue().isAlive() && !ended.contains(node.getKey())) {
                    System.out.println(node.getKey() + ": ended with exit code "
                            + node.getValue().await());
                    ended.add(node.getKey());
                }
            }
            OnlineValidation its = validation;
            if (its != null && its.isOver()) {
                return ExitCode.FAILED;
            }
        }
        return ExitCode.FAILED;
    }

    /** Stops all nodes and tells the verdict; the exit code. */
    private int stop() throws InterruptedException {
        for (NodeProcess node : running.values()) {
            node.stop();
        }
        OnlineValidation its = validation;
        if (its == null) {
            return ExitCode.OK;
        }
        TraceReport report = its.finish();
        System.out.println(report.explained(false));
        System.out.flush();
        return report.exit();
    }
}
