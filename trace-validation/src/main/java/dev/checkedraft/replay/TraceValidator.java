package dev.checkedraft.replay;

import dev.checkedraft.sim.SafetyViolation;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;

/**
 * Replays a trace against {@code spec/Raft.tla}, event by event: opened with a trace's header, fed its events, it holds the
 * states of the spec that explain them all. A verdict may be asked for at any time. The memory in use grows with the
 * servers' logs, not with the number of events.
 *
 * <pre>{@code
 * TraceValidator validator = TraceValidator.open(header);
 * for (TraceEvent event : events) {
 *     if (!validator.feed(event)) {
 *         break;
 *     }
 * }
 * Verdict verdict = validator.verdict();
 * }</pre>
 *
 * <p>Validators are cheap: all those of one cluster share an evaluator, which takes about half a second to make. Several
 * validators may be used in several threads, each in one at a time.
 */
public final class TraceValidator {
    /** Of the messages that an event may have handled, so many of those sent last are tried first. */
    private static final int LIKELY = 64;

    /** So many, if there are several states to try them in. */
    private static final int LIKELIEST = 16;

    /** For traces of up to so many events, the less likely are tried as well when those did not do. */
    private static final int REPEATABLE = 20_000;

    /** How often, in events, whoever waits for a verdict is told of progress. */
    private static final int PROGRESS = 1000;

    private final String name;
    private final TraceHeader header;
    private final ValidatorOptions options;
    private final SpecEvaluator spec;
    private final Cluster cluster;
    private final Agreement agreement;

    /** The messages sent on the way to every state of the frontier. */
    private MessageStore messages;

    /** The messages that were sent without the trace telling. */
    private final UntoldSends untold;

    private List<SpecState> frontier;

    private EvidenceCount evidence;
    /** The first events of the trace; empty once there are too many. */
    private final List<Located> fed = new ArrayList<>();

    /** Whether every message that an event may have handled is tried. */
    private boolean exhaustive;

    /** Whether one was not. */
    private boolean passedOver;

    /** Null once several states explained the trace: which of them happened is not known from there on. */
    private @Nullable TraceSafety safety;

    private @Nullable Divergence divergence;
    private Verdict.@Nullable Unsafe unsafe;
    private @Nullable TraceLocation limitAt;
    private @Nullable String limit;

    private record Located(TraceEvent event, TraceLocation where) {}

    private TraceValidator(
            TraceHeader header, ValidatorOptions options, String name, SpecEvaluator spec, boolean exhaustive) {
        this.exhaustive = exhaustive;
        this.name = name;
        this.header = header;
        this.options = options;
        this.spec = spec;
        cluster = spec.cluster();
        agreement = new Agreement(cluster, header.observes());
        messages = new MessageStore(options.messages());
        untold = new UntoldSends(spec, header.omits());
        evidence = new EvidenceCount(spec.branches(), header.observes());
        safety = new TraceSafety(cluster);
        frontier = List.of(new SpecState(SpecEvaluator.unbind(spec.initial().copy()), Set.of(), Map.of()));
    }

    /** A validator for the trace with this header, under the default bounds. */
    public static TraceValidator open(TraceHeader header) {
        return open(header, ValidatorOptions.DEFAULT, "trace");
    }

    /**
     * A validator for the trace with this header.
     *
     * @param name what verdicts call the trace, such as its file
     */
    public static TraceValidator open(TraceHeader header, ValidatorOptions options, String name) {
        return open(header, options, name, SpecEvaluator.of(header.servers()));
    }

    /** The same, against another spec than {@code spec/Raft.tla}. */
    static TraceValidator open(TraceHeader header, ValidatorOptions options, String name, SpecEvaluator spec) {
        return new TraceValidator(header, options, name, spec, false);
    }

    /**
     * Validates a trace to its end, or to the first event that decides.
     *
     * @throws dev.checkedraft.trace.TraceFormatException if the trace is not in the format; what went before is not judged
     */
    public static Verdict validate(TraceReader reader, ValidatorOptions options) throws IOException {
        TraceValidator validator = open(reader.header(), options, reader.name());
        TraceEvent event = reader.next();
        while (event != null && validator.feed(event, new TraceLocation(reader.name(), reader.line()))) {
            event = reader.next();
        }
        return validator.verdict();
    }

