package dev.checkedraft.replay;

import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.tlc.Agreement;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.ServerState;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;

/**
 * The replay of a trace in progress: the states of the spec that explain the events so far, and the messages sent on the way
 * to them; or the verdict that stands.
 */
final class Replay {
    /** Of the messages that an event may have handled, so many of those sent last are tried first. */
    private static final int LIKELY = 64;

    /** So many, if there are several states to try them in. */
    private static final int LIKELIEST = 16;

    /** So many steps of servers are remembered while an event is tried in several states. */
    private static final int REMEMBERED = 50_000;

    private final TraceHeader header;
    private final ValidatorOptions options;
    private final SpecEvaluator spec;
    /** Whether every message that an event may have handled is tried, and not just the likeliest. */
    private final boolean exhaustive;

    private final TlcValues cluster;
    private final Agreement agreement;

    /** The messages sent on the way to every state of the frontier. */
    private final MessageStore messages;

    /** The messages that were sent without the trace telling. */
    private final UnloggedSends untold;

    private final EvidenceCount evidence;

    private List<SpecState> frontier;

    private final LogMemory memory;

    /** Whether a message that an event may have handled was not tried. */
    private boolean passedOver;

    /** Why an event may have handled a message that could not be tried; null if none did. */
    private @Nullable String missed;

    /** Null once several states may explain the trace: which of them happened is not known from there on. */
    private @Nullable TraceSafety safety;

    /** What decides; null as long as nothing does. */
    private @Nullable Verdict decided;

    Replay(TraceHeader header, ValidatorOptions options, SpecEvaluator spec, boolean exhaustive) {
        this.header = header;
        this.options = options;
        this.spec = spec;
        this.exhaustive = exhaustive;
        cluster = spec.cluster();
        agreement = new Agreement(cluster, header.observes());
        messages = new MessageStore(options.messages());
        untold = new UnloggedSends(spec, header.omits());
        evidence = new EvidenceCount(spec.branches(), header.observes());
        safety = new TraceSafety(cluster);
        memory = new LogMemory(cluster, options.bytes() / 8);
        frontier = List.of(new SpecState(SpecEvaluator.unbind(spec.initial().copy()), Set.of(), Map.of()));
    }

    /** What became of an event. */
    enum Outcome {
        EXPLAINED,
        /** No state explains it that the replay has; but there may be others, since likely messages were preferred. */
        UNLIKELY,
        /** It decides, or something before it did. */
        DECIDED
    }

    Outcome feed(EventValues report, TraceLocation where) {
        if (decided != null) {
            return Outcome.DECIDED;
        }
        evidence.clearVisits();
        Successors successors = new Step(report, where).successors();
        String limit = successors.exceeded();
        if (limit != null) {
            stop(where, limit);
            return Outcome.DECIDED;
        }
        if (successors.isEmpty()) {
            if (missed != null) {
                stop(where, missed);
            } else if (passedOver) {
                return Outcome.UNLIKELY;
            } else {
                diverge(report, where);
            }
            return Outcome.DECIDED;
        }
        List<SpecState> before = frontier;
        frontier = successors.frontier(messages::add);
        evidence.count(report.event);
        checkSafety(report, before, where);
        checkMemory(report, before, where);
        return decided == null ? Outcome.EXPLAINED : Outcome.DECIDED;
    }

    private void diverge(EventValues report, TraceLocation where) {
        Divergence divergence = new Diagnosis(spec, messages, header.observes())
                .divergence(report.event, where, frontier, report.handled);
        if (divergence.attempts().stream().anyMatch(attempt -> !attempt.after().isEmpty())) {
            evidence.compared(report.event);
        }
        decided = new Verdict.Diverged(divergence, evidence.soFar());
    }

