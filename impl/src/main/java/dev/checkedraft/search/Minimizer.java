package dev.checkedraft.search;

import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.safety.StepChecker;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.search.LinkedSchedule.Item;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.Outcome;
import dev.checkedraft.sim.Simulation;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing schedule short: takes decisions out and makes those that stay simpler, as long as it still fails (delta
 * debugging, Zeller and Hildebrandt, 2002). Decisions about a message follow it: when others are taken out, they still
 * mean the message that the same decision sent, whatever its number then is.
 */
public final class Minimizer {
    /** Schedules up to this long are searched for pairs of decisions that can go together. */
    private static final int PAIRS_UP_TO = 60;

    /** How often to look for another way to the failure. */
    private static final int REGROWTHS = 2_000;

    private final Predicate<Schedule> fails;
    private int triesLeft;
    private LinkedSchedule best;

    private Minimizer(LinkedSchedule failing, Predicate<Schedule> fails, int tries) {
        this.best = failing;
        this.fails = fails;
        this.triesLeft = tries;
    }

    /**
     * Makes the schedule of a failed run short; the result breaks the same property.
     *
     * @param failed the outcome of a run that failed
     */
    public static Schedule minimize(Outcome failed) {
        SafetyViolation failure = failed.failure();
        if (failure == null) {
            throw new IllegalArgumentException("the run did not fail");
        }
        return minimize(failed.schedule(), schedule -> failsLike(failure, schedule), 100_000);
    }

    private static boolean failsLike(SafetyViolation failure, Schedule schedule) {
        SafetyViolation other = Outcome.of(schedule).failure();
        return other != null
                && other.property() == failure.property()
                && (failure.getCause() == null) == (other.getCause() == null);
    }

    /**
     * Makes a schedule short.
     *
     * @param failing a schedule that fails
     * @param fails whether a schedule fails, in the same way; must always say the same of the same schedule
     * @param tries how often to ask {@code fails} at most
     * @throws IllegalArgumentException if the schedule does not fail
     */
    public static Schedule minimize(Schedule failing, Predicate<Schedule> fails, int tries) {
        if (!fails.test(failing)) {
            throw new IllegalArgumentException("the schedule does not fail");
        }
        LinkedSchedule tracked = LinkedSchedule.of(failing);
        Minimizer minimizer = new Minimizer(tracked, fails, tries);
        if (!fails.test(tracked.schedule())) {
            // Not so if the failure shows only together with decisions that do not apply.
            return failing;
        }
        minimizer.shorten();
        return minimizer.best.schedule();
    }

    private void shorten() {
        accept(best.with(best.setup().from(0, 0)));
        cutTail();
        accept(best.withoutTicks());
        reduce();
        regrow();
        // Least unlike the usual cluster.
        accept(best.with(best.setup().with(best.setup().nodes(), Setup.of(1, 0).maxEntries())));
        Setup setup = best.setup();
        accept(best.with(Setup.of(setup.nodes(), 0)
                .with(setup.nodes(), setup.maxEntries())
                .from(setup.baseTerm(), setup.baseLog())));
        renameValues();
    }

    /** Until nothing can be taken out any more. */
    private void reduce() {
        int size;
        do {
            size = best.items().size();
            removeChunks();
            removeNodes();
            simplify();
            removePairs();
        } while (best.items().size() < size);
    }

    /**
     * Looks for another way to the same failure: goes on at random after some of the first decisions, or from scratch. What
     * fails is reduced in turn, and kept if it is then shorter.
     */
    private void regrow() {
        Rng rng = new Rng(0);
        for (int attempt = 0; attempt < REGROWTHS && triesLeft > 0; attempt++) {
            LinkedSchedule shortest = best;
            int size = shortest.items().size();
            Schedule grown = grown(shortest, rng.below(size), size + rng.below(size + 1), rng);
            if (accept(LinkedSchedule.of(grown))) {
                cutTail();
                removeChunks();
                if (best.items().size() < size) {
                    reduce();
                } else {
                    best = shortest;
                }
            }
        }
    }

