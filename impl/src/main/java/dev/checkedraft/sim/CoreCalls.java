package dev.checkedraft.sim;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.safety.Property;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Send;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.Nodes;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Calls the core, and tells a failure of the core from one of the simulator. */
final class CoreCalls {
    /** Whether to have a copy handle every input too. */
    boolean twice = false;

    Ready handle(RaftNode node, Input input, @Nullable Message message, long step) {
        try {
            if (!twice) {
                return call(node, input, message);
            }
            RaftNode copy = node.copy();
            Ready ready = call(node, input, message);
            Ready again = call(copy, input, message);
            if (!ready.equals(again) || !describe(node).equals(describe(copy))) {
                throw new SafetyViolation(
                        Property.DETERMINISM,
                        step,
                        node.id() + " put out " + ready + " and is now " + describe(node) + "; a copy of it put out "
                                + again + " and is now " + describe(copy),
                        null);
            }
            return ready;
        } catch (SafetyViolation e) {
            throw e;
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            throw failed(node.id(), step, e);
        }
    }

    RaftNode restart(Config config, DurableStore store, long step) {
        try {
            return RaftNode.restart(config, store.read());
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            throw failed(config.id(), step, e);
        }
    }

    private static Ready call(RaftNode node, Input input, @Nullable Message message) {
        if (message != null) {
            return node.step(message);
        } else if (input instanceof Propose propose) {
            return node.propose(propose.value());
        } else if (input instanceof Timeout) {
            return node.startElection();
        } else if (input instanceof Heartbeat) {
            return node.sendHeartbeats();
        } else if (input instanceof Send send) {
            return new Ready(null, null, null, List.of(slice(node, send)), node.commitIndex() + 1, List.of());
        } else if (input instanceof Tick) {
            return node.tick();
        }
        throw new AssertionError(input);
    }

    private static AppendEntries slice(RaftNode leader, Send send) {
        int after = Math.toIntExact(send.after());
        return new AppendEntries(
                leader.currentTerm(),
                leader.id(),
                Nodes.name(send.to()),
                after,
                after == 0 ? 0 : leader.log().get(after - 1).term(),
                leader.log().subList(after, after + send.count()),
                send.commit());
    }

    private static SafetyViolation failed(String node, long step, Throwable e) {
        return new SafetyViolation(Property.NO_EXCEPTION, step, node + " failed: " + e, e);
    }

    private static String describe(RaftNode node) {
        StringBuilder text = new StringBuilder(node.durableState().toString());
        text.append(' ').append(node.role()).append(' ').append(node.leader());
        text.append(' ').append(node.commitIndex());
        text.append(' ').append(node.votesGranted()).append(node.votesRefused());
        for (String peer : node.config().peers()) {
            text.append(' ').append(node.matchIndex(peer)).append('-').append(node.nextIndex(peer));
        }
        return text.toString();
    }
}
