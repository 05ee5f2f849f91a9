package dev.checkedraft.cluster;

import dev.checkedraft.cli.Subcommand;
import dev.checkedraft.disk.StoreException;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.server.Member;
import dev.checkedraft.server.Node;
import dev.checkedraft.server.Node.Options;
import java.io.IOException;
import java.nio.file.Path;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raft node}. */
@Command(
        name = "node",
        description = {
            "Runs one node of a cluster until it is stopped.",
            "Exit codes: 0 stopped as asked, 2 its data or its ports cannot be used, 70 its disk failed.",
            "",
            "  ./raft node --id n1 --peers n1=127.0.0.1:7101/8101,n2=127.0.0.1:7102/8102,n3=127.0.0.1:7103/8103 --data n1"
        },
        mixinStandardHelpOptions = true)
public final class NodeCommand implements Subcommand {
    @Mixin
    private NodeOptions options = new NodeOptions();

    /** What {@code raft node} is told. */
    public static final class NodeOptions {
        @Option(names = "--id", required = true, paramLabel = "ID", description = "which of the nodes it is")
        private String id = "";

        @Option(
                names = "--peers",
                required = true,
                paramLabel = Member.FORM,
                description = "all nodes, this one too; the same on each")
        private String peers = "";

        @Option(
                names = "--data",
                required = true,
                paramLabel = "DIR",
                description = "where its state and its trace are")
        private @Nullable Path data;

        @Option(
                names = "--cluster",
                paramLabel = "NAME",
                defaultValue = "raft",
                description = "what tells this cluster from others (default ${DEFAULT-VALUE})")
        private String cluster = "raft";

        @Option(
                names = "--trace-part",
                paramLabel = "MB",
                defaultValue = "64",
                description = "how long a file of the trace gets before the next begins (default ${DEFAULT-VALUE})")
        private int tracePart = 64;

        @Option(names = "--no-trace", description = "write no trace")
        private boolean noTrace;

        @Option(names = "--with-parent", hidden = true, description = "stop when standard input ends")
        private boolean withParent;

        /** As a node takes it. */
        public Options options() {
            Path directory = data;
            if (directory == null || tracePart < 1) {
                throw new IllegalArgumentException("--trace-part: expected 1 or more");
            }
            return new Options(id, cluster, Member.parse(peers), directory, noTrace ? 0 : tracePart * (1L << 20));
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        return run(options, Node::start);
    }

    /** Starts a node in some way. */
    @FunctionalInterface
    public interface Starter {
        Node start(Options options, java.util.function.Consumer<String> log) throws StoreException;
    }

    /** Runs a node to its end; the exit code. */
    public static int run(NodeOptions given, Starter starter) throws InterruptedException {
        Options options = given.options();
        Node node;
        try {
            node = starter.start(options, line -> {
                System.out.println(options.id() + ": " + line);
                System.out.flush();
            });
        } catch (StoreException e) {
            System.err.println("raft: " + e.getMessage());
            return ExitCode.USAGE;
        }
        System.out.println(options.id() + ": " + options.self().url() + " for clients, port "
                + options.self().peerPort() + " for peers, data in " + options.data()
                + ", only for this machine since peers are not authenticated");
        Thread atExit = new Thread(() -> {
            try {
                node.close();
            } catch (StoreException e) {
                System.err.println("raft: " + e.getMessage());
            }
        });
        Runtime.getRuntime().addShutdownHook(atExit);
        if (given.withParent) {
            Thread parent = new Thread(NodeCommand::exitWithParent, "parent");
            parent.setDaemon(true);
            parent.start();
        }
        Throwable failure = node.await();
        return failure == null ? ExitCode.OK : ExitCode.FAULT;
    }

    private static void exitWithParent() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            // As its end.
        }
        System.exit(ExitCode.OK);
    }
}
