package dev.checkedraft.search;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Ready;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.safety.StepChecker;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.MessageRef;
import dev.checkedraft.schedule.Packet;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.sim.Simulation;
import dev.checkedraft.sim.StepListener.Step;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A schedule whose decisions know each other: one about a message knows which decision sent it, and so finds it again when
 * others are taken out and messages are counted differently.
 *
 * @param setup the cluster
 * @param items the decisions, all of which applied when they were last replayed
 */
record LinkedSchedule(Setup setup, List<Item> items) {
    /**
     * A decision.
     *
     * @param id stays the same, whatever is taken out or replaced
     * @param sentBy the id of the decision that sent its message; -1 if it is about none
     * @param did what the node did when it was last replayed; null if unknown
     */
    record Item(
            int id, Decision decision, int sentBy, @Nullable Ready did) {
        Item with(Decision other) {
            return new Item(id, other, sentBy, did);
        }
    }

    /** The decisions of a schedule that apply; up to a failure of the core, if there is one. */
    static LinkedSchedule of(Schedule schedule) {
        List<Item> items = new ArrayList<>();
        for (Decision decision : schedule.decisions()) {
            items.add(new Item(items.size(), decision, -1, null));
        }
        return new LinkedSchedule(schedule.setup(), items).replay();
    }

    Schedule schedule() {
        return new Schedule(setup, items.stream().map(Item::decision).toList());
    }

    LinkedSchedule with(List<Item> others) {
        return new LinkedSchedule(setup, List.copyOf(others));
    }

    LinkedSchedule with(Setup other) {
        return new LinkedSchedule(other, items);
    }

    LinkedSchedule replacing(Item item, Decision other) {
        return with(items.stream()
                .map(it -> it.id() == item.id() ? it.with(other) : it)
                .toList());
    }

    /** The same run told without clocks: every tick that brought something about is named for what it brought about. */
    LinkedSchedule withoutTicks() {
        List<Item> rest = new ArrayList<>();
        for (Item item : items) {
            Decision decision = withoutTick(item.decision(), item.did());
            if (decision != null) {
                rest.add(item.with(decision));
            }
        }
        return with(rest);
    }

    private static @Nullable Decision withoutTick(Decision decision, @Nullable Ready did) {
        if (decision instanceof Tick tick) {
            return withoutTick(tick, did);
        } else if (decision instanceof CrashDuring crash && crash.input() instanceof Tick tick) {
            Input input = withoutTick(tick, did);
            return input == null ? new Crash(tick.node()) : new CrashDuring(input, crash.sent());
        }
        return decision;
    }

    private static @Nullable Input withoutTick(Tick tick, @Nullable Ready did) {
        if (did == null) {
            return tick;
        } else if (did.action() == Action.START_ELECTION) {
            return new Timeout(tick.node());
        }
        return did.messages().isEmpty() ? null : new Heartbeat(tick.node());
    }

    /** The same on a cluster that lacks a node; later ones move up. */
    LinkedSchedule withoutNode(int node) {
        Setup smaller = setup.with(setup.nodes() - 1, setup.maxEntries());
        List<Item> rest = new ArrayList<>();
        for (Item item : items) {
            Decision decision = item.decision().without(node);
            if (decision != null) {
                rest.add(item.with(decision));
            }
        }
        return new LinkedSchedule(smaller, rest);
    }

    // ---------------------------------------------------------------------------------------------------------------

    /** Runs it, and keeps what applies; up to a failure of the core, if there is one. */
    LinkedSchedule replay() {
        Replay replay = new Replay(setup);
        for (Item item : items) {
            if (!replay.step(item)) {
                break;
            }
        }
        return with(replay.applied);
    }

    private static final class Replay {
        private final Simulation simulation;

        /** What happened, step by step. */
        private final List<Step> told = new ArrayList<>();

        /** By the number of the step, the id of the decision. */
        private final List<Integer> ids = new ArrayList<>(List.of(-1));

        /** By the id of the decision, the messages it sent. */
        private final Map<Integer, List<Packet<Message>>> sent = new HashMap<>();

        private final List<Item> applied = new ArrayList<>();

        Replay(Setup setup) {
            // Whatever safety says: the caller decides what a failure is.
            simulation = new Simulation(setup, TraceSink.NONE, StepChecker.NONE);
            simulation.listen(told::add);
        }

        /** Returns whether the run may go on. */
        boolean step(Item item) {
            Decision decision = located(item);
            if (decision == null) {
                return true;
            }
            ids.add(item.id());
            boolean failed = false;
            try {
                simulation.step(decision);
            } catch (SafetyViolation e) {
                failed = true;
            }
            Step step = told.get(told.size() - 1);
            if (step.applied()) {
                Packet<Message> packet = step.packet();
                int sender = packet == null ? -1 : ids.get((int) packet.sentAt());
                Decision located = packet == null ? decision : decision.about(packet.ref());
                applied.add(new Item(item.id(), located, sender, step.ready()));
                sent.put(item.id(), step.sent());
            }
            return !failed;
        }

        /** The decision, about the message it was about before; null if that was not sent this time. */
        private @Nullable Decision located(Item item) {
            MessageRef was = item.decision().message();
            if (was == null || item.sentBy() < 0) {
                return item.decision();
            }
            for (Packet<Message> packet : sent.getOrDefault(item.sentBy(), List.of())) {
                if (packet.from() == was.from() && packet.to() == was.to() && packet.kind() == was.kind()) {
                    return item.decision().about(packet.ref());
                }
            }
            return null;
        }
    }
}