    /**
     * The same, reading ahead in a thread of its own: for a long trace that is there as a whole, and a processor to spare.
     *
     * @param progress told how many events were validated, after every {@value #PROGRESS} of them
     */
    public static Verdict validateReadingAhead(TraceReader reader, ValidatorOptions options, LongConsumer progress)
            throws IOException {
        Cluster cluster = new Cluster(reader.header().servers());
        try (ReadAhead<Report> ahead = ReadAhead.of(reader, event -> new Report(event, cluster))) {
            // The reader reads while the evaluator is made.
            TraceValidator validator = open(reader.header(), options, reader.name());
            Report report = ahead.next();
            while (report != null && validator.feed(report, new TraceLocation(reader.name(), ahead.line()))) {
                if (validator.evidence.events() % PROGRESS == 0) {
                    progress.accept(validator.evidence.events());
                }
                report = ahead.next();
            }
            return validator.verdict();
        }
    }

    /** Takes the event of the line after that of the event before; the first event's line is 2, after the header. */
    public boolean feed(TraceEvent event) {
        return feed(event, new TraceLocation(name, evidence.events() + 2));
    }

    /**
     * Takes the next event.
     *
     * @return whether the trace up to here is a behavior of the spec; if not, the verdict stands, and later events are
     *     passed over
     * @throws IllegalArgumentException if the event is none that a reader would return, such as one of a server that the
     *     header does not name
     */
    public boolean feed(TraceEvent event, TraceLocation where) {
        return feed(new Report(event, cluster), where);
    }

    private boolean feed(Report report, TraceLocation where) {
        if (isDecided()) {
            return false;
        }
        TraceEvent event = report.event;
        if (evidence.events() < REPEATABLE) {
            fed.add(new Located(event, where));
        } else {
            fed.clear();
        }
        evidence.clearVisits();
        Step step = new Step(report, where);
        List<Successor> successors = step.successors();
        if (successors.isEmpty()) {
            if (passedOver && !step.mayHaveForgotten) {
                return again(where);
            }
            if (step.mayHaveForgotten) {
                stop(
                        where,
                        "the message may be one that was sent before the last " + options.messages()
                                + ", which are all that is remembered");
            } else {
                Divergence found = new Inquiry(spec, messages, header.observes())
                        .divergence(event, where, frontier, report.handled);
                if (found.attempts().stream()
                        .anyMatch(attempt -> !attempt.after().isEmpty())) {
                    evidence.compared(event);
                }
                divergence = found;
            }
            return false;
        }
        List<SpecState> before = frontier;
        if (successors.size() == 1) {
            Successor only = successors.get(0);
            only.from.onlyHere().forEach(this::commit);
            only.sent.forEach(this::commit);
            frontier = List.of(new SpecState(only.vars, Set.of(), only.leaderships));
        } else {
            frontier = merge(successors);
            if (frontier.size() > options.frontier()) {
                stop(where, "more than " + options.frontier() + " spec states explain the trace up to here");
                return false;
            }
        }
        evidence.count(event);
        return isSafe(report, before, where);
    }

    /** Whether the safety properties hold after a step, as far as it is known which step it was. */
    private boolean isSafe(Report report, List<SpecState> before, TraceLocation where) {
        if (safety == null) {
            return true;
        }
        if (before.size() > 1 || frontier.size() > 1) {
            safety = null;
            return true;
        }
        SafetyViolation violation =
                safety.check(report, before.get(0).vars(), frontier.get(0).vars());
        if (violation != null) {
            unsafe = new Verdict.Unsafe(
                    where, report.event, violation.property().label(), violation.what(), evidence.soFar());
            return false;
        }
        evidence.safe();
        return true;
    }

    private boolean isDecided() {
        return divergence != null || limit != null || unsafe != null;
    }

    /** Whether an event can be taken now, as far as its message goes. */
    enum Readiness {
        /** It has no message, or one that is told in full and was sent. */
        READY,
        /** Some message that was sent agrees with what is told of it. */
        PARTIAL,
        /** No message that agrees was sent so far. */
        WAITING
    }