    /** Nothing can be decided any more, since a limit was reached. */
    void stop(TraceLocation where, String limit) {
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
        PackedMessage.Kind kind = EventValues.handledBy(event.action());
        if (kind == null || decided != null) {
            return Readiness.READY;
        }
        PackedMessage pattern = cluster.pattern(kind, event.msg()).to(cluster.place(event.node()));
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

    int frontierSize() {
        return frontier.size();
    }

    /** How many events were explained. */
    long events() {
        return evidence.events();
    }

    Verdict verdict() {
        return decided == null ? new Verdict.Accepted(evidence.soFar()) : decided;
    }

    /** What a step makes of its server, and the messages it sends. */
    private record LocalStep(ServerState after, List<PackedMessage> sent) {}

    /** A step that agrees with all that its event reports. */
    private record Explained(TLCState after, List<PackedMessage> sent) {}

    /** One event, and the ways to explain it. */
    private final class Step {
        private final EventValues report;
        private final TraceLocation where;

        /** What was found so far, by the server's own state, which is all that matters, and the message. */
        private final Map<ServerState, Map<Optional<PackedMessage>, List<LocalStep>>> local = new HashMap<>();

        private int remembered;
        private final Successors found;

        Step(EventValues report, TraceLocation where) {
            this.report = report;
            this.where = where;
            found = new Successors(cluster, report.node, options.frontier(), options.bytes() / 4);
        }

        Successors successors() {
            for (SpecState state : frontier) {
                takeFrom(state);
            }
            return found;
        }

        private void takeFrom(SpecState from) {
            if (report.handled == null) {
                takeFrom(from, null);
                return;
            }
            List<PackedMessage> candidates = candidates(from);
            boolean any = false;
            for (int k = 0; k < candidates.size() && found.exceeded() == null; k++) {
                if (k >= likely() && !exhaustive && any) {
                    passedOver = true;
                    break;
                }
                any |= takeFrom(from, candidates.get(k));
            }
        }

        /** Takes the steps of a state that explain the event; whether there are any. */
        private boolean takeFrom(SpecState from, @Nullable PackedMessage handled) {
            if (frontier.size() == 1) {
                List<Explained> steps = explained(from, handled);
                for (Explained step : steps) {
                    add(from, step.after, step.sent);
                }
                return !steps.isEmpty();
            }
            if (remembered++ > REMEMBERED) {
                local.clear();
                remembered = 0;
            }
            List<LocalStep> steps = local.computeIfAbsent(
                            ServerState.of(from.vars(), report.node), state -> new HashMap<>())
                    .computeIfAbsent(
                            Optional.ofNullable(handled),
                            message -> explained(from, handled).stream()
                                    .map(step -> new LocalStep(ServerState.of(step.after, report.node), step.sent))
                                    .toList());
            for (LocalStep step : steps) {
                add(from, step.after.in(from.vars()), step.sent);
            }
            return !steps.isEmpty();
        }

        private int likely() {
            return frontier.size() == 1 ? LIKELY : LIKELIEST;
        }

        private List<Explained> explained(SpecState from, @Nullable PackedMessage handled) {
            if (report.isOpenSend() && !untold.canList(from.vars(), report.event)) {
                found.exceed("the message of this SendAppendEntries may be one of too many to try all:"
                        + " tell its prevLogIndex, entries and leaderCommit");
                return List.of();
            }
            RecordValue message = handled == null ? null : cluster.message(handled);
            List<Explained> explained = new ArrayList<>(1);
            for (TLCState after : spec.steps(report, from.vars(), message, evidence.visits())) {
                List<PackedMessage> sent = sent(after, message);
                if (agreement.holds(report, from.vars(), after, sent)) {
                    explained.add(new Explained(SpecEvaluator.unbind(after), sent));
                }
            }
            return explained;
        }

        /** The messages of a step that were not there before it. */
        @SuppressWarnings("ReferenceEquality") // the quick look before the thorough one
        private List<PackedMessage> sent(TLCState after, @Nullable RecordValue handled) {
            SetEnumValue all = SpecEvaluator.messages(after);
            List<PackedMessage> sent = new ArrayList<>(all.elems.size());
            for (int k = 0; k < all.elems.size(); k++) {
                RecordValue message = (RecordValue) all.elems.elementAt(k);
                if (handled == null || (message != handled && !message.equals(handled))) {
                    PackedMessage packet = cluster.packet(message);
                    packet.sentAt = where;
                    sent.add(packet);
                }
            }
            return sent;
        }

        private void add(SpecState from, TLCState after, List<PackedMessage> sent) {
            if (found.exceeded() == null) {
                found.add(from, after, sent, untold.after(from.leaderships(), report.event.node(), from.vars(), after));
            }
        }

        /** The messages that the event may have handled, the one sent last first. */
        private List<PackedMessage> candidates(SpecState state) {
            PackedMessage wanted = report.handled;
            if (wanted == null || wanted.get(PackedMessage.TO) != report.place) {
                return List.of();
            }
            if (wanted.isComplete()) {
                PackedMessage sent = messages.find(wanted);
                if (sent == null && state.onlyHere().contains(wanted)) {
                    sent = wanted;
                }
                if (sent != null) {
                    return List.of(sent);
                }
                rememberWhetherForgotten(wanted);
                return untold(state, wanted);
            }
            rememberWhetherForgotten(wanted);
            List<PackedMessage> candidates = messages.matching(wanted, Integer.MAX_VALUE);
            for (PackedMessage packet : state.onlyHere()) {
                if (packet.agreesWith(wanted)) {
                    candidates.add(packet);
                }
            }
            List<PackedMessage> likewise = untold(state, wanted);
            if (!likewise.isEmpty()) {
                Set<PackedMessage> all = new LinkedHashSet<>(candidates);
                all.addAll(likewise);
                return List.copyOf(all);
            }
            return candidates;
        }

        private void rememberWhetherForgotten(PackedMessage wanted) {
            if (messages.mayHaveForgotten(wanted)) {
                missed = "a message may be one of those sent before the last " + messages.size()
                        + ", which are all that fits: give the JVM more heap, as in RAFT_JAVA_OPTS=-Xmx4g";
            }
        }

        private List<PackedMessage> untold(SpecState state, PackedMessage wanted) {
            if (!untold.exist()) {
                return List.of();
            }
            untold.incomplete = false;
            List<PackedMessage> packets = untold.matching(state, wanted);
            packets.forEach(packet -> packet.sentAt = where);
            if (untold.incomplete) {
                missed = "a message may be one that was sent without the trace telling, of which there are too many to"
                        + " try all: tell its prevLogIndex, entries and leaderCommit";
            }
            return packets;
        }
    }
}
