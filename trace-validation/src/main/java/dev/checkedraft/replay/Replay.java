package dev.checkedraft.replay;

import dev.checkedraft.judge.Certainty;
import dev.checkedraft.judge.TraceSafety;
import dev.checkedraft.judge.UnloggedSends;
import dev.checkedraft.safety.Property;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.tlc.Agreement;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.InitialState;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;

/**
 * The replay of a trace in progress: the states of the spec that explain the events so far, and the messages sent on the way
 * to them; or the verdict that stands.
 */
public final class Replay {
    /** Of the messages that an event may have handled, so many of those sent last are tried first. */
    public static final int LIKELY = 64;

    /** For a replay that tries all of them. */
    public static final int ALL = Integer.MAX_VALUE;

    /** The limit that is reached where messages were passed over that can be tried no more. */
    public static final String ONLY_LIKELIEST =
            "of the messages that the events before may have handled only the likeliest were tried";

    private static final String ONLY_LIKELIEST_CHOICE =
            "of what the events before may have chosen only the likeliest was tried: tell ";

    private final TraceHeader header;
    private final ValidatorOptions options;
    private final SpecEvaluator spec;
    /** How many of the messages that an event may have handled are tried first, if one state explains what was before. */
    private final int likely;

    private final TlcValues cluster;
    private final EventTrial.Inputs inputs;

    /** The messages sent on the way to every state of the frontier. */
    private final MessageStore messages;

    /** The messages that were sent without the trace telling. */
    private final UnloggedSends untold;

    private EvidenceCount evidence;

    /** How many steps of the spec were tried. */
    private long tried;

    private List<SpecState> frontier;

    private LogMemory memory;

    /** Whether a message that an event may have handled was not tried. */
    private boolean passedOver;

    /** What the trace leaves open of choices; of no use where Raft.tla is the only judge. */
    private final Certainty certainty;

    /** Why an event may have handled a message that could not be tried; null if none did. */
    private @Nullable String missed;

    /** Null once several states may explain the trace: which of them happened is not known from there on. */
    private @Nullable TraceSafety safety;

    /** What decides; null as long as nothing does. */
    private @Nullable Verdict decided;

    /**
     * @param likely how many of the messages that an event may have handled are tried first, where there is one state to try
     *     them in; in each of several states, a quarter of that. {@link #ALL} passes over none.
     */
    public Replay(TraceHeader header, ValidatorOptions options, SpecEvaluator spec, int likely) {
        this.header = header;
        this.options = options;
        this.spec = spec;
        this.likely = likely;
        cluster = spec.cluster();
        messages = new MessageStore(options.messages());
        untold = new UnloggedSends(spec, header.omits(), !options.strict());
        evidence = new EvidenceCount(spec.branches(), header.observes());
        Set<Property> properties = options.strict() ? TraceSafety.PROPERTIES : TraceSafety.OF_ANY;
        TraceSafety checks = new TraceSafety(cluster, properties);
        TLCState initial = InitialState.of(spec, header);
        safety = header.initial().isEmpty() || checks.begin(initial) ? checks : null;
        Agreement agreement = new Agreement(cluster, header.observes());
        certainty = new Certainty(agreement, cluster.servers().size());
        memory = new LogMemory(cluster, options.bytes() / 8);
        frontier = List.of(new SpecState(initial, Set.of(), Map.of()));
        inputs = new EventTrial.Inputs(spec, agreement, options, likely, messages, untold, certainty);
    }

    /** What became of an event. */
    public enum Outcome {
        EXPLAINED,
        /** No state explains it that the replay has; but there may be others, since likely messages were preferred. */
        UNLIKELY,
        /** It decides, or something before it did. */
        DECIDED
    }

    public Outcome feed(EventValues report, TraceLocation where) {
        if (decided != null) {
            return Outcome.DECIDED;
        }
        certainty.see(report);
        if (!take(report, where, 0)) {
            if (missed == null && certainty.isEndless()) {
                missed = unlikely();
            }
            if (missed != null) {
                stop(where, missed);
            } else if (passedOver()) {
                return Outcome.UNLIKELY;
            } else {
                decided = divergence(report, where);
            }
        }
        return decided == null ? Outcome.EXPLAINED : Outcome.DECIDED;
    }

