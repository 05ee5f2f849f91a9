package dev.checkedraft.replay;

import dev.checkedraft.judge.Bytes;
import dev.checkedraft.judge.UnloggedSends;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.Value;

/** The states after an event, as they are found. Equal ones are one. What they take in memory is bounded while they are found. */
final class Successors {
    private final TlcValues cluster;
    private final Value node;
    private final int mostStates;
    private final long mostBytes;

    /** The only one as long as there is no other; nothing is compared until there is. */
    private @Nullable Successor first;

    /** Each with all that was sent on the way to it and not on the way to every state before the event. */
    private final Set<SpecState> states = new LinkedHashSet<>();

    /** What was sent on the way to all of them. */
    private final Set<PackedMessage> common = new LinkedHashSet<>();

    /** An estimate from above, which knows little of the memory that logs share. */
    private long bytes;

    private @Nullable String exceeded;

    /** A state after the event, and the messages sent in the step to it. */
    private record Successor(
            SpecState from,
            TLCState vars,
            List<PackedMessage> sent,
            Map<UnloggedSends.Leadership, TLCState> leaderships) {
        Set<PackedMessage> allSent() {
            Set<PackedMessage> all = new HashSet<>(from.onlyHere());
            all.addAll(sent);
            return all;
        }
    }

    /**
     * @param node the event's
     * @param mostStates how many there may be
     * @param mostBytes what they may take
     */
    Successors(TlcValues cluster, Value node, int mostStates, long mostBytes) {
        this.cluster = cluster;
        this.node = node;
        this.mostStates = mostStates;
        this.mostBytes = mostBytes;
    }

    boolean isEmpty() {
        return first == null;
    }

    /** The limit that they exceed, in a line; null if they exceed none. Nothing is added any more if they do. */
    @Nullable
    String exceeded() {
        return exceeded;
    }

    /** Something else is beyond a limit. */
    void exceed(String limit) {
        exceeded = limit;
    }

    void add(
            SpecState from,
            TLCState vars,
            List<PackedMessage> sent,
            Map<UnloggedSends.Leadership, TLCState> leaderships) {
        if (exceeded != null) {
            return;
        }
        Successor successor = new Successor(from, vars, sent, leaderships);
        Successor one = first;
        if (one == null) {
            first = successor;
            return;
        }
        if (states.isEmpty()) {
            common.addAll(one.allSent());
            addToStates(one);
        }
        addToStates(successor);
    }

    private void addToStates(Successor successor) {
        Set<PackedMessage> sent = successor.allSent();
        common.retainAll(sent);
        if (!states.add(new SpecState(successor.vars, sent, successor.leaderships()))) {
            return;
        }
        if (states.size() > mostStates) {
            exceeded = "more than " + mostStates + " spec states explain the trace up to here:"
                    + " tell more of messages and states, or raise --frontier";
            return;
        }
        Value log = SpecEvaluator.log(successor.vars, node);
        bytes += Bytes.STATE
                + (long) Bytes.MEMBER * sent.size()
                + (log == SpecEvaluator.log(successor.from.vars(), node)
                        ? 0
                        : (long) Bytes.PLACE * LogValue.length(log))
                + (successor.leaderships == successor.from.leaderships()
                        ? 0
                        : (long) Bytes.STATE * successor.leaderships.size());
        if (bytes > mostBytes) {
            bytes = bytes(states, cluster);
            // Half of it, so that not every state from here on is followed by such a thorough look.
            if (bytes > mostBytes / 2) {
                exceeded = outOfMemory("the spec states that explain the trace up to here", mostBytes);
            }
        }
    }

    /** Says that a limit of memory was reached, and what helps. */
    static String outOfMemory(String what, long bytes) {
        return what + " take more than " + (bytes >> 20)
                + " MB, a share of the heap: give the JVM more, as in RAFT_JAVA_OPTS=-Xmx4g";
    }

    /** What states take: as they are in memory, where logs and past states share much. */
    static long bytes(Collection<SpecState> states, TlcValues cluster) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        long bytes = 0;
        for (SpecState state : states) {
            bytes += (long) Bytes.MEMBER * state.onlyHere().size() + bytes(state.vars(), cluster, seen);
            if (seen.add(state.leaderships())) {
                for (TLCState past : state.leaderships().values()) {
                    bytes += bytes(past, cluster, seen);
                }
            }
        }
        return bytes;
    }

    private static long bytes(TLCState state, TlcValues cluster, Set<Object> seen) {
        if (!seen.add(state)) {
            return 0;
        }
        long bytes = Bytes.STATE;
        for (String server : cluster.servers()) {
            bytes += LogValue.bytes(SpecEvaluator.log(state, cluster.name(server)), seen);
        }
        return bytes;
    }

    /**
     * The states as a frontier.
     *
     * @param known told of the messages that were sent on the way to all of them
     */
    List<SpecState> frontier(Consumer<PackedMessage> known) {
        Successor only = first;
        if (only == null) {
            return List.of();
        }
        if (states.isEmpty()) {
            only.from.onlyHere().forEach(known);
            only.sent.forEach(known);
            return List.of(new SpecState(only.vars, Set.of(), only.leaderships()));
        }
        common.forEach(known);
        List<SpecState> frontier = new ArrayList<>(states.size());
        for (SpecState state : states) {
            Set<PackedMessage> onlyHere = new HashSet<>(state.onlyHere());
            onlyHere.removeAll(common);
            frontier.add(new SpecState(state.vars(), onlyHere, state.leaderships()));
        }
        if (frontier.size() == 1) {
            SpecState last = frontier.get(0);
            last.onlyHere().forEach(known);
            return List.of(new SpecState(last.vars(), Set.of(), last.leaderships()));
        }
        return frontier;
    }
}
