package dev.checkedraft.conform;

import dev.checkedraft.core.Action;
import dev.checkedraft.drive.Level;
import dev.checkedraft.drive.RunResult;
import dev.checkedraft.drive.Timeouts;
import dev.checkedraft.explore.PathCover;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.tlc.Branch;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Counts what was tried; by several threads at once. */
final class RunTotals {
    /** So many branches, if they were not taken, are named. */
    private static final int FEW = 3;

    private final ConformOptions options;
    private final long start = System.nanoTime();
    private long runs = 0;
    private long steps = 0;
    private long repeated = 0;
    private long crashes = 0;
    private long kills = 0;
    private long applied = 0;
    private long heartbeats = 0;
    private long recoveries = 0;
    private long elections = 0;
    private Evidence evidence = Evidence.NONE;
    private final Timeouts timeouts = new Timeouts();
    private final Map<Action, Long> events = new EnumMap<>(Action.class);
    private final Map<String, Long> checked = new HashMap<>();

    RunTotals(ConformOptions options) {
        this.options = options;
    }

    synchronized ConformReport.Totals count(RunResult result, boolean wasRepeated) {
        runs++;
        repeated += wasRepeated ? 1 : 0;
        steps += result.steps().size();
        crashes += result.crashes();
        kills += result.kills();
        applied += result.applied();
        heartbeats += result.clock().heartbeats();
        recoveries += result.clock().recoveries();
        elections += result.clock().waited().size();
        timeouts.add(result.clock().waited());
        evidence = evidence.plus(result.evidence());
        result.evidence().byAction().forEach((event, count) -> {
            Action action = event.raft();
            if (action != null) {
                events.merge(action, count, Long::sum);
            }
        });
        result.evidence().checked().forEach((field, count) -> checked.merge(field, count, Long::sum));
        return totals();
    }

    synchronized ConformReport.Totals totals() {
        return new ConformReport.Totals(
                runs, steps, repeated, crashes, kills, applied, new EnumMap<>(events), Map.copyOf(checked), seconds());
    }

    /** What all runs together show to be wrong; null if nothing. */
    synchronized @Nullable String wrong() {
        return timeouts.wrong();
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** The report when nothing failed. */
    synchronized ConformReport passed() {
        ConformReport.Totals totals = totals();
        List<Action> never = never();
        String tried = String.format(
                Locale.ROOT,
                "%,d %s of %,d steps at level %s, seed %d, in %.1f s",
                runs,
                runs == 1 ? "run" : "runs",
                options.steps(),
                options.level().label(),
                options.seed(),
                totals.seconds());
        String wrong = wrong();
        if (wrong != null) {
            return new ConformReport(
                    ConformReport.Verdict.DOES_NOT_CONFORM,
                    0,
                    "does not conform: " + wrong + "; in " + tried,
                    evidence(totals),
                    List.of(),
                    null,
                    totals);
        }
        boolean enough = never.isEmpty();
        String text = enough
                ? "conforms: " + tried
                : "undecided: nothing wrong in " + tried + ", but there was no "
                        + never.stream().map(Action::label).collect(Collectors.joining(", no "));
        return new ConformReport(
                enough ? ConformReport.Verdict.CONFORMS : ConformReport.Verdict.UNDECIDED,
                0,
                text,
                evidence(totals),
                List.of(),
                null,
                totals);
    }

    /** The report when nothing failed on the paths of a cover. */
    synchronized ConformReport covered(PathCover.Paths cover, int missing) {
        ConformReport.Totals totals = totals();
        String paths = String.format(
                Locale.ROOT,
                "every one of the %,d steps that a server can take in %,d states of a cluster, by %,d paths of %,d steps"
                        + " in all, in %.1f s",
                cover.edges(),
                cover.states(),
                runs,
                steps,
                totals.seconds());
        return new ConformReport(
                missing == 0 ? ConformReport.Verdict.CONFORMS : ConformReport.Verdict.UNDECIDED,
                0,
                missing == 0
                        ? "conforms: takes " + paths
                        : "undecided: " + missing + " messages were never sent, on the way through " + paths,
                evidence(totals),
                List.of(),
                null,
                totals);
    }

    /** What should have happened in any number of runs, and did not. */
    private List<Action> never() {
        List<Action> due = new ArrayList<>(List.of(Action.START_ELECTION));
        if (options.nodes() != 1) {
            due.add(Action.HANDLE_REQUEST_VOTE);
            due.add(Action.HANDLE_REQUEST_VOTE_RESPONSE);
        }
        if (options.level() != Level.ELECTION) {
            due.add(Action.PROPOSE);
            if (options.nodes() != 1) {
                due.add(Action.SEND_APPEND_ENTRIES);
                due.add(Action.HANDLE_APPEND_ENTRIES);
                due.add(Action.HANDLE_APPEND_ENTRIES_RESPONSE);
            }
        }
        due.removeIf(action -> events.getOrDefault(action, 0L) > 0);
        return due;
    }

    private List<String> evidence(ConformReport.Totals totals) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "replayed against spec/Raft.tla: %,d events of %,d steps (%,.0f steps a second)",
                totals.allEvents(),
                steps,
                steps / totals.seconds()));
        lines.add("by action: "
                + events.entrySet().stream()
                        .map(entry -> String.format(
                                Locale.ROOT, "%s %,d", entry.getKey().label(), entry.getValue()))
                        .collect(Collectors.joining(", ")));
        lines.add(branches());
        lines.add(String.format(
                Locale.ROOT,
                "%,d crashes, %,d of them the end of the process; %,d entries applied; %,d %s repeated, with the same"
                        + " answers",
                crashes,
                kills,
                applied,
                repeated,
                repeated == 1 ? "run" : "runs"));
        if (elections + heartbeats + recoveries > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "by ticks alone: %,d elections and %,d heartbeats in time; %,d %s got on once all faults had ended",
                    elections,
                    heartbeats,
                    recoveries,
                    recoveries == 1 ? "run" : "runs"));
        }
        List<String> unchecked = new ArrayList<>(TraceEvent.STATE_FIELDS);
        unchecked.removeIf(field -> checked.getOrDefault(field, 0L) > 0);
        if (applied == 0 && options.level() != Level.ELECTION) {
            unchecked.add("apply");
        }
        lines.add("never checked, since the port does not give it: "
                + (unchecked.isEmpty() ? "nothing" : String.join(", ", unchecked)));
        return lines;
    }

    private String branches() {
        List<Branch> never = evidence.neverTaken();
        int all = evidence.branches().size();
        return "branches of Raft.tla taken: " + (all - never.size()) + " of " + all
                + (never.isEmpty() || never.size() > FEW
                        ? ""
                        : "; not "
                                + never.stream()
                                        .map(branch -> branch.operator() + " at " + branch.location())
                                        .collect(Collectors.joining(", ")));
    }
}
