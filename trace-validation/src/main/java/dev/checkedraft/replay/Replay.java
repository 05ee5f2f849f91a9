package dev.checkedraft.replay;

import dev.checkedraft.core.Action;
import dev.checkedraft.judge.AnySteps;
import dev.checkedraft.judge.Certainty;
import dev.checkedraft.judge.Choices;
import dev.checkedraft.judge.Disks;
import dev.checkedraft.judge.TraceSafety;
import dev.checkedraft.judge.UnloggedSends;
import dev.checkedraft.safety.Property;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.tlc.Agreement;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.InitialState;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.ServerState;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
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

    /** So many steps of servers are remembered while an event is tried in several states. */
    private static final int REMEMBERED = 50_000;

    private final TraceHeader header;
    private final ValidatorOptions options;
    private final SpecEvaluator spec;
    /** How many of the messages that an event may have handled are tried first, if one state explains what was before. */
    private final int likely;

    private final TlcValues cluster;
    private final Agreement agreement;

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
        agreement = new Agreement(cluster, header.observes());
        messages = new MessageStore(options.messages());
        untold = new UnloggedSends(spec, header.omits(), !options.strict());
        evidence = new EvidenceCount(spec.branches(), header.observes());
        Set<Property> properties = options.strict() ? TraceSafety.PROPERTIES : TraceSafety.OF_ANY;
        safety = header.initial().isEmpty() ? new TraceSafety(cluster, properties) : null;
        certainty = new Certainty(agreement, cluster.servers().size());
        memory = new LogMemory(cluster, options.bytes() / 8);
        frontier = List.of(new SpecState(InitialState.of(spec, header), Set.of(), Map.of()));
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
        Step step = new Step(report, where, skipped);
        Successors successors = step.successors();
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
        String choice = step.choice();
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
                || !untold.matching(state.vars(), state.leaderships(), wanted).isEmpty();
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
        Step step = new Step(report, where, 0);
        frontier.forEach(step::candidates);
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

    /** What a step makes of its server, and the messages it sends. */
    private record LocalStep(ServerState after, List<PackedMessage> sent) {}

    /** A step that agrees with all that its event reports. */
    private record Explained(TLCState after, List<PackedMessage> sent) {}

    /** One event, and the ways to explain it. */
    private final class Step {
        private final EventValues report;
        private final TraceLocation where;
        private final int skipped;

        /** What was found so far, by the server's own state, which is all that matters, and the message. */
        private final Map<ServerState, Map<Optional<PackedMessage>, List<LocalStep>>> local = new HashMap<>();

        /** The same of AnyRaft.tla. */
        private final Map<ServerState, Map<Optional<PackedMessage>, List<LocalStep>>> localOfAny = new HashMap<>();

        /** Whether some state has a step of Raft.tla. */
        private boolean byRaft;

        /** What a step of AnyRaft.tla chooses; null if none was needed so far. */
        private @Nullable String choice;

        private int remembered;
        private final Successors found;

        Step(EventValues report, TraceLocation where, int skipped) {
            this.report = report;
            this.where = where;
            this.skipped = skipped;
            found = new Successors(cluster, report.node, options.frontier(), options.bytes() / 4);
        }

        Successors successors() {
            for (SpecState state : frontier) {
                takeFrom(state);
            }
            return found;
        }

        /** What was chosen otherwise than Raft.tla does; null if a step of Raft.tla explains the event. */
        @Nullable
        String choice() {
            return byRaft ? null : choice;
        }

        private void takeFrom(SpecState from) {
            List<@Nullable PackedMessage> candidates = new ArrayList<>();
            if (report.handled == null) {
                candidates.add(null);
            } else {
                candidates.addAll(candidates(from));
            }
            boolean byRaftHere = takeFrom(from, candidates, true);
            byRaft |= byRaftHere;
            if (options.strict()) {
                return;
            }
            boolean all = likely == ALL;
            if ((byRaftHere && !all) || found.exceeded() != null || takeFrom(from, candidates, false) || byRaftHere) {
                certainty.took(report, from.vars());
            }
        }

        /** Takes the steps of a state in which one of these messages was handled; whether there are any. */
        private boolean takeFrom(SpecState from, List<@Nullable PackedMessage> candidates, boolean raft) {
            boolean any = false;
            for (int k = 0; k < candidates.size() && found.exceeded() == null; k++) {
                if (k >= likely() && any) {
                    passedOver = true;
                    break;
                }
                any |= takeFrom(from, candidates.get(k), raft);
            }
            return any;
        }

        /** Takes the steps of a state that explain the event; whether there are any. */
        private boolean takeFrom(SpecState from, @Nullable PackedMessage handled, boolean raft) {
            if (frontier.size() == 1) {
                List<Explained> steps = explained(from, handled, raft);
                for (Explained step : steps) {
                    add(from, step.after, step.sent);
                }
                return !steps.isEmpty();
            }
            if (remembered++ > REMEMBERED) {
                local.clear();
                localOfAny.clear();
                remembered = 0;
            }
            List<LocalStep> steps = (raft ? local : localOfAny)
                    .computeIfAbsent(ServerState.of(from.vars(), report.node), state -> new HashMap<>())
                    .computeIfAbsent(
                            Optional.ofNullable(handled),
                            message -> explained(from, handled, raft).stream()
                                    .map(step -> new LocalStep(ServerState.of(step.after, report.node), step.sent))
                                    .toList());
            for (LocalStep step : steps) {
                add(from, step.after.in(from.vars()), step.sent);
            }
            return !steps.isEmpty();
        }

        private int likely() {
            return frontier.size() == 1 || likely == ALL ? likely : Math.max(1, likely / 4);
        }

        private List<Explained> explained(SpecState from, @Nullable PackedMessage handled, boolean raft) {
            tried++;
            RecordValue message = handled == null ? null : cluster.message(handled);
            return raft ? byRaft(from, message) : byAnyRaft(from, message);
        }

        private List<Explained> byAnyRaft(SpecState from, @Nullable RecordValue message) {
            List<AnySteps.AnyStep> steps =
                    new AnySteps(spec, agreement, report, from.vars(), message, likely == ALL, this::sent).find();
            if (!steps.isEmpty() && choice == null) {
                choice = choice(from, message, steps.get(0));
            }
            List<Explained> explained = new ArrayList<>(steps.size());
            for (AnySteps.AnyStep step : steps) {
                explained.add(new Explained(step.after(), step.sent()));
            }
            return explained;
        }

        private @Nullable String choice(SpecState from, @Nullable RecordValue message, AnySteps.AnyStep step) {
            if (report.event.action().is(Action.SEND_APPEND_ENTRIES)) {
                return null;
            }
            List<TLCState> raft = spec.steps(report, from.vars(), message, evidence.visits());
            List<PackedMessage> raftSent = raft.isEmpty() ? List.of() : sent(raft.get(0), message);
            return Choices.of(report, step, raft, raftSent);
        }

        private List<Explained> byRaft(SpecState from, @Nullable RecordValue message) {
            if (!options.strict() && report.isOpenSend()) {
                if (!Certainty.isOneSend(report)) {
                    found.exceed(
                            "the message of this SendAppendEntries may be one of many: tell to whom it was sent, its"
                                    + " prevLogIndex, and its entries or how many they are");
                }
                return List.of();
            }
            if (report.isOpenSend() && !untold.canList(from.vars(), report.event)) {
                found.exceed("the message of this SendAppendEntries may be one of too many to try all:"
                        + " tell its prevLogIndex, entries and leaderCommit");
                return List.of();
            }
            List<Explained> explained = new ArrayList<>(1);
            for (TLCState after : spec.steps(report, from.vars(), message, evidence.visits())) {
                List<PackedMessage> sent = sent(after, message);
                if (!agreement.holds(report, from.vars(), after, sent)) {
                    continue;
                }
                SpecEvaluator.unbind(after);
                TLCState kept = options.strict() ? after : Disks.after(spec, report, from.vars(), after, message, sent);
                if (kept != null && (options.strict() || agreement.storedHolds(report, from.vars(), kept))) {
                    explained.add(new Explained(kept, sent));
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
            List<PackedMessage> candidates = messages.matching(wanted, Integer.MAX_VALUE, skipped);
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
            List<PackedMessage> packets = untold.matching(state.vars(), state.leaderships(), wanted);
            packets.forEach(packet -> packet.sentAt = where);
            if (untold.incomplete) {
                missed = "a message may be one that was sent without the trace telling, of which there are too many to"
                        + " try all: tell its prevLogIndex, entries and leaderCommit";
            }
            return packets;
        }
    }
}
