package dev.checkedraft.replay;

import dev.checkedraft.judge.Certainty;
import dev.checkedraft.judge.UnloggedSends;
import dev.checkedraft.tlc.Agreement;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.ServerState;
import dev.checkedraft.tlc.SpecEvaluator;
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

/** One event, tried in every state that explains what was before: the ways to explain it. */
final class EventTrial {
    /** So many steps of servers are remembered while an event is tried in several states. */
    private static final int REMEMBERED = 50_000;

    /**
     * What all events of a replay are tried with.
     *
     * @param likely of the messages that an event may have handled, so many are tried first
     * @param messages sent on the way to every state
     * @param untold those that were sent without the trace telling
     * @param certainty is told what AnyRaft.tla leaves open
     */
    record Inputs(
            SpecEvaluator spec,
            Agreement agreement,
            ValidatorOptions options,
            int likely,
            MessageStore messages,
            UnloggedSends untold,
            Certainty certainty) {}

    /** What a step makes of its server, and the messages it sends. */
    private record LocalStep(ServerState after, List<PackedMessage> sent) {}

    private final Inputs inputs;
    private final List<SpecState> frontier;
    private final EventValues report;
    private final TraceLocation where;
    private final int skipped;

    /** What was found so far, by the server's own state, which is all that matters, and the message. */
    private final Map<ServerState, Map<Optional<PackedMessage>, List<LocalStep>>> local = new HashMap<>();

    /** The same of AnyRaft.tla. */
    private final Map<ServerState, Map<Optional<PackedMessage>, List<LocalStep>>> localOfAny = new HashMap<>();

    /** Whether some state has a step of Raft.tla. */
    private boolean byRaft;

    private int remembered;

    /** How many steps of the spec were tried. */
    private long tried;

    /** Whether a message that the event may have handled was not tried. */
    private boolean passedOver;

    /** Why the event may have handled a message that could not be tried; null if it did not. */
    private @Nullable String missed;

    private final EventSteps steps;
    private final Successors found;

    /**
     * @param frontier the states to try it in
     * @param skipped so many of the messages sent first on the way to all states are not tried
     */
    EventTrial(
            Inputs inputs,
            List<SpecState> frontier,
            EvidenceCount evidence,
            EventValues report,
            TraceLocation where,
            int skipped) {
        this.inputs = inputs;
        this.frontier = frontier;
        this.report = report;
        this.where = where;
        this.skipped = skipped;
        ValidatorOptions options = inputs.options;
        boolean all = inputs.likely == Replay.ALL;
        steps = new EventSteps(inputs.spec, inputs.agreement, report, where, evidence.visits(), options.strict(), all);
        found = new Successors(inputs.spec.cluster(), report.node, options.frontier(), options.bytes() / 4);
    }

    /** Tries every state of the frontier. */
    Successors successors() {
        for (SpecState state : frontier) {
            takeFrom(state);
        }
        return found;
    }

    /** How many steps of the spec were tried. */
    long tried() {
        return tried;
    }

    /** Whether a message that the event may have handled was not tried, since there were likelier ones. */
    boolean passedOver() {
        return passedOver;
    }

    /** Why the event may have handled a message that could not be tried; null if it did not. */
    @Nullable
    String missed() {
        return missed;
    }

    /** What was chosen otherwise than Raft.tla does; null if a step of Raft.tla explains the event. */
    @Nullable
    String choice() {
        return byRaft ? null : steps.choice();
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
        if (inputs.options.strict()) {
            return;
        }
        boolean all = inputs.likely == Replay.ALL;
        if ((byRaftHere && !all) || found.exceeded() != null || takeFrom(from, candidates, false) || byRaftHere) {
            inputs.certainty.took(report, from.vars());
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
            List<EventSteps.Explained> each = explained(from, handled, raft);
            for (EventSteps.Explained step : each) {
                add(from, step.after(), step.sent());
            }
            return !each.isEmpty();
        }
        if (remembered++ > REMEMBERED) {
            local.clear();
            localOfAny.clear();
            remembered = 0;
        }
        List<LocalStep> each = (raft ? local : localOfAny)
                .computeIfAbsent(ServerState.of(from.vars(), report.node), state -> new HashMap<>())
                .computeIfAbsent(
                        Optional.ofNullable(handled),
                        message -> explained(from, handled, raft).stream()
                                .map(step -> new LocalStep(ServerState.of(step.after(), report.node), step.sent()))
                                .toList());
        for (LocalStep step : each) {
            add(from, step.after.in(from.vars()), step.sent);
        }
        return !each.isEmpty();
    }

    private int likely() {
        return frontier.size() == 1 || inputs.likely == Replay.ALL ? inputs.likely : Math.max(1, inputs.likely / 4);
    }

    private List<EventSteps.Explained> explained(SpecState from, @Nullable PackedMessage handled, boolean raft) {
        tried++;
        if (report.isOpenSend() && isBeyondTrying(from, raft)) {
            return List.of();
        }
        RecordValue message = handled == null ? null : inputs.spec.cluster().message(handled);
        return raft ? steps.byRaft(from.vars(), message) : steps.byAnyRaft(from.vars(), message);
    }

    /** Whether a send that is not told in full is not to be asked for, or can be one of too many. */
    private boolean isBeyondTrying(SpecState from, boolean raft) {
        if (inputs.options.strict()) {
            if (!inputs.untold.canList(from.vars(), report.event)) {
                found.exceed("the message of this SendAppendEntries may be one of too many to try all:"
                        + " tell its prevLogIndex, entries and leaderCommit");
                return true;
            }
            return false;
        }
        // Its commit index may be open: AnyRaft.tla needs the greatest only.
        if (!Certainty.isOneSend(report)) {
            found.exceed("the message of this SendAppendEntries may be one of many: tell to whom it was sent, its"
                    + " prevLogIndex, and its entries or how many they are");
            return true;
        }
        return raft;
    }

    private void add(SpecState from, TLCState after, List<PackedMessage> sent) {
        if (found.exceeded() == null) {
            found.add(
                    from,
                    after,
                    sent,
                    inputs.untold.after(from.leaderships(), report.event.node(), from.vars(), after));
        }
    }

    /** The messages that the event may have handled, the one sent last first. */
    List<PackedMessage> candidates(SpecState state) {
        PackedMessage wanted = report.handled;
        if (wanted == null || wanted.get(PackedMessage.TO) != report.place) {
            return List.of();
        }
        if (wanted.isComplete()) {
            PackedMessage sent = inputs.messages.find(wanted);
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
        List<PackedMessage> candidates = inputs.messages.matching(wanted, Integer.MAX_VALUE, skipped);
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
        if (inputs.messages.mayHaveForgotten(wanted)) {
            missed = "a message may be one of those sent before the last " + inputs.messages.size()
                    + ", which are all that fits: give the JVM more heap, as in RAFT_JAVA_OPTS=-Xmx4g";
        }
    }

    private List<PackedMessage> untold(SpecState state, PackedMessage wanted) {
        if (!inputs.untold.exist()) {
            return List.of();
        }
        UnloggedSends.Matches matches = inputs.untold.matching(state.vars(), state.leaderships(), wanted);
        matches.messages().forEach(packet -> packet.sentAt = where);
        if (!matches.isComplete()) {
            missed = "a message may be one that was sent without the trace telling, of which there are too many to"
                    + " try all: tell its prevLogIndex, entries and leaderCommit";
        }
        return matches.messages();
    }
}
