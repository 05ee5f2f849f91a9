package dev.checkedraft.drive;

import dev.checkedraft.port.Failure;
import dev.checkedraft.replay.Evidence;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.schedule.TraceFromBase;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceSink;
import dev.checkedraft.validate.ServerView;
import dev.checkedraft.validate.TraceValidator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Judges a run of a port: replays what its nodes did, as a trace's events, and says where it fails, and how. */
final class Referee {
    private final Setup setup;
    private final TraceSink sink;
    private final TraceValidator validator;

    /** The number of the step in the run, 0 before the first, and its id. */
    private int step = 0;

    private int stepId = 0;

    /** @param sink gets every event, the one that is no step of the spec too */
    Referee(Setup setup, TraceSink sink) {
        this.setup = setup;
        this.validator = TraceValidator.open(new TraceHeader(Nodes.names(setup.nodes()), Set.of(), Map.of()));
        this.sink = sink;
    }

    /** Says which step what follows belongs to. */
    void begin(int number, int id) {
        step = number;
        stepId = id;
    }

    /** The step's id. */
    int stepId() {
        return stepId;
    }

    Evidence evidence() {
        return validator.verdict().evidence();
    }

    /** A node as the spec has it by now; null if more than one state may be it. */
    @Nullable
    ServerView view(PortNode node) {
        ServerView view = validator.server(node.name);
        return view == null ? null : view.from(setup.baseTerm(), setup.baseLog());
    }

    /** A node says that this happened: the spec must have a step that explains it. */
    void feed(PortNode node, TraceEvent said) throws NonConformance {
        // Where a cluster does not begin with nothing, terms and indexes count from there.
        TraceEvent event = TraceFromBase.told(setup, said);
        sink.accept(event);
        boolean accepted;
        try {
            accepted = validator.feed(event, Explanations.at(step));
        } catch (IllegalArgumentException e) {
            throw misbehaved(node, "did what no trace can say: " + e.getMessage());
        }
        if (accepted) {
            return;
        }
        Verdict verdict = validator.verdict();
        if (verdict instanceof Verdict.Diverged diverged) {
            List<String> why = Explanations.of(diverged.divergence());
            throw new NonConformance(new Failure(
                    Failure.Kind.DIVERGED, step, event.action().raft(), why.get(0), why.subList(1, why.size())));
        }
        if (verdict instanceof Verdict.Unsafe unsafe) {
            throw new NonConformance(
                    new Failure(Failure.Kind.DIVERGED, step, event.action().raft(), unsafe.headline(), List.of()));
        }
        throw failed(node, Failure.Kind.UNDECIDED, "did more than the replay keeps track of");
    }

    /** A failure at the current step: what no port may do. */
    NonConformance misbehaved(PortNode node, String text) {
        return failed(node, Failure.Kind.MISBEHAVED, text);
    }

    /** A failure at the current step. */
    NonConformance failed(PortNode node, Failure.Kind kind, @Nullable String text) {
        return new NonConformance(new Failure(kind, step, null, node.name + " " + text, List.of()));
    }
}
