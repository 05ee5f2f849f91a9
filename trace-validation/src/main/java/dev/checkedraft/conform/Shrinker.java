package dev.checkedraft.conform;

import dev.checkedraft.drive.RunResult;
import dev.checkedraft.drive.Step;
import dev.checkedraft.port.Failure;
import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Decision.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes steps out of a failing schedule as long as the run fails alike. */
final class Shrinker {
    /** Carries out a schedule. */
    interface Runner {
        RunResult run(List<Step> steps) throws InterruptedException;
    }

    private final Runner runner;
    private final Failure failure;
    private final long end;
    private RunResult best;

    private Shrinker(Runner runner, RunResult failing, Failure failure, Duration budget) {
        this.runner = runner;
        this.best = failing;
        this.failure = failure;
        this.end = System.nanoTime() + budget.toNanos();
    }

    /**
     * The shortest failing run found.
     *
     * @param failing a run that failed with {@code failure}
     * @param budget after this time what was found by then is returned
     */
    static RunResult shrink(Runner runner, RunResult failing, Failure failure, Duration budget)
            throws InterruptedException {
        Shrinker shrinker = new Shrinker(runner, failing, failure, budget);
        shrinker.shrink();
        return shrinker.best;
    }

    private void shrink() throws InterruptedException {
        tryInstead(causes(best.steps()));
        tryInstead(withoutClocks(best.steps()));
        int size;
        do {
            size = best.steps().size();
            for (int chunk = Math.max(1, size / 2); chunk >= 1; chunk /= 2) {
                takeOut(chunk);
            }
        } while (best.steps().size() < size && !isOver());
    }

    private boolean isOver() {
        return System.nanoTime() > end;
    }

    /** Takes out every run of so many steps that can go, the last ones first. */
    private void takeOut(int chunk) throws InterruptedException {
        int last = best.steps().size();
        while (last > 0 && !isOver()) {
            List<Step> fewer = new ArrayList<>(best.steps());
            fewer.subList(Math.max(0, last - chunk), last).clear();
            tryInstead(fewer);
            last = Math.min(last - chunk, best.steps().size());
        }
    }

    private boolean tryInstead(List<Step> steps) throws InterruptedException {
        if (isOver() || steps.equals(best.steps())) {
            return false;
        }
        RunResult result = runner.run(steps);
        Failure found = result.failure();
        if (found == null
                || !found.isLike(failure)
                || result.steps().size() > best.steps().size()) {
            return false;
        }
        best = result;
        return true;
    }

    /** The steps that the last one can depend on: its node's, and those that sent what these received, and so on. */
    private static List<Step> causes(List<Step> steps) {
        Set<Integer> nodes = new HashSet<>();
        Set<Integer> senders = new HashSet<>();
        List<Step> causes = new ArrayList<>();
        for (int k = steps.size() - 1; k >= 0; k--) {
            Step step = steps.get(k);
            int node = node(step.decision());
            if (k == steps.size() - 1 || nodes.contains(node) || senders.contains(step.id())) {
                nodes.add(node);
                causes.add(0, step);
                if (step.origin() != null) {
                    senders.add(step.origin().step());
                }
            }
        }
        return causes;
    }

    private static int node(Decision decision) {
        if (decision instanceof Decision.Input input) {
            return input.node();
        } else if (decision instanceof Decision.CrashDuring crash) {
            return crash.input().node();
        } else if (decision instanceof Decision.Crash crash) {
            return crash.node();
        } else if (decision instanceof Decision.Restart restart) {
            return restart.node();
        }
        return 0;
    }

    /** Each tick that may have ended a timeout becomes the timeout, so that the ticks before it can go. */
    private List<Step> withoutClocks(List<Step> steps) {
        Set<Integer> senders = new HashSet<>();
        Set<Integer> heartbeats = new HashSet<>();
        for (Step step : steps) {
            PortPacket.Origin origin = step.origin();
            if (origin != null) {
                switch (origin.kind()) {
                    case REQUEST_VOTE -> senders.add(origin.step());
                    case APPEND_ENTRIES -> heartbeats.add(origin.step());
                    default -> {}
                }
            }
        }
        List<Step> without = new ArrayList<>();
        for (int k = 0; k < steps.size(); k++) {
            Step step = steps.get(k);
            if (!(step.decision() instanceof Tick tick)) {
                without.add(step);
            } else if (senders.contains(step.id())) {
                without.add(new Step(step.id(), new Timeout(tick.node()), null));
            } else if (heartbeats.contains(step.id())) {
                without.add(new Step(step.id(), new Heartbeat(tick.node()), null));
            } else if (k == steps.size() - 1) {
                without.add(step);
            }
        }
        return without;
    }
}