    Readiness readiness(TraceEvent event) {
        Packet.Kind kind = Report.handledBy(event.action());
        if (kind == null || isDecided()) {
            return Readiness.READY;
        }
        Packet pattern = cluster.pattern(kind, event.msg()).to(cluster.place(event.node()));
        boolean sent = messages.mayHaveForgotten(pattern)
                || (pattern.isComplete()
                        ? messages.find(pattern) != null
                        : !messages.matching(pattern, 1).isEmpty());
        for (SpecState state : frontier) {
            sent = sent
                    || state.onlyHere().stream().anyMatch(packet -> packet.agreesWith(pattern))
                    || !untold.matching(state, pattern).isEmpty();
        }
        if (!sent) {
            return Readiness.WAITING;
        }
        return pattern.isComplete() ? Readiness.READY : Readiness.PARTIAL;
    }

    /**
     * No state explains the event, but likely messages were preferred before, and others passed over: start again, and pass
     * over none.
     */
    private boolean again(TraceLocation where) {
        if (fed.isEmpty()) {
            stop(where, "of the messages that the events before may have handled only the likeliest were tried");
            return false;
        }
        TraceValidator other = new TraceValidator(header, options, name, spec, true);
        for (Located before : fed) {
            if (!other.feed(before.event, before.where)) {
                break;
            }
        }
        frontier = other.frontier;
        divergence = other.divergence;
        limit = other.limit;
        limitAt = other.limitAt;
        unsafe = other.unsafe;
        safety = other.safety;
        messages = other.messages;
        evidence = other.evidence;
        passedOver = false;
        exhaustive = true;
        return !isDecided();
    }

    private void stop(TraceLocation where, String reached) {
        limitAt = where;
        limit = reached;
    }

    private void commit(Packet packet) {
        messages.add(packet);
    }

    /** How many states of the spec explain the events fed so far. */
    public int frontierSize() {
        return frontier.size();
    }

    /** What is decided of the events fed so far. */
    public Verdict verdict() {
        if (divergence != null) {
            return new Verdict.Diverged(divergence, evidence.soFar());
        }
        if (unsafe != null) {
            return unsafe;
        }
        if (limit != null && limitAt != null) {
            return new Verdict.Undecided(limitAt, limit, evidence.soFar());
        }
        return new Verdict.Accepted(evidence.soFar());
    }

    /** A state after the event, and the messages sent in the step to it. */
    private record Successor(
            SpecState from, TLCState vars, List<Packet> sent, Map<UntoldSends.Leadership, TLCState> leaderships) {}

    /** What a step makes of its server, and the messages it sends. */
    private record LocalStep(ServerState after, List<Packet> sent) {}

    /** A step that agrees with all that its event reports. */
    private record Explained(TLCState after, List<Packet> sent) {}

    /** One event, and the ways to explain it. */
    private final class Step {
        private final Report report;
        private final TraceLocation where;

        /** What was found so far, by the server's own state, which is all that matters, and the message. */
        private final Map<ServerState, Map<Optional<Packet>, List<LocalStep>>> local = new HashMap<>();

        private boolean mayHaveForgotten;

        Step(Report report, TraceLocation where) {
            this.report = report;
            this.where = where;
        }

        List<Successor> successors() {
            if (frontier.size() == 1) {
                return successors(frontier.get(0));
            }
            List<Successor> successors = new ArrayList<>();
            for (SpecState state : frontier) {
                successors.addAll(successors(state));
            }
            return successors;
        }

        private List<Successor> successors(SpecState from) {
            if (report.handled == null) {
                return successors(from, null);
            }
            List<Packet> candidates = candidates(from);
            if (candidates.size() == 1) {
                return successors(from, candidates.get(0));
            }
            List<Successor> successors = new ArrayList<>();
            for (int k = 0; k < candidates.size(); k++) {
                if (k >= likely() && !exhaustive && !successors.isEmpty()) {
                    passedOver = true;
                    break;
                }
                successors.addAll(successors(from, candidates.get(k)));
            }
            return successors;
        }

        private List<Successor> successors(SpecState from, @Nullable Packet handled) {
            List<Successor> successors = new ArrayList<>(1);
            if (frontier.size() == 1) {
                for (Explained step : explained(from, handled)) {
                    successors.add(successor(from, step.after, step.sent));
                }
                return successors;
            }
            List<LocalStep> steps = local.computeIfAbsent(
                            ServerState.of(from.vars(), report.node), state -> new HashMap<>())
                    .computeIfAbsent(
                            Optional.ofNullable(handled),
                            message -> explained(from, handled).stream()
                                    .map(step -> new LocalStep(ServerState.of(step.after, report.node), step.sent))
                                    .toList());
            for (LocalStep step : steps) {
                successors.add(successor(from, step.after.in(from.vars()), step.sent));
            }
            return successors;
        }