    /**
     * Takes an event if a state of the frontier explains it.
     *
     * @param skipped so many of the messages sent first on the way to all states are not tried
     * @return false if no state explains it; nothing has changed then
     */
    public boolean take(EventValues report, TraceLocation where, int skipped) {
        evidence.clearVisits();
        EventTrial trial = trial(report, where, skipped);
        Successors successors = trial.successors();
        tried += trial.tried();
        passedOver |= trial.passedOver();
        note(trial);
        String limit = successors.exceeded();
        if (limit != null) {
            stop(where, limit);
            return true;
        }
        if (successors.isEmpty()) {
            return false;
        }
        List<SpecState> before = frontier;
        frontier = successors.frontier(messages::add);
        evidence.count(report.event);
        String choice = trial.choice();
        if (choice != null) {
            evidence.choice(choice, where);
        }
        checkSafety(report, before, where);
        checkMemory(report, before, where);
        return true;
    }

    /** The verdict if no state explains an event. */
    public Verdict.Diverged divergence(EventValues report, TraceLocation where) {
        Divergence divergence = new Diagnosis(spec, messages, header.observes(), !options.strict())
                .divergence(report.event, where, frontier, report.handled);
        EvidenceCount counts = evidence.copy();
        if (divergence.attempts().stream().anyMatch(attempt -> !attempt.after().isEmpty())) {
            counts.compared(report.event);
        }
        return new Verdict.Diverged(divergence, counts.soFar());
    }

    /** Nothing can be decided any more, since a limit was reached. */
    public void stop(TraceLocation where, String limit) {
        decided = new Verdict.Undecided(where, limit, evidence.soFar());
    }

    /** Checks the safety properties after a step, as long as it is known which step it was. */
    private void checkSafety(EventValues report, List<SpecState> before, TraceLocation where) {
        if (safety == null) {
            return;
        }
        if (before.size() > 1 || frontier.size() > 1 || passedOver || missed != null) {
            safety = null;
            return;
        }
        SafetyViolation violation =
                safety.check(report, before.get(0).vars(), frontier.get(0).vars());
        if (violation == null) {
            evidence.safe();
        } else {
            decided = new Verdict.Unsafe(
                    where, report.event, violation.property().label(), violation.what(), evidence.soFar());
        }
    }

    /** The messages remembered get what the logs and the frontier leave. */
    private void checkMemory(EventValues report, List<SpecState> before, TraceLocation where) {
        long held = memory.held(report, before, frontier);
        long most = options.bytes() / 4 * 3;
        messages.limit(options.bytes() - Math.min(held, most));
        if (held > most && decided == null) {
            stop(where, Successors.outOfMemory("the logs and the spec states that explain the trace up to here", most));
        }
    }

    // --------------------------------------------------------------------------------- several traces, see Merger

    /** Whether an event can be taken now, as far as its message goes. */
    public enum Readiness {
        /** In every state: it handles no message, or one that is told in full and was sent. */
        DUE,
        /** Its message is told in full, and was sent in some of the states. */
        SPLIT,
        /** Its message is told in part, and some message that was sent in some state agrees. */
        PARTIAL,
        /** No message that agrees was sent so far. */
        WAITING
    }

    /**
     * Whether an event can be taken now, as far as its message goes.
     *
     * @param skipped so many of the messages sent first do not count, if it is told in part
     */
    public Readiness readiness(EventValues report, int skipped) {
        PackedMessage wanted = report.handled;
        if (wanted == null || wanted.get(PackedMessage.TO) != report.place) {
            return Readiness.DUE;
        }
        boolean isTold = wanted.isComplete();
        if (isTold && messages.find(wanted) != null) {
            return Readiness.DUE;
        }
        boolean inSome = !isTold && !messages.matching(wanted, 1, skipped).isEmpty();
        boolean inAll = isTold;
        for (SpecState state : frontier) {
            boolean here = isIn(state, wanted);
            inSome |= here;
            inAll &= here;
        }
        return inAll ? Readiness.DUE : !inSome ? Readiness.WAITING : isTold ? Readiness.SPLIT : Readiness.PARTIAL;
    }

