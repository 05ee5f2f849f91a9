package dev.checkedraft.fuzz;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.HealAll;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Partition;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.MessageRef;
import dev.checkedraft.schedule.Schedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Makes new schedules out of known ones. The same random numbers give the same schedule. */
final class Mutations {
    private static final MessageKind[] KINDS = MessageKind.values();

    private final SplittableRandom random;
    private final int longest;

    /**
     * Draws from {@code random}.
     *
     * @param longest the most decisions of a schedule
     */
    Mutations(SplittableRandom random, int longest) {
        this.random = random;
        this.longest = longest;
    }

    /** A schedule like {@code one}, with parts of {@code other} now and then, and with other decisions at the end. */
    Schedule of(Schedule one, Schedule other) {
        List<Decision> decisions = new ArrayList<>(one.decisions());
        int nodes = one.setup().nodes();
        int changes = random.nextInt(4);
        for (int k = 0; k < changes; k++) {
            change(decisions, other, nodes);
        }
        if (random.nextInt(3) > 0) {
            for (int moves = 1 + random.nextInt(24); moves > 0; moves--) {
                move(decisions, decisions.size(), nodes);
            }
        }
        return new Schedule(one.setup(), decisions.subList(0, Math.min(longest, decisions.size())));
    }

    private void change(List<Decision> decisions, Schedule other, int nodes) {
        int at = random.nextInt(decisions.size() + 1);
        int length = Math.min(1 + random.nextInt(random.nextBoolean() ? 4 : 32), decisions.size() - at);
        switch (random.nextInt(6)) {
            case 0 -> decisions.subList(at, at + length).clear();
            case 1 -> decisions.addAll(at, List.copyOf(decisions.subList(at, at + length)));
            case 2 -> decisions.subList(at, decisions.size()).clear();
            case 3 -> splice(decisions, at, other, nodes);
            case 4 -> Collections.rotate(decisions.subList(at, at + length), 1);
            default -> {
                for (int moves = 1 + random.nextInt(4); moves > 0; moves--) {
                    move(decisions, at, nodes);
                }
            }
        }
    }

    /** Goes on from some place as the other does from some place. */
    private void splice(List<Decision> decisions, int at, Schedule other, int nodes) {
        if (other.setup().nodes() <= nodes && other.size() > 0) {
            decisions.subList(at, decisions.size()).clear();
            decisions.addAll(other.decisions().subList(random.nextInt(other.size()), other.size()));
        }
    }

    /** Puts in a decision, or some that belong together: an election, a replication. */
    private void move(List<Decision> decisions, int at, int nodes) {
        int node = 1 + random.nextInt(nodes);
        List<Decision> move = new ArrayList<>();
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                move.add(new Timeout(node));
                exchange(move, node, nodes, MessageKind.REQUEST_VOTE, MessageKind.REQUEST_VOTE_RESPONSE);
            }
            case 2, 3 -> {
                if (random.nextInt(3) == 0) {
                    move.add(new Heartbeat(node));
                }
                exchange(move, node, nodes, MessageKind.APPEND_ENTRIES, MessageKind.APPEND_ENTRIES_RESPONSE);
            }
            case 4, 5 -> move.add(mayCrash(new Propose(node, "v" + random.nextInt(1000)), nodes));
            case 6 -> {
                move.add(new Crash(node));
                move.add(new Restart(node));
            }
            case 7 -> move.add(random.nextBoolean() ? new Restart(node) : new Crash(node));
            case 8 -> move.add(random.nextBoolean() ? new Partition(List.of(node)) : new HealAll());
            default -> {
                if (nodes > 1) {
                    int to = 1 + (node + random.nextInt(nodes - 1)) % nodes;
                    MessageKind kind = KINDS[random.nextInt(KINDS.length)];
                    move.add(mayCrash(new Deliver(new MessageRef(node, to, kind, -1 - random.nextInt(4))), nodes));
                }
            }
        }
        decisions.addAll(at, move);
    }

    private Decision mayCrash(Input input, int nodes) {
        return random.nextInt(20) == 0 ? new CrashDuring(input, random.nextInt(nodes + 1) - 1) : input;
    }

    /** The last message of a kind reaches some others, and their answers mostly get back. */
    private void exchange(List<Decision> move, int node, int nodes, MessageKind request, MessageKind response) {
        for (int other = 1; other <= nodes; other++) {
            if (other != node && random.nextInt(10) < 7) {
                move.add(new Deliver(new MessageRef(node, other, request, -1)));
                if (random.nextInt(10) < 9) {
                    move.add(new Deliver(new MessageRef(other, node, response, -1)));
                }
            }
        }
    }
}
