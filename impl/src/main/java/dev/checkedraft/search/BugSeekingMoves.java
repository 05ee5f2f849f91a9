package dev.checkedraft.search;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.MessageKind;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.Drop;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.MessageRef;
import dev.checkedraft.schedule.Packet;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves of several decisions that lead to where bugs show: elections that reach only some, leaders that hold entries
 * nobody else has, nodes that lag, messages that come late. At a time only some of the nodes talk, so that others fall
 * behind or go on leading without knowing better; that needs no cuts, and so makes for short schedules.
 */
final class BugSeekingMoves {
    private final RandomSchedules run;
    private final Rng rng;
    private final int nodes;

    /** How often each move is made, drawn for the run: some never. */
    private final int[] weights;

    private final int totalWeight;

    /** Whether nodes may crash: where nothing restarts them, they do not. */
    private final boolean crashes;

    /** The bit set of the nodes that talk now. */
    private int talking;

    BugSeekingMoves(RandomSchedules run) {
        this.run = run;
        this.rng = run.rng;
        this.nodes = run.cluster.setup().nodes();
        this.crashes = run.profile.restart() > 0;
        this.weights = new int[] {
            rng.oneOf(2, 4, 8), // campaign
            rng.oneOf(2, 4, 8), // replicate
            rng.oneOf(1, 2, 4), // propose
            rng.oneOf(0, 1, 3), // crash, restart
            rng.oneOf(0, 1, 4), // messages in flight
            rng.oneOf(0, 1, 4), // old messages
            rng.oneOf(0, 0, 1), // a node loses what it was sent
            1, // others talk
        };
        int total = 0;
        for (int weight : weights) {
            total += weight;
        }
        this.totalWeight = total;
        whoTalks();
    }

    /** Makes a move. */
    void move() {
        int left = rng.below(totalWeight);
        int move = 0;
        while (left >= weights[move]) {
            left -= weights[move++];
        }
        switch (move) {
            case 0 -> campaign();
            case 1 -> replicate();
            case 2 -> propose();
            case 3 -> bounce();
            case 4 -> arrivals();
            case 5 -> replays();
            case 6 -> loss();
            default -> whoTalks();
        }
    }

    private void whoTalks() {
        talking = 0;
        for (int node = 1; node <= nodes; node++) {
            talking |= rng.chance(0.7) ? 1 << node : 0;
        }
        if (talking == 0 || rng.chance(0.2)) {
            talking = -1;
        }
    }

    private boolean talks(int node) {
        return (talking & 1 << node) != 0 && run.cluster.isUp(node);
    }

    /** An election that reaches some voters, and whose votes mostly come back. */
    private void campaign() {
        int candidate = run.pick(node -> talks(node) && !run.leads(node));
        if (candidate == 0) {
            bounce();
            return;
        }
        run.input(new Timeout(candidate));
        boolean more = rng.chance(0.3);
        for (int voter : others(candidate)) {
            if (run.leads(candidate) && !more) {
                return;
            }
            deliverLast(candidate, voter, MessageKind.REQUEST_VOTE);
            if (rng.chance(0.9)) {
                deliverLast(voter, candidate, MessageKind.REQUEST_VOTE_RESPONSE);
            }
        }
    }

    /** A leader's entries get to some followers, and their answers mostly back. */
    private void replicate() {
        int leader = run.pick(node -> talks(node) && run.leads(node));
        if (leader == 0) {
            campaign();
            return;
        }
        if (rng.chance(0.3)) {
            run.input(new Heartbeat(leader));
        }
        int rounds = 1 + rng.below(3);
        for (int follower : others(leader)) {
            for (int round = 0; round < rounds && rng.chance(0.9); round++) {
                deliverLast(leader, follower, MessageKind.APPEND_ENTRIES);
                deliverLast(follower, leader, MessageKind.APPEND_ENTRIES_RESPONSE);
            }
        }
    }

    /** Any leader takes values, one that does not talk too. */
    private void propose() {
        int leader = run.anyLeader();
        for (int k = rng.below(3); k >= 0; k--) {
            run.propose(run.leads(leader) ? leader : 0);
        }
    }

    /** A node crashes, and mostly restarts at once; or one that was down comes back. */
    private void bounce() {
        if (!crashes) {
            return;
        }
        if (rng.chance(0.3)) {
            run.restartOne();
            return;
        }
        int leader = run.anyLeader();
        int node = leader > 0 && rng.chance(0.5) ? leader : run.anyUp();
        if (node == 0) {
            run.restartOne();
            return;
        }
        run.step(new Crash(node));
        if (rng.chance(0.8)) {
            run.step(new Restart(node));
        }
    }

    private void arrivals() {
        for (int k = rng.below(4); k >= 0; k--) {
            run.arrive();
        }
    }

    private void replays() {
        for (int k = rng.below(3); k >= 0; k--) {
            run.replay();
        }
    }

    private void loss() {
        int node = 1 + rng.below(nodes);
        for (Packet<Message> packet : List.copyOf(run.cluster.inFlight())) {
            if (packet.to() == node) {
                run.step(new Drop(packet.ref()));
            }
        }
    }

    private void deliverLast(int from, int to, MessageKind kind) {
        run.deliver(run.cluster.find(new MessageRef(from, to, kind, -1)));
    }

    /** The others that talk, shuffled. */
    private List<Integer> others(int node) {
        List<Integer> others = new ArrayList<>();
        for (int other = 1; other <= nodes; other++) {
            if (other != node && talks(other)) {
                others.add(rng.below(others.size() + 1), other);
            }
        }
        return others;
    }
}
