package dev.checkedraft.drive;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.port.Answer;
import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.validate.ServerView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Counts the ticks of a run's nodes, and says when an election or a heartbeat comes at the wrong time (5.2, and figure 2,
 * "Rules for Servers"). An election is put off by a vote given, by a message of the term's leader, by an election, and by a
 * start. Whether it is put off by a newer term too, or by a lost election, is a port's own business.
 */
final class Timers {
    /** An election timeout that ended by ticks: how many, from when the election was put off last. */
    record Waited(int node, int ticks) {}

    private static final class Timer {
        /** Ticks since the election was put off last, for sure. */
        int surely = 0;

        /** Ticks since it may have been put off last. */
        int maybe = 0;

        /** Of a leader: ticks since its last AppendEntries, by receiver. */
        final int[] silent;

        Timer(int nodes) {
            silent = new int[nodes + 1];
        }

        void putOff() {
            surely = 0;
            maybe = 0;
        }
    }

    private final Setup setup;
    private final boolean heartbeats;
    private final List<Timer> timers = new ArrayList<>();
    private final List<Waited> waited = new ArrayList<>();
    private int sentByTicks = 0;

    /**
     * For a run.
     *
     * @param heartbeats whether those are looked at
     */
    Timers(Setup setup, boolean heartbeats) {
        this.setup = setup;
        this.heartbeats = heartbeats;
        for (int node = 0; node <= setup.nodes(); node++) {
            timers.add(new Timer(setup.nodes()));
        }
    }

    /** The election timeouts that ended by ticks alone. */
    List<Waited> waited() {
        return waited;
    }

    /** How often a tick made a leader send AppendEntries. */
    int sentByTicks() {
        return sentByTicks;
    }

    /** A node began to run. */
    void started(int node) {
        timers.get(node).putOff();
    }

    /**
     * A node handled an input.
     *
     * @param vote whether it gave its vote, and had not given it before
     * @return what came at the wrong time, the rest of a sentence that begins with the node's name; null if nothing did
     */
    @Nullable
    String handled(
            int node,
            Input input,
            @Nullable PortPacket packet,
            Answer answer,
            boolean led,
            long oldTerm,
            boolean vote,
            ServerView now) {
        Timer timer = timers.get(node);
        boolean newTerm = now.currentTerm() > oldTerm;
        boolean elected = newTerm && (input instanceof Tick || input instanceof Timeout);
        String wrong = null;
        if (input instanceof Tick && !led) {
            wrong = election(node, timer, elected);
        } else if (led) {
            wrong = heartbeat(node, timer, input instanceof Tick, answer);
        }
        boolean fromLeader = packet != null
                && packet.kind() == MessageKind.APPEND_ENTRIES
                && packet.message().get("term") instanceof Long term
                && term == now.currentTerm();
        if (elected || fromLeader || vote) {
            timer.putOff();
        } else if (newTerm || answer.grantsVote() || lost(packet, now)) {
            timer.maybe = 0;
        }
        if (led && !now.leads()) {
            // What a leader's election timer does, nobody says.
            timer.surely = setup.minElectionTimeout();
            timer.maybe = 0;
        } else if (!led && now.leads()) {
            Arrays.fill(timer.silent, 0);
        }
        return wrong;
    }

    /** Whether a message may have ended an election. */
    private static boolean lost(@Nullable PortPacket packet, ServerView now) {
        return packet != null
                && packet.kind() == MessageKind.REQUEST_VOTE_RESPONSE
                && packet.message().get("term") instanceof Long term
                && term == now.currentTerm();
    }

    private @Nullable String election(int node, Timer timer, boolean elected) {
        timer.surely++;
        timer.maybe++;
        String bounds =
                "; its timeout is " + setup.minElectionTimeout() + " to " + setup.maxElectionTimeout() + " ticks";
        if (elected && timer.surely < setup.minElectionTimeout()) {
            return "starts an election " + timer.surely + (timer.surely == 1 ? " tick" : " ticks")
                    + " after it was put off" + bounds;
        }
        if (!elected && timer.maybe >= setup.maxElectionTimeout()) {
            return "starts no election " + timer.maybe + " ticks after it was put off" + bounds;
        }
        if (elected && timer.maybe == timer.surely) {
            waited.add(new Waited(node, timer.surely));
        }
        return null;
    }

    private @Nullable String heartbeat(int node, Timer timer, boolean ticked, Answer answer) {
        for (int peer = 1; peer <= setup.nodes() && ticked; peer++) {
            timer.silent[peer]++;
        }
        boolean sent = false;
        for (Map<String, Object> message : answer.send()) {
            if (MessageKind.APPEND_ENTRIES.label().equals(message.get("type"))) {
                timer.silent[PortNetwork.number(String.valueOf(message.get("to")))] = 0;
                sent = true;
            }
        }
        sentByTicks += ticked && sent ? 1 : 0;
        for (int peer = 1; peer <= setup.nodes() && ticked && heartbeats; peer++) {
            if (peer != node && timer.silent[peer] >= setup.heartbeatInterval()) {
                return "leads and sends n" + peer + " nothing for " + timer.silent[peer]
                        + " ticks; a heartbeat is due every " + setup.heartbeatInterval();
            }
        }
        return null;
    }
}
