package dev.checkedraft.bench;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Three nodes on one {@link Loop}, whatever Raft they run. */
interface Cluster {
    /** The nodes' names. */
    List<String> NODES = List.of("n1", "n2", "n3");

    /** Whether one node leads and all follow it. */
    boolean hasLeader();

    /** A client's command, for the leader. Completed when the leader has applied it. */
    CompletableFuture<?> replicate(String command);

    /** What each node has applied. */
    List<Ledger> ledgers();
}
