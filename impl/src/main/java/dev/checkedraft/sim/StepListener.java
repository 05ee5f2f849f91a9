package dev.checkedraft.sim;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Packet;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Is told what every decision led to. */
@FunctionalInterface
public interface StepListener {
    /** A decision was carried out, or skipped. */
    void onStep(Step step);

    /**
     * What a decision led to.
     *
     * @param number counts the decisions, from 1
     * @param decision the decision
     * @param applied whether it applied in the state; if not, nothing else is known and nothing changed
     * @param packet the message it was about; null if about none
     * @param ready what the node's handler put out; null if the decision was no input, or the handler failed
     * @param sent the messages that left; fewer than in {@code ready} if the node crashed before
     * @param before the node's state before; null if the decision was about no node, or the node was down
     * @param after the node's state after, also if it crashed when that was durable; null if the decision was about no node,
     *     or the node is down
     */
    record Step(
            long number,
            Decision decision,
            boolean applied,
            @Nullable Packet<Message> packet,
            @Nullable Ready ready,
            List<Packet<Message>> sent,
            @Nullable NodeState before,
            @Nullable NodeState after) {}

    /**
     * A node's state, as it was at one time.
     *
     * @param role Follower, Candidate or Leader
     * @param votedFor whom it voted for in its term; null if nobody
     * @param log all entries, that of index 1 first
     */
    record NodeState(
            String role, long currentTerm, @Nullable String votedFor, List<Entry> log, long commitIndex) {
        static NodeState of(RaftNode node) {
            return new NodeState(
                    node.role(), node.currentTerm(), node.votedFor(), List.copyOf(node.log()), node.commitIndex());
        }
    }
}
