package dev.checkedraft.cluster;

import dev.checkedraft.cli.Subcommand;
import dev.checkedraft.cluster.KvClient.Answer;
import dev.checkedraft.report.ExitCode;
import java.time.Duration;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code raft kv}. */
@Command(
        name = "kv",
        description = {
            "Reads and writes keys of a running cluster. Reads are linearizable; a write is done once, however often it is"
                    + " sent.",
            "Exit codes: 0 done, 1 no such key, or compare-and-set found another value, 3 no answer in time."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(get | put | delete | cas)")
public final class KvCommand implements Subcommand {
    @Option(
            names = "--nodes",
            paramLabel = "URL",
            split = ",",
            scope = ScopeType.INHERIT,
            defaultValue = "http://127.0.0.1:8101,http://127.0.0.1:8102,http://127.0.0.1:8103",
            description = "where the nodes are; one is enough to find the leader (default ${DEFAULT-VALUE})")
    private List<String> nodes = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            scope = ScopeType.INHERIT,
            defaultValue = "10",
            description = "how long to try (default ${DEFAULT-VALUE})")
    private int timeout = 10;

    private interface Request {
        Answer send(KvClient client) throws KvClient.NoAnswer, InterruptedException;
    }

    @Override
    public Integer call() {
        throw new IllegalArgumentException("kv: expected get, put, delete or cas");
    }

    @Command(description = "Prints a key's value.", mixinStandardHelpOptions = true)
    int get(@Parameters(paramLabel = "KEY") String key) throws InterruptedException {
        return run(client -> client.get(key), key);
    }

    @Command(description = "Sets a key's value.", mixinStandardHelpOptions = true)
    int put(@Parameters(paramLabel = "KEY") String key, @Parameters(paramLabel = "VALUE") String value)
            throws InterruptedException {
        return run(client -> client.put(key, value), key);
    }

    @Command(description = "Takes a key away.", mixinStandardHelpOptions = true)
    int delete(@Parameters(paramLabel = "KEY") String key) throws InterruptedException {
        return run(client -> client.delete(key), key);
    }

    @Command(description = "Sets a key's value if it is what is expected.", mixinStandardHelpOptions = true)
    int cas(
            @Parameters(paramLabel = "KEY") String key,
            @Parameters(paramLabel = "VALUE") String value,
            @Option(names = "--expect", paramLabel = "OLD", description = "the value now; without it, none") @Nullable
                    String expect)
            throws InterruptedException {
        return run(client -> client.compareAndSet(key, expect, value), key);
    }

    private int run(Request request, String key) throws InterruptedException {
        Answer answer;
        try {
            answer = request.send(new KvClient(KvClient.http(), nodes, Duration.ofSeconds(timeout)));
        } catch (KvClient.NoAnswer e) {
            System.err.println("raft: " + e.getMessage());
            return ExitCode.UNDECIDED;
        }
        if (answer.status() == 200 && answer.body().has("changed")) {
            if (answer.changed()) {
                return ExitCode.OK;
            }
            System.err.println("raft: " + key + ": not as expected, nothing changed");
            return ExitCode.FAILED;
        }
        if (answer.status() == 200) {
            System.out.println(answer.value());
            return ExitCode.OK;
        }
        if (answer.status() == 404) {
            System.err.println("raft: " + key + ": no such key");
            return ExitCode.FAILED;
        }
        throw new IllegalArgumentException(answer.body().path("error").asText());
    }
}
