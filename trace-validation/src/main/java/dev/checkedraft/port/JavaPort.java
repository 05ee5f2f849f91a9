package dev.checkedraft.port;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.InvalidInputException;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.trace.StateFields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The Java core as a port. So the driver can be tried on an implementation that is checked in process too, and vectors can be
 * made from it.
 */
public final class JavaPort implements Port {
    private @Nullable RaftNode node;

    @Override
    public Answer start(Config config, DurableState durable) {
        try {
            RaftNode started = RaftNode.restart(config, durable);
            node = started;
            return answer(started, new Ready(Action.RESTART, null, null, List.of(), 1, List.of()));
        } catch (IllegalArgumentException e) {
            return Answer.refused(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Answer tick() {
        return after(RaftNode::tick);
    }

    @Override
    public Answer electionTimeout() {
        return after(RaftNode::startElection);
    }

    @Override
    public Answer heartbeat() {
        return after(RaftNode::sendHeartbeats);
    }

    @Override
    public Answer receive(Message message) {
        return after(core -> core.step(message));
    }

    @Override
    public Answer propose(String value) {
        return after(core -> core.propose(value));
    }

    private Answer after(Function<RaftNode, Ready> input) {
        RaftNode core = node;
        if (core == null) {
            return Answer.refused("the first input must be start");
        }
        try {
            return answer(core, input.apply(core));
        } catch (InvalidInputException | IllegalArgumentException e) {
            return Answer.refused(String.valueOf(e.getMessage()));
        }
    }

    private static Answer answer(RaftNode core, Ready ready) {
        Answer answer = Answer.did(ready.action()).sending(ready.messages()).state(state(core));
        if (ready.hardState() != null) {
            answer = answer.persisting(ready.hardState());
        }
        if (ready.log() != null) {
            answer = answer.persisting(ready.log());
        }
        return ready.committed().isEmpty()
                ? answer
                : answer.applying(new LogChange(ready.committedFrom(), ready.committed()));
    }

    private static StateFields state(RaftNode core) {
        Map<String, Long> matchIndex = new LinkedHashMap<>();
        core.config().peers().forEach(peer -> matchIndex.put(peer, core.matchIndex(peer)));
        return new StateFields()
                .currentTerm(core.currentTerm())
                .votedFor(core.votedFor())
                .role(core.role())
                .commitIndex(core.commitIndex())
                .votesGranted(core.votesGranted())
                .votesRefused(core.votesRefused())
                .matchIndex(matchIndex);
    }
}
