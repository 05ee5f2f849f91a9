package dev.checkedraft.play;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.play.LocalInput.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Servers and all messages that they ever sent, each of which may come at any time.
 *
 * @param nodes by place in the cluster
 * @param sent in the order in which they were first sent
 */
record Cluster(List<RaftNode> nodes, Set<Message> sent) {
    static Cluster initial(List<String> servers, int maxEntries) {
        return new Cluster(
                servers.stream()
                        .map(id -> RaftNode.restart(
                                new Config(id, servers, 10, 20, 3, maxEntries, 1), DurableState.INITIAL))
                        .toList(),
                Set.of());
    }

    /** What a server may be given. */
    List<LocalInput> inputs(RaftNode node) {
        List<LocalInput> inputs = new ArrayList<>(
                List.of(LocalInput.TIMEOUT, LocalInput.HEARTBEAT, LocalInput.PROPOSE, LocalInput.RESTART));
        for (Message message : sent) {
            if (message.to().equals(node.id())) {
                inputs.add(LocalInput.deliver(message));
            }
        }
        return inputs;
    }

    /** The clusters one step away; every step is kept in the table. */
    List<Cluster> expanded(StepTable table) {
        List<Cluster> next = new ArrayList<>();
        for (int place = 0; place < nodes.size(); place++) {
            for (LocalInput input : inputs(nodes.get(place))) {
                Cluster after = after(place, input, table);
                if (after != null) {
                    next.add(after);
                }
            }
        }
        return next;
    }

    /** After an input; null if the core does not take it, or leaves the table's bounds. */
    @Nullable
    Cluster after(int place, LocalInput input, StepTable table) {
        Outcome outcome = table.take(nodes.get(place), input);
        if (outcome == null) {
            return null;
        }
        List<RaftNode> changed = new ArrayList<>(nodes);
        changed.set(place, outcome.after());
        Set<Message> more = sent;
        if (!outcome.ready().messages().isEmpty()) {
            more = new LinkedHashSet<>(sent);
            more.addAll(outcome.ready().messages());
        }
        return new Cluster(changed, more);
    }
}