    /** Whether a message was sent in this state that was not in all others. */
    private boolean isIn(SpecState state, PackedMessage wanted) {
        return state.onlyHere().stream().anyMatch(packet -> packet.agreesWith(wanted))
                || !untold.matching(state.vars(), state.leaderships(), wanted)
                        .messages()
                        .isEmpty();
    }

    /**
     * A replay that can be gone back to.
     *
     * @param evidence a copy
     * @param memory a copy
     * @param added the number of messages in the store
     */
    public record Mark(List<SpecState> frontier, EvidenceCount evidence, LogMemory memory, int added) {}

    /** Marks what is explained so far. What comes next is not the only way, so that safety is not checked any more. */
    public Mark mark() {
        safety = null;
        messages.keepUndo();
        return new Mark(frontier, evidence.copy(), memory.copy(), messages.added());
    }

    /** Leaves the states in which an event's message was sent; the mark has the others. */
    public Mark split(EventValues report) {
        PackedMessage wanted = report.handled;
        if (wanted == null) {
            throw new IllegalArgumentException(report.event.action() + " handles no message");
        }
        List<SpecState> with = new ArrayList<>();
        List<SpecState> without = new ArrayList<>();
        for (SpecState state : frontier) {
            (isIn(state, wanted) ? with : without).add(state);
        }
        frontier = List.copyOf(without);
        Mark others = mark();
        frontier = List.copyOf(with);
        return others;
    }

    /** Goes back to a mark, once. */
    public void backTo(Mark mark) {
        frontier = mark.frontier;
        evidence = mark.evidence;
        memory = mark.memory;
        messages.undo(mark.added);
    }

    /** Marks before this one are not gone back to; null: none is. */
    public void forgetBefore(@Nullable Mark mark) {
        if (mark == null) {
            messages.forgetUndo();
        } else {
            messages.forgetUndo(mark.added);
        }
    }

    /** How many of the messages sent were sent on the way to all states. */
    public int messages() {
        return messages.added();
    }

    /** How many steps of the spec were tried. */
    public long tried() {
        return tried;
    }

    /** Whether a message that an event may have handled was not tried, since there were likelier ones. */
    public boolean passedOver() {
        return passedOver || (likely != ALL && certainty.whatToTell() != null);
    }

    /** The limit that is reached where only the likeliest was tried. */
    public String unlikely() {
        String what = certainty.whatToTell();
        return what == null ? ONLY_LIKELIEST : ONLY_LIKELIEST_CHOICE + what;
    }

    /** Takes down whether an event that waits may have handled a message that cannot be tried. */
    public void missed(EventValues report, TraceLocation where) {
        EventTrial trial = trial(report, where, 0);
        frontier.forEach(trial::candidates);
        note(trial);
    }

    private EventTrial trial(EventValues report, TraceLocation where, int skipped) {
        return new EventTrial(inputs, frontier, evidence, report, where, skipped);
    }

    private void note(EventTrial trial) {
        missed = trial.missed() == null ? missed : trial.missed();
    }

    /** Why an event may have handled a message that could not be tried; null if none did. */
    public @Nullable String missed() {
        return missed;
    }

    /** What decides; null as long as nothing does. */
    public @Nullable Verdict decided() {
        return decided;
    }

    // ------------------------------------------------------------------------------------------------------- one step

    /** The state that explains what was before, if it is the only one; else null. */
    public @Nullable TLCState onlyState() {
        return frontier.size() == 1 ? frontier.get(0).vars() : null;
    }

    public int frontierSize() {
        return frontier.size();
    }

    /** How many events were explained. */
    public long events() {
        return evidence.events();
    }

    public Verdict verdict() {
        return decided == null ? new Verdict.Accepted(evidence.soFar()) : decided;
    }
}
