package dev.checkedraft.conform;

import dev.checkedraft.drive.Run;
import dev.checkedraft.drive.RunResult;
import dev.checkedraft.drive.Scheduler;
import dev.checkedraft.drive.Step;
import dev.checkedraft.explore.PathCover;
import dev.checkedraft.port.Failure;
import dev.checkedraft.port.Pipe;
import dev.checkedraft.port.Port;
import dev.checkedraft.port.PortLines;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Tries a port: runs clusters of it under random schedules, replays what it does against the spec, and makes the schedule of
 * the first run that fails as short as it can. The same seed finds the same.
 */
public final class Conformance {
    /** One run in so many is run twice, and one in so many kills the process at every crash; the first run is both. */
    private static final int SPECIAL_EVERY = 50;

    /** One run in so many is by ticks alone; the first such one is run twice too. */
    private static final int BY_CLOCK_EVERY = 20;

    private static final int FIRST_BY_CLOCK = 2;

    /** In other runs, one crash in so many ends the process; the others start it again, which is much faster. */
    private static final int KILL_EVERY = 20;

    private final Pipe.Launcher launcher;
    private final ConformOptions options;
    private final RunTotals tally;

    /** The runs that failed, by number. */
    private final ConcurrentSkipListMap<Integer, RunResult> failed = new ConcurrentSkipListMap<>();

    private final AtomicInteger nextRun = new AtomicInteger(1);

    /** The first fault of this program that ended a worker, and with it what was tried. */
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();

    /** For nodes of any kind, such as {@code () -> PortProcess.start(command)}. An object serves for one check, or replay. */
    public Conformance(Pipe.Launcher launcher, ConformOptions options) {
        this.launcher = launcher;
        this.options = options;
        this.tally = new RunTotals(options);
    }

    /**
     * Tries a Raft in Java, in this JVM.
     *
     * @param nodes gives a new node each time, to any thread
     */
    public static ConformReport check(Supplier<? extends Port> nodes, ConformOptions options) {
        return uninterrupted(() -> new Conformance(PortLines.pipes(nodes), options).check(totals -> {}));
    }

    /** Carries out a schedule with a Raft in Java, in this JVM. */
    public static ConformReport replay(Supplier<? extends Port> nodes, ConformOptions options, Schedule schedule) {
        return uninterrupted(() -> new Conformance(PortLines.pipes(nodes), options).replay(schedule));
    }

