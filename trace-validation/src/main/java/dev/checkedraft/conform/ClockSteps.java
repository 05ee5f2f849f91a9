package dev.checkedraft.conform;

import dev.checkedraft.drive.Level;
import dev.checkedraft.drive.Run;
import dev.checkedraft.drive.Scheduler;
import dev.checkedraft.drive.Step;
import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Setup;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A run by ticks alone: first nobody hears of anybody, so that every node's timeouts end by themselves; then all faults end;
 * then nothing goes wrong any more, and a leader must be able to stay one.
 */
final class ClockSteps implements Scheduler {
    private final Setup setup;
    private final int alone;
    private final int together;
    private int made = 0;
    private int rounds = 0;

    /** The node whose clock ticks next. */
    private int next = 1;

    /** Messages before this one have arrived, or never will. */
    private int arrived = 0;

    ClockSteps(Setup setup, Level level) {
        this.setup = setup;
        this.alone = 3 * setup.maxElectionTimeout();
        this.together = level == Level.ELECTION ? 0 : 2 * setup.maxElectionTimeout();
    }

    @Override
    public @Nullable Step next(Run run) {
        List<PortPacket> all = run.network().packets();
        while (rounds > alone && next == 1 && arrived < all.size()) {
            PortPacket packet = all.get(arrived++);
            if (packet.isInFlight()) {
                return step(new Deliver(packet.ref()));
            }
        }
        if (rounds == alone && next == 1) {
            rounds++;
            return together == 0 ? null : step(RandomSteps.recover(setup, run));
        }
        if (rounds <= alone) {
            arrived = all.size();
        }
        if (rounds > alone + together) {
            return null;
        }
        Step step = step(new Tick(next));
        next = next % setup.nodes() + 1;
        rounds += next == 1 ? 1 : 0;
        return step;
    }

    private Step step(Decision decision) {
        return new Step(++made, decision, null);
    }
}
