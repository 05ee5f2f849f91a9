package dev.checkedraft.spec.run;

import dev.checkedraft.spec.manifest.Cleanup;
import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.ModelConfig;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Progress;
import dev.checkedraft.spec.value.Sources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Runs a model in TLC's distributed mode: a server that hands out states, and workers, each a JVM of its own on this or
 * another host, that find their successors. They talk over RMI; workers get the spec from the server.
 *
 * <p>TLC's own limits: no temporal properties but those of steps, and no simulation. It does not say which property is
 * violated, so all are candidates, and it leaves the initial state out of the counterexample; a local run tells. It does
 * not honour {@code CHECK_DEADLOCK FALSE}, which we pass on as an option.
 */
public final class DistributedCheck {
    private static final String SERVER = "tlc2.tool.distributed.TLCServer";
    private static final String WORKER = "tlc2.tool.distributed.TLCWorker";
    /** The message with which the server says that workers may come (tlc2.output.EC). */
    private static final int SERVER_READY = 7000;

    private final SpecFiles files;
    private final CheckOptions options;
    private final Cluster cluster;

    /**
     * @param options {@link CheckOptions#workers()} is the number of threads of each local worker
     */
    public DistributedCheck(SpecFiles files, CheckOptions options, Cluster cluster) {
        this.files = files;
        this.options = options;
        this.cluster = cluster;
    }

    /**
     * Who takes part.
     *
     * @param host the name or address by which workers reach the server
     * @param port the server's port
     * @param localWorkers workers to start on this host, each a JVM
     * @param remoteWorkers whether others may come, so that the server waits for them
     */
    public record Cluster(String host, int port, int localWorkers, boolean remoteWorkers) {
        /** TLC's own choice. */
        public static final int DEFAULT_PORT = 10997;

        public Cluster {
            if (localWorkers < 0 || (localWorkers == 0 && !remoteWorkers)) {
                throw new IllegalArgumentException("somebody must work");
            }
        }

        /** Workers on this host only, on a port that is free now. */
        public static Cluster local(int workers) throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return new Cluster("127.0.0.1", socket.getLocalPort(), workers, false);
            }
        }

        /**
         * What to run on another host to help, in a shell.
         *
         * @param threads the threads of the worker
         */
        public String workerCommand(int threads) {
            return String.join(
                    " ",
                    "java",
                    "-XX:+UseParallelGC",
                    "-Djava.rmi.server.hostname=THE-WORKERS-OWN-ADDRESS",
                    portArgument(),
                    threadsArgument(threads),
                    "-cp tla2tools.jar",
                    WORKER,
                    host);
        }

        private String portArgument() {
            return "-Dtlc2.tool.distributed.TLCServer.port=" + port;
        }

        private static String threadsArgument(int threads) {
            return "-Dtlc2.tool.distributed.TLCWorker.threadCount=" + threads;
        }
    }

    /**
     * Checks a model.
     *
     * @param progress told about twice a second how far TLC is, by the calling thread
     * @return whatever TLC came to
     * @throws IOException if the model's files or TLC cannot be found, or a JVM cannot be started
     * @throws InterruptedException if the thread was interrupted; server and local workers have been ended then
     */
    public CheckResult check(Model model, Consumer<Progress> progress) throws IOException, InterruptedException {
        ModelConfig config = ModelConfig.read(files.find(model.config()));
        Path temporary = Cleanup.temporaryDirectory("tlc");
        try (Workers workers = new Workers(temporary)) {
            Path configFile = temporary.resolve(config.name());
            Files.writeString(configFile, config.text());
            Path metadir = options.metadir();
            ResultReader reader = new ResultReader(config, new Sources(files.folders()));
            CheckResult result = new TlcRun(
                            server(model, config, configFile, temporary, metadir == null ? temporary : metadir),
                            reader,
                            options.timeout(),
                            progress)
                    .with(workers)
                    .result();
            return metadir == null ? result.withoutCheckpoint() : result;
        } finally {
            Cleanup.delete(temporary);
        }
    }

    private TlcProcess.Command server(Model model, ModelConfig config, Path configFile, Path temporary, Path metadir)
            throws IOException {
        List<String> jvm = new ArrayList<>(options.jvmArguments());
        jvm.add("-Djava.rmi.server.hostname=" + cluster.host());
        jvm.add(cluster.portArgument());
        List<String> arguments = new ArrayList<>(options.tlcArguments(configFile, metadir));
        if (!config.checksDeadlock()) {
            arguments.add("-deadlock");
        }
        arguments.add(model.module());
        Path module = files.find(model.module() + ".tla").toAbsolutePath();
        Path directory = module.getParent();
        return new TlcProcess.Command(
                Tla2Tools.find(options.tla2tools()),
                SERVER,
                directory == null ? files.root() : directory,
                files.folders(),
                temporary,
                jvm,
                arguments);
    }

    /** The local workers, which start when the server is ready and end with the run. */
    private final class Workers implements TlcRun.Companion, AutoCloseable {
        private final Path temporary;
        private final List<TlcProcess> running = new ArrayList<>();
        private String lastWords = "";

        Workers(Path temporary) {
            this.temporary = temporary;
        }

        @Override
        public void said(ToolReader.Message message) throws IOException {
            if (message.code() == SERVER_READY && running.isEmpty()) {
                for (int number = 1; number <= cluster.localWorkers(); number++) {
                    running.add(start(number));
                }
            }
        }

        private TlcProcess start(int number) throws IOException {
            // Each its own: a worker keeps the spec it was sent there, too.
            Path own = Files.createDirectory(temporary.resolve("worker" + number));
            List<String> jvm = new ArrayList<>();
            if (options.heap() != null) {
                jvm.add("-Xmx" + options.heap());
            }
            jvm.add("-Djava.rmi.server.hostname=" + cluster.host());
            jvm.add(cluster.portArgument());
            jvm.add(Cluster.threadsArgument(options.workers()));
            return TlcProcess.start(new TlcProcess.Command(
                    Tla2Tools.find(options.tla2tools()), WORKER, own, List.of(), own, jvm, List.of(cluster.host())));
        }

        @Override
        public @Nullable String reasonToStop() throws InterruptedException {
            boolean anyAlive = false;
            for (TlcProcess worker : running) {
                TlcProcess.Line line = worker.next(0);
                while (line != null) {
                    lastWords = line.text().isBlank() ? lastWords : line.text();
                    line = worker.next(0);
                }
                anyAlive |= worker.isAlive();
            }
            // The server ends its workers when it is done, a moment before it ends itself.
            boolean lost = !running.isEmpty() && !anyAlive && !cluster.remoteWorkers();
            return lost && !lastWords.contains("work completed") ? "all workers have ended: " + lastWords : null;
        }

        @Override
        public void close() {
            running.forEach(TlcProcess::close);
        }
    }
}
