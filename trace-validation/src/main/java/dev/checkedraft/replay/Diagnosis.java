package dev.checkedraft.replay;

import dev.checkedraft.core.Action;
import dev.checkedraft.judge.AnySteps;
import dev.checkedraft.tlc.Agreement;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.Value;

/** Looks into a divergence: what is near, and what would have to be different. Takes its time, being needed once. */
final class Diagnosis {
    /** How many attempts a divergence has at most. */
    private static final int ATTEMPTS = 20;

    /** How many steps of an attempt are looked at, of which there may be many if the event does not tell what it sent. */
    private static final int STEPS = 500;

    /** How many of the messages sent last to a server are tried as that of a missing event. */
    private static final int TRIED_MESSAGES = 300;

    private static final int CLUES = 3;

    private final SpecEvaluator spec;
    private final TlcValues cluster;
    private final MessageStore messages;
    private final Set<String> observes;
    private final Value observesValue;
    private final Agreement agreement;
    private final boolean any;

    /** @param any whether AnyRaft.tla was asked */
    Diagnosis(SpecEvaluator spec, MessageStore messages, Set<String> observes, boolean any) {
        this.any = any;
        this.spec = spec;
        this.cluster = spec.cluster();
        this.messages = messages;
        this.observes = observes;
        agreement = new Agreement(cluster, observes);
        this.observesValue = cluster.observes(
                observes.stream().filter(TraceEvent.STATE_FIELDS::contains).collect(Collectors.toSet()));
    }

    Divergence divergence(
            TraceEvent event, TraceLocation where, List<SpecState> frontier, @Nullable PackedMessage pattern) {
        List<TriedStep> attempts = new ArrayList<>();
        List<MissingStep> clues = new ArrayList<>();
        boolean sent = false;
        for (SpecState state : frontier) {
            if (attempts.size() == ATTEMPTS) {
                break;
            }
            List<PackedMessage> candidates = pattern == null ? List.of() : candidates(state, pattern, ATTEMPTS);
            sent |= pattern == null || !candidates.isEmpty();
            if (candidates.isEmpty()) {
                attempts.add(attempt(event, state, null));
            }
            for (PackedMessage candidate : candidates) {
                if (attempts.size() < ATTEMPTS) {
                    attempts.add(attempt(event, state, candidate));
                }
            }
        }
        SpecState state = frontier.get(0);
        SentMessage nearest = null;
        if (sent || pattern == null) {
            clues.addAll(missingHere(event, state, pattern));
        } else {
            nearest = nearest(pattern);
            clues.addAll(missingAtSender(state, pattern));
        }
        return new Divergence(
                where, event, observes, attempts, nearest, clues.subList(0, Math.min(CLUES, clues.size())), any);
    }

    private List<PackedMessage> candidates(SpecState state, PackedMessage pattern, int limit) {
        List<PackedMessage> candidates = new ArrayList<>();
        for (PackedMessage packet : state.onlyHere()) {
            if (packet.agreesWith(pattern)) {
                candidates.add(packet);
            }
        }
        candidates.addAll(messages.matching(pattern, limit));
        return candidates.subList(0, Math.min(limit, candidates.size()));
    }

    private TriedStep attempt(TraceEvent event, SpecState state, @Nullable PackedMessage handled) {
        TLCState before = bind(event, state.vars(), handled);
        if (event.action().raft() == null) {
            return anyAttempt(event, state, handled, before);
        }
        List<TLCState> after = spec.free(event.action().label(), before);
        return new TriedStep(
                spec,
                before,
                handled == null ? null : message(handled),
                after.subList(0, Math.min(STEPS, after.size())),
                null);
    }

    /** Of an action that Raft.tla does not have. */
    private TriedStep anyAttempt(TraceEvent event, SpecState state, @Nullable PackedMessage handled, TLCState before) {
        RecordValue message = handled == null ? null : cluster.message(handled);
        EventValues report = new EventValues(event, cluster);
        AnySteps steps = new AnySteps(spec, agreement, report, state.vars(), message, true, (after, m) -> List.of());
        steps.find();
        List<TLCState> after = steps.others();
        return new TriedStep(
                spec,
                before,
                handled == null ? null : message(handled),
                after.subList(0, Math.min(STEPS, after.size())),
                steps.first());
    }

    private TLCState bind(TraceEvent event, TLCState state, @Nullable PackedMessage handled) {
        Value set = handled == null
                ? SetEnumValue.EmptySet
                : new SetEnumValue(new Value[] {cluster.message(handled)}, true);
        return SpecEvaluator.bind(state, cluster.event(event, observesValue, handled == null), set);
    }

    private SentMessage message(PackedMessage packet) {
        TraceLocation sentAt = packet.sentAt;
        if (sentAt == null) {
            throw new IllegalStateException("a message that was never sent");
        }
        return new SentMessage(cluster.fields(packet), sentAt);
    }