        private int likely() {
            return frontier.size() == 1 ? LIKELY : LIKELIEST;
        }

        private List<Explained> explained(SpecState from, @Nullable Packet handled) {
            RecordValue message = handled == null ? null : cluster.message(handled);
            List<Explained> explained = new ArrayList<>(1);
            for (TLCState after : spec.steps(report, from.vars(), message, evidence.visits())) {
                List<Packet> sent = sent(after, message);
                if (agreement.holds(report, from.vars(), after, sent)) {
                    explained.add(new Explained(SpecEvaluator.unbind(after), sent));
                }
            }
            return explained;
        }

        /** The messages of a step that were not there before it. */
        @SuppressWarnings("ReferenceEquality") // the quick look before the thorough one
        private List<Packet> sent(TLCState after, @Nullable RecordValue handled) {
            SetEnumValue all = SpecEvaluator.messages(after);
            List<Packet> sent = new ArrayList<>(all.elems.size());
            for (int k = 0; k < all.elems.size(); k++) {
                RecordValue message = (RecordValue) all.elems.elementAt(k);
                if (handled == null || (message != handled && !message.equals(handled))) {
                    Packet packet = cluster.packet(message);
                    packet.sentAt = where;
                    sent.add(packet);
                }
            }
            return sent;
        }

        private Successor successor(SpecState from, TLCState after, List<Packet> sent) {
            Map<UntoldSends.Leadership, TLCState> leaderships =
                    untold.after(from.leaderships(), report.event.node(), from.vars(), after);
            return new Successor(from, after, sent, leaderships);
        }

        /** The messages that the event may have handled, the one sent last first. */
        private List<Packet> candidates(SpecState state) {
            Packet wanted = report.handled;
            if (wanted == null || wanted.get(Packet.TO) != report.place) {
                return List.of();
            }
            if (wanted.isComplete()) {
                Packet sent = messages.find(wanted);
                if (sent == null && state.onlyHere().contains(wanted)) {
                    sent = wanted;
                }
                if (sent != null) {
                    return List.of(sent);
                }
                mayHaveForgotten |= messages.mayHaveForgotten(wanted);
                return untold(state, wanted);
            }
            mayHaveForgotten |= messages.mayHaveForgotten(wanted);
            List<Packet> candidates = messages.matching(wanted, Integer.MAX_VALUE);
            for (Packet packet : state.onlyHere()) {
                if (packet.agreesWith(wanted)) {
                    candidates.add(packet);
                }
            }
            for (Packet packet : untold(state, wanted)) {
                if (!candidates.contains(packet)) {
                    candidates.add(packet);
                }
            }
            return candidates;
        }

        private List<Packet> untold(SpecState state, Packet wanted) {
            if (!untold.exist()) {
                return List.of();
            }
            untold.incomplete = false;
            List<Packet> packets = untold.matching(state, wanted);
            packets.forEach(packet -> packet.sentAt = where);
            mayHaveForgotten |= untold.incomplete;
            return packets;
        }
    }

    /** The successors as a frontier: equal states are one, and what all have sent is known to all. */
    private List<SpecState> merge(List<Successor> successors) {
        Set<Packet> common = new LinkedHashSet<>(sent(successors.get(0)));
        for (Successor successor : successors) {
            common.retainAll(sent(successor));
        }
        Set<SpecState> states = new LinkedHashSet<>();
        for (Successor successor : successors) {
            Set<Packet> onlyHere = sent(successor);
            onlyHere.removeAll(common);
            states.add(new SpecState(successor.vars, onlyHere, successor.leaderships));
        }
        common.forEach(this::commit);
        if (states.size() == 1) {
            SpecState only = states.iterator().next();
            only.onlyHere().forEach(this::commit);
            return List.of(new SpecState(only.vars(), Set.of(), only.leaderships()));
        }
        return List.copyOf(states);
    }

    private static Set<Packet> sent(Successor successor) {
        Set<Packet> sent = new HashSet<>(successor.from.onlyHere());
        sent.addAll(successor.sent);
        return sent;
    }
}
