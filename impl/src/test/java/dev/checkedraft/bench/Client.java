package dev.checkedraft.bench;

import org.checkerframework.checker.nullness.qual.Nullable;

/** A client that keeps as many commands on their way as its window has room for. */
final class Client {
    private final Cluster cluster;
    private final long total;
    private long sent = 0;
    private long completed = 0;
    private @Nullable Throwable failure;

    private Client(Cluster cluster, long total) {
        this.cluster = cluster;
        this.total = total;
    }

    /** Sends the commands, and returns once every node has applied all of them. */
    static void run(Loop loop, Cluster cluster, int window, long commands) {
        Client client = new Client(cluster, commands);
        for (int k = 0; k < window; k++) {
            client.sendNext();
        }
        loop.runUntil(client::isDone);
        if (client.failure != null) {
            throw new IllegalStateException("a command failed", client.failure);
        }
    }

    private void sendNext() {
        if (sent < total) {
            String command = Commands.number(sent++);
            var unused = cluster.replicate(command).whenComplete((result, problem) -> completed(problem));
        }
    }

    private void completed(@Nullable Throwable problem) {
        if (problem != null) {
            failure = problem;
        }
        completed++;
        sendNext();
    }

    private boolean isDone() {
        if (failure != null) {
            return true;
        }
        return completed == total && cluster.ledgers().stream().allMatch(ledger -> ledger.applied() == total);
    }
}