    /** The message of the same kind to the same server with the most fields in common; of these the one sent last. */
    private @Nullable SentMessage nearest(PackedMessage pattern) {
        PackedMessage all = cluster.pattern(pattern.kind, null).to(pattern.get(PackedMessage.TO));
        PackedMessage nearest = null;
        int most = 0;
        for (PackedMessage packet : messages.matching(all, Integer.MAX_VALUE)) {
            int common = packet.fieldsInCommon(pattern);
            if (common > most) {
                most = common;
                nearest = packet;
            }
        }
        return nearest == null ? null : message(nearest);
    }

    /** A step of one server that the trace may lack. */
    private record Guess(MissingStep clue, TLCState after) {}

    /** What server {@code node} might have done. */
    private List<Guess> guesses(String node, SpecState state) {
        List<Guess> guesses = new ArrayList<>();
        for (Action action : Action.values()) {
            PackedMessage.Kind kind = EventValues.handledBy(action);
            if (kind != null) {
                PackedMessage all = cluster.pattern(kind, null).to(cluster.place(node));
                for (PackedMessage packet : candidates(state, all, TRIED_MESSAGES)) {
                    guess(guesses, action, node, state, packet);
                }
            }
        }
        guess(guesses, Action.START_ELECTION, node, state, null);
        guess(guesses, Action.RESTART, node, state, null);
        return guesses;
    }

    private void guess(
            List<Guess> guesses, Action action, String node, SpecState state, @Nullable PackedMessage handled) {
        TraceEvent silent = new TraceEvent(action, node, null, null, null, Map.of());
        for (TLCState after : spec.free(action.label(), bind(silent, state.vars(), handled))) {
            guesses.add(
                    new Guess(new MissingStep(action.label(), node, handled == null ? null : message(handled)), after));
        }
    }

    /** Steps of the event's server after which the event would be explained. */
    private List<MissingStep> missingHere(TraceEvent event, SpecState state, @Nullable PackedMessage pattern) {
        List<MissingStep> clues = new ArrayList<>();
        if (event.action().raft() == null) {
            return clues;
        }
        for (Guess guess : guesses(event.node(), state)) {
            if (clues.size() == CLUES) {
                break;
            }
            if (explains(event, state, guess.after, pattern)) {
                clues.add(guess.clue);
            }
        }
        return clues;
    }

    private boolean explains(TraceEvent event, SpecState original, TLCState between, @Nullable PackedMessage pattern) {
        List<@Nullable PackedMessage> handled = new ArrayList<>();
        if (pattern == null) {
            handled.add(null);
        } else {
            handled.addAll(candidates(original, pattern, 5));
        }
        for (PackedMessage packet : handled) {
            TLCState before = bind(event, between, packet);
            for (TLCState after : spec.free(event.action().label(), before)) {
                if (spec.disagreements(before, after).isEmpty() && agreement.logSizeHolds(event, after)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Steps of the sender in which the message would have been sent. */
    private List<MissingStep> missingAtSender(SpecState state, PackedMessage pattern) {
        List<MissingStep> clues = new ArrayList<>();
        if (pattern.get(PackedMessage.FROM) == PackedMessage.UNKNOWN) {
            return clues;
        }
        String sender = cluster.servers().get(pattern.get(PackedMessage.FROM));
        if (pattern.kind == PackedMessage.Kind.APPEND_ENTRIES
                && pattern.isComplete()
                && canSend(sender, state, pattern)) {
            clues.add(new MissingStep(Action.SEND_APPEND_ENTRIES.label(), sender, null));
        }
        for (Guess guess : guesses(sender, state)) {
            if (clues.size() == CLUES) {
                break;
            }
            SetEnumValue all = SpecEvaluator.messages(guess.after);
            for (int k = 0; k < all.elems.size(); k++) {
                if (cluster.packet((RecordValue) all.elems.elementAt(k)).agreesWith(pattern)) {
                    clues.add(guess.clue);
                    break;
                }
            }
        }
        return clues;
    }

    private boolean canSend(String sender, SpecState state, PackedMessage message) {
        TraceEvent send =
                new TraceEvent(Action.SEND_APPEND_ENTRIES, sender, cluster.fields(message), null, null, Map.of());
        TLCState before = bind(send, state.vars(), null);
        for (TLCState after : spec.free(Action.SEND_APPEND_ENTRIES.label(), before)) {
            SetEnumValue all = SpecEvaluator.messages(after);
            for (int k = 0; k < all.elems.size(); k++) {
                if (cluster.packet((RecordValue) all.elems.elementAt(k)).equals(message)) {
                    return true;
                }
            }
        }
        return false;
    }
}
