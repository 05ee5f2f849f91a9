package dev.checkedraft.sim;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Drop;
import dev.checkedraft.schedule.Decision.Duplicate;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Packet;
import dev.checkedraft.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A run as a numbered list for people to read: what was decided, what the node did, and how its state changed.
 *
 * <pre>
 *   2  n2 handles RequestVote{term 1 from n1, log ends 0/0}
 *         -> term 1; votes n1; sends RequestVoteResponse{term 1, granted} to n1
 * </pre>
 *
 * <p>Positions in logs are written index/term, entries term:value.
 */
public final class Transcript implements StepListener {
    private static final String ARROW = "\n        -> ";

    private final StringBuilder text = new StringBuilder();

    private Transcript() {}

    /** Runs a schedule and tells what happened, up to its end or its failure, and how it left the nodes. */
    public static String of(Schedule schedule) {
        Simulation simulation = new Simulation(schedule.setup());
        Transcript transcript = new Transcript();
        simulation.listen(transcript);
        SafetyViolation failure = Outcome.run(schedule, simulation).failure();
        transcript.text.append('\n');
        for (int node = 1; node <= schedule.setup().nodes(); node++) {
            transcript.text.append(state(node, simulation.node(node))).append('\n');
        }
        if (failure != null) {
            transcript.text.append('\n').append(failure.getMessage()).append('\n');
        }
        return transcript.text.toString();
    }

    @Override
    public void onStep(Step step) {
        text.append(String.format("%4d  %s", step.number(), decided(step)));
        if (!step.applied()) {
            text.append(ARROW).append("skipped: does not apply");
        } else {
            String effects = String.join("; ", effects(step));
            text.append(effects.isEmpty() ? "" : ARROW + effects);
        }
        text.append('\n');
    }

    private static String decided(Step step) {
        if (step.decision() instanceof CrashDuring crash) {
            return input(crash.input(), step.packet()) + ", and crashes "
                    + (crash.sent() == CrashDuring.BEFORE_PERSISTING
                            ? "before persisting anything"
                            : "after sending " + crash.sent());
        }
        return input(step.decision(), step.packet());
    }

    private static String input(Decision decision, @Nullable Packet<Message> packet) {
        Message message = packet == null ? null : packet.message();
        if (message == null) {
            if (decision instanceof Timeout timeout) {
                return Nodes.name(timeout.node()) + " times out";
            } else if (decision instanceof Propose propose) {
                return Nodes.name(propose.node()) + " is proposed " + propose.value();
            }
            return decision.text();
        } else if (decision instanceof Deliver) {
            return message.to() + " handles " + describe(message);
        } else if (decision instanceof Drop) {
            return "lost on the way to " + message.to() + ": " + describe(message);
        } else if (decision instanceof Duplicate) {
            return "once more on the way to " + message.to() + ": " + describe(message);
        }
        return decision.text();
    }

    private static List<String> effects(Step step) {
        List<String> effects = new ArrayList<>();
        NodeState before = step.before();
        NodeState after = step.after();
        if (step.decision() instanceof Restart && after != null) {
            effects.add(
                    "Follower, term " + after.currentTerm() + ", vote " + vote(after) + ", log " + log(after.log()));
        } else if (before != null && after != null) {
            changes(before, after, step.ready(), effects);
        }
        if (!step.sent().isEmpty()) {
            effects.add(sends(step.sent()));
        }
        return effects;
    }

    /** Requests by whom they are for, answers by what they say. */
    private static String sends(List<Packet<Message>> sent) {
        Packet<Message> first = sent.get(0);
        String what = first.message() instanceof RequestVoteResponse || first.message() instanceof AppendEntriesResponse
                ? first.kind().label() + "{term " + first.message().term() + ", " + said(first.message()) + "}"
                : first.kind().label();
        return "sends " + what + " to "
                + sent.stream().map(packet -> Nodes.name(packet.to())).collect(Collectors.joining(", "));
    }

    private static void changes(NodeState before, NodeState after, @Nullable Ready ready, List<String> effects) {
        if (after.currentTerm() != before.currentTerm()) {
            effects.add("term " + after.currentTerm());
        }
        if (!after.role().equals(before.role())) {
            effects.add(after.role());
        }
        if (after.votedFor() != null
                && (!Objects.equals(after.votedFor(), before.votedFor())
                        || after.currentTerm() != before.currentTerm())) {
            effects.add("votes " + after.votedFor());
        }
        LogChange change = ready == null ? null : ready.log();
        if (change != null) {
            int kept = (int) Math.min(change.from() - 1, before.log().size());
            if (kept < before.log().size()) {
                effects.add(
                        "removes " + log(before.log().subList(kept, before.log().size())));
            }
            effects.add("appends " + log(change.entries()) + " at " + change.from());
        }
        if (after.commitIndex() != before.commitIndex()) {
            effects.add("commits up to " + after.commitIndex());
        }
    }

    private static String state(int node, @Nullable RaftNode raft) {
        if (raft == null) {
            return Nodes.name(node) + " is down";
        }
        NodeState state = NodeState.of(raft);
        return Nodes.name(node) + " " + state.role() + ", term " + state.currentTerm() + ", vote " + vote(state)
                + ", log " + log(state.log()) + ", commit index " + state.commitIndex();
    }

    private static String vote(NodeState state) {
        return Objects.requireNonNullElse(state.votedFor(), "nobody");
    }

    private static String log(List<Entry> entries) {
        return entries.stream()
                .map(entry -> entry.term() + ":" + (entry.isNoOp() ? "no-op" : entry.value()))
                .collect(Collectors.joining(" ", "[", "]"));
    }

    /** A message with what it says, in a line: {@code RequestVote{term 1 from n1, log ends 0/0}}. */
    public static String describe(Message message) {
        return message.type() + "{term " + message.term() + " from " + message.from() + ", " + said(message) + "}";
    }

    private static String said(Message message) {
        if (message instanceof RequestVote m) {
            return "log ends " + m.lastLogIndex() + "/" + m.lastLogTerm();
        } else if (message instanceof RequestVoteResponse m) {
            return m.voteGranted() ? "granted" : "refused";
        } else if (message instanceof AppendEntries m) {
            return "after " + m.prevLogIndex() + "/" + m.prevLogTerm() + " " + log(m.entries()) + ", commit index "
                    + m.leaderCommit();
        } else if (message instanceof AppendEntriesResponse m) {
            return m.success() ? "matches up to " + m.matchIndex() : "refused after " + m.matchIndex();
        }
        throw new AssertionError(message);
    }
}