    private static ConformReport uninterrupted(Callable<ConformReport> deed) {
        try {
            return deed.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before there was a verdict", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // ---------------------------------------------------------------------------------------------------------------

    /**
     * Tries the port.
     *
     * @param progress told after every run what was tried so far, by several threads
     */
    public ConformReport check(Consumer<ConformReport.Totals> progress) throws InterruptedException {
        List<Thread> workers = new ArrayList<>();
        try (PortCluster cluster = cluster()) {
            for (int k = 1; k < Math.min(options.workers(), options.runs()); k++) {
                Thread worker = new Thread(() -> work(progress), "conform-" + k);
                worker.setDaemon(true);
                worker.start();
                workers.add(worker);
            }
            work(cluster, progress);
            for (Thread worker : workers) {
                worker.join();
            }
            Throwable cause = fault.get();
            if (cause != null) {
                throw new IllegalStateException(cause);
            }
            Map.Entry<Integer, RunResult> first = failed.firstEntry();
            return first == null ? tally.passed() : shortened(cluster, first.getKey(), first.getValue());
        } finally {
            workers.forEach(Thread::interrupt);
        }
    }

    private PortCluster cluster() {
        return new PortCluster(launcher, options.patience(), options.level());
    }

    private void work(Consumer<ConformReport.Totals> progress) {
        try (PortCluster cluster = cluster()) {
            work(cluster, progress);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) { // this thread has nobody else to tell
            fault.compareAndSet(null, e);
        }
    }

    /** Runs, until there are enough or one has failed. All runs before a failed one are finished: it is the first. */
    private void work(PortCluster cluster, Consumer<ConformReport.Totals> progress) throws InterruptedException {
        Duration limit = options.limit();
        int run = nextRun.getAndIncrement();
        while (run <= options.runs() && failed.headMap(run).isEmpty() && fault.get() == null && tally.wrong() == null) {
            if (run > 1 && limit != null && tally.seconds() * 1e3 > limit.toMillis()) {
                return;
            }
            boolean special = isSpecial(run);
            RunResult result = run(cluster, run, special);
            if (result.failure() != null) {
                failed.put(run, result);
            }
            progress.accept(tally.count(result, special));
            run = nextRun.getAndIncrement();
        }
    }

    /** One of the runs of {@link #check}, by itself; its schedule is not made shorter. */
    ConformReport checkRun(int run) throws InterruptedException {
        try (PortCluster cluster = cluster()) {
            boolean special = isSpecial(run);
            RunResult result = run(cluster, run, special);
            tally.count(result, special);
            Failure failure = result.failure();
            return failure == null ? tally.passed() : report(run, failure, "", result, List.of());
        }
    }

    private static boolean isSpecial(int run) {
        return run % SPECIAL_EVERY == 1 || run == FIRST_BY_CLOCK;
    }

    private RunResult run(PortCluster cluster, int run, boolean special) throws InterruptedException {
        long seed = options.seed() * 1_000_003 + run;
        Setup setup = RandomSteps.setup(options.nodes(), seed, run);
        Scheduler plan = run % BY_CLOCK_EVERY == FIRST_BY_CLOCK
                ? new ClockSteps(setup, options.level())
                : new RandomSteps(seed, setup, options.level(), options.steps());
        AtomicInteger crashes = new AtomicInteger(run);
        Run.KillPolicy kills = () -> special || crashes.getAndIncrement() % KILL_EVERY == 0;
        RunResult result = cluster.execute(setup, plan, kills, run == 1, run == 1);
        return special && result.failure() == null ? cluster.again(result, run == 1) : result;
    }

    // ---------------------------------------------------------------------------------------------------------------

    /**
     * Takes the port through every step that a server can take within bounds, a run a path.
     *
     * @param progress told after every run what was tried so far
     */
    public ConformReport cover(PathCover.Paths cover, Consumer<ConformReport.Totals> progress)
            throws InterruptedException {
        int missing = 0;
        try (PortCluster cluster = cluster()) {
            int run = 0;
            for (List<PathCover.Move> path : cover.paths()) {
                run++;
                PathSteps steps = new PathSteps(path);
                RunResult result =
                        cluster.execute(Setup.of(cover.nodes(), options.seed()), steps, () -> false, run == 1, false);
                progress.accept(tally.count(result, false));
                missing += steps.missing();
                if (result.failure() != null) {
                    return shortened(cluster, run, result);
                }
            }
        }
        return tally.covered(cover, missing);
    }

    /** Carries out a schedule, with nodes that serve only for it. */
    public ConformReport replay(Schedule schedule) throws InterruptedException {
        List<Step> steps = new ArrayList<>();
        for (Decision decision : schedule.decisions()) {
            steps.add(new Step(steps.size() + 1, decision, null));
        }
        try (PortCluster cluster = cluster()) {
            RunResult result = cluster.afresh(schedule.setup(), steps);
            Failure failure = result.failure();
            tally.count(result, failure == null);
            if (failure == null) {
                result = cluster.again(result, true);
                failure = result.failure();
            }
            if (failure != null) {
                return report(0, failure, "", result, List.of());
            }
            return new ConformReport(
                    ConformReport.Verdict.CONFORMS,
                    0,
                    "conforms in this schedule of " + result.steps().size() + " steps",
                    List.of(),
                    result.story(),
                    null,
                    tally.totals());
        }
    }

    private ConformReport shortened(PortCluster cluster, int run, RunResult failing) throws InterruptedException {
        Failure failure = failing.failure();
        if (failure == null) {
            throw new IllegalArgumentException("nothing failed");
        }
        List<String> notes = new ArrayList<>();
        RunResult shortest = failing;
        if (failure.kind() == Failure.Kind.NOT_DETERMINISTIC) {
            shortest = shrink(
                    steps -> {
                        RunResult first = cluster.quickly(failing.setup(), steps);
                        return first.failure() == null ? cluster.again(first, false) : first;
                    },
                    failing,
                    failure);
        } else if (failure.step() > 0) {
            shortest = reproduced(cluster, failing, failure, notes);
        }
        int before = failing.steps().size();
        int after = shortest.steps().size();
        if (before > after) {
            notes.add("The run had failed at step " + before + "; its schedule was cut down to " + after + " steps.");
        }
        Failure shown = shortest.failure();
        int nodes = failing.setup().nodes();
        String where =
                "seed " + options.seed() + ", run " + run + " of " + nodes + (nodes == 1 ? " node, " : " nodes, ");
        return report(run, shown == null ? failure : shown, where, shortest, notes);
    }

    /**
     * The shortest failing run. It is looked for quickly, in processes that are started again; and must then fail in new ones
     * too, as it will for whoever replays it.
     */
    private RunResult reproduced(PortCluster cluster, RunResult failing, Failure failure, List<String> notes)
            throws InterruptedException {
        Setup setup = failing.setup();
        RunResult shortest = shrink(steps -> cluster.quickly(setup, steps), failing, failure);
        RunResult confirmed = cluster.afresh(setup, shortest.steps());
        if (fails(confirmed, failure)) {
            return confirmed;
        }
        confirmed = cluster.afresh(setup, failing.steps());
        if (fails(confirmed, failure)) {
            return shrink(steps -> cluster.afresh(setup, steps), confirmed, failure);
        }
        notes.add("In new processes this schedule does not fail: the port keeps something from one start to the next.");
        return shortest;
    }

    private RunResult shrink(Shrinker.Runner runner, RunResult failing, Failure failure) throws InterruptedException {
        return Shrinker.shrink(runner, failing, failure, options.shrinking());
    }

    private static boolean fails(RunResult result, Failure failure) {
        Failure found = result.failure();
        return found != null && found.isLike(failure);
    }

    private ConformReport report(int run, Failure failure, String where, RunResult result, List<String> notes) {
        ConformReport.Verdict verdict = switch (failure.kind()) {
            case UNDECIDED -> ConformReport.Verdict.UNDECIDED;
            case NOT_STARTED -> ConformReport.Verdict.NOT_STARTED;
            default -> ConformReport.Verdict.DOES_NOT_CONFORM;
        };
        String said = switch (verdict) {
            case UNDECIDED -> "undecided: ";
            case NOT_STARTED -> "no port: ";
            default -> "does not conform: ";
        };
        List<String> details = new ArrayList<>(failure.details());
        details.addAll(notes);
        details.addAll(names(result.setup()));
        String at = failure.step() == 0 ? "before the first step" : "step " + failure.step();
        return new ConformReport(
                verdict,
                run,
                said + where + at + ": " + failure.text(),
                details,
                result.story(),
                schedule(result),
                tally.totals());
    }

    /** Which node is called what, where that is not n1, n2 and so on. */
    private static List<String> names(Setup setup) {
        List<String> ours = Nodes.names(setup.nodes());
        return setup.names().equals(ours)
                ? List.of()
                : List.of("The port was told that " + String.join(", ", ours) + " are called "
                        + String.join(", ", setup.names()) + ".");
    }

    private static @Nullable Schedule schedule(RunResult result) {
        List<Decision> decisions = result.steps().stream().map(Step::decision).toList();
        return decisions.isEmpty() ? null : new Schedule(result.setup(), decisions);
    }
}