    private static Schedule grown(LinkedSchedule from, int kept, int size, Rng rng) {
        Setup setup = from.setup();
        if (kept == 0) {
            setup = setup.with(1 + rng.below(setup.nodes()), rng.oneOf(1, 2, setup.maxEntries()));
        }
        Simulation simulation = new Simulation(setup, TraceSink.NONE, StepChecker.NONE);
        List<Decision> decisions = new ArrayList<>();
        for (Item item : from.items().subList(0, kept)) {
            decisions.add(item.decision());
            simulation.step(item.decision());
        }
        Plan plan = new Plan(setup, FaultProfile.hunting(rng), rng.next(), size - kept);
        decisions.addAll(plan.run(simulation).schedule().decisions());
        return new Schedule(setup, decisions);
    }

    /** Goes on from a candidate if it still fails. */
    private boolean accept(LinkedSchedule candidate) {
        if (triesLeft <= 0) {
            return false;
        }
        triesLeft--;
        LinkedSchedule applied = candidate.replay();
        if (!fails.test(applied.schedule())) {
            return false;
        }
        best = applied;
        return true;
    }

    /** Looks for the first decisions that suffice, by halving. */
    private void cutTail() {
        int enough = best.items().size();
        int tooFew = 0;
        LinkedSchedule whole = best;
        while (enough - tooFew > 1) {
            int middle = (enough + tooFew) >>> 1;
            if (accept(whole.with(whole.items().subList(0, middle)))) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
    }

    private void removeChunks() {
        for (int chunk = Math.max(1, best.items().size() / 2); chunk >= 1; chunk /= 2) {
            boolean again;
            do {
                again = false;
                // From the end on: what comes late depends on what comes early.
                for (int end = best.items().size();
                        end > 0;
                        end = Math.min(end - chunk, best.items().size())) {
                    again |= accept(without(Math.max(0, end - chunk), end));
                }
            } while (again && chunk == 1);
        }
    }

    private LinkedSchedule without(int from, int to) {
        List<Item> rest = new ArrayList<>(best.items().subList(0, from));
        rest.addAll(best.items().subList(to, best.items().size()));
        return best.with(rest);
    }

    private void removePairs() {
        if (best.items().size() > PAIRS_UP_TO) {
            return;
        }
        for (int first = 0; first < best.items().size(); first++) {
            for (int second = first + 1; second < best.items().size(); second++) {
                List<Item> rest = new ArrayList<>(best.items());
                rest.remove(second);
                rest.remove(first);
                if (accept(best.with(rest))) {
                    first = Math.max(0, first - 1);
                    second = first;
                }
            }
        }
    }

    /** Tries clusters with fewer nodes: one less; or two less, which needs one vote less. */
    private void removeNodes() {
        for (int node = best.setup().nodes(); node > 0; node--) {
            if (removeNode(best, node)) {
                continue;
            }
            for (int other = node - 1; other > 0; other--) {
                if (best.setup().nodes() > 2 && removeNode(best.withoutNode(node), other)) {
                    break;
                }
            }
        }
    }

    private boolean removeNode(LinkedSchedule from, int node) {
        return node <= from.setup().nodes() && from.setup().nodes() > 1 && accept(from.withoutNode(node));
    }

    private void simplify() {
        for (int k = 0; k < best.items().size(); k++) {
            Item item = best.items().get(k);
            for (Decision simpler : simpler(item.decision())) {
                if (accept(best.replacing(item, simpler))) {
                    break;
                }
            }
        }
    }

    private static List<Decision> simpler(Decision decision) {
        if (decision instanceof CrashDuring crash) {
            Input input = crash.input();
            List<Decision> simpler = new ArrayList<>(List.of(input, new Crash(input.node())));
            for (int sent = 0; sent < crash.sent(); sent++) {
                simpler.add(new CrashDuring(input, sent));
            }
            return simpler;
        }
        return List.of();
    }

    private void renameValues() {
        List<Item> renamed = new ArrayList<>();
        int values = 0;
        for (Item item : best.items()) {
            Decision decision = item.decision();
            if (decision instanceof Propose propose) {
                decision = new Propose(propose.node(), "v" + ++values);
            } else if (decision instanceof CrashDuring crash && crash.input() instanceof Propose propose) {
                decision = new CrashDuring(new Propose(propose.node(), "v" + ++values), crash.sent());
            }
            renamed.add(item.with(decision));
        }
        accept(best.with(renamed));
    }
}
