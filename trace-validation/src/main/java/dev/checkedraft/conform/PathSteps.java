package dev.checkedraft.conform;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.drive.Run;
import dev.checkedraft.drive.Scheduler;
import dev.checkedraft.drive.Step;
import dev.checkedraft.explore.PathCover;
import dev.checkedraft.explore.PathCover.Arrive;
import dev.checkedraft.explore.PathCover.Move;
import dev.checkedraft.explore.PathCover.Propose;
import dev.checkedraft.explore.PathCover.Restart;
import dev.checkedraft.explore.PathCover.Timeout;
import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Send;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.trace.Tracer;
import java.util.ArrayDeque;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** One path of a cover ({@link PathCover}), carried out. A message is found by its contents, whoever sent it how often. */
final class PathSteps implements Scheduler {
    private final ArrayDeque<Move> moves;
    private int made = 0;

    /** The node that crashed in the last step, and restarts in the next one; 0 if none. */
    private int down = 0;

    /** How many messages of the path were never sent: a correct port sends them all. */
    private int missing = 0;

    PathSteps(List<Move> moves) {
        this.moves = new ArrayDeque<>(moves);
    }

    int missing() {
        return missing;
    }

    @Override
    public @Nullable Step next(Run run) {
        if (down > 0) {
            int node = down;
            down = 0;
            return step(new Decision.Restart(node));
        }
        Move move = moves.poll();
        if (move == null) {
            return null;
        }
        if (move instanceof Timeout timeout) {
            return step(new Decision.Timeout(timeout.node()));
        } else if (move instanceof Propose propose) {
            return step(new Decision.Propose(propose.node(), propose.value()));
        } else if (move instanceof Restart restart) {
            down = restart.node();
            return step(new Crash(down));
        } else if (move instanceof PathCover.Send send) {
            AppendEntries m = send.message();
            int to = Nodes.number(m.to());
            return step(new Send(send.node(), to, m.prevLogIndex(), m.entries().size(), m.leaderCommit()));
        }
        Message message = ((Arrive) move).message();
        PortPacket packet = run.network().first(Tracer.fields(message));
        if (packet == null) {
            missing++;
            return next(run);
        }
        return new Step(++made, new Deliver(packet.ref()), packet.origin());
    }

    private Step step(Decision decision) {
        return new Step(++made, decision, null);
    }
}
