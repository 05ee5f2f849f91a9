package dev.checkedraft.search;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.MessageKind;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Cut;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Drop;
import dev.checkedraft.schedule.Decision.Duplicate;
import dev.checkedraft.schedule.Decision.HealAll;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Partition;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Recover;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Send;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.MessageRef;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Packet;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.sim.Outcome;
import dev.checkedraft.sim.Simulation;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Random runs: decisions drawn while looking at the cluster, so that they apply. The same arguments give the same run, on
 * every JDK.
 */
public final class RandomSchedules {
    private static final MessageKind[] KINDS = MessageKind.values();
    private static final int LONGEST_SLICE = 64;

    final Simulation cluster;
    final Rng rng;
    private final int nodes;
    final FaultProfile profile;
    private final int steps;
    private final Tick[] ticks;
    private final List<Decision> decisions = new ArrayList<>();
    private long proposals = 0;

    private RandomSchedules(Simulation cluster, FaultProfile profile, long seed, int steps) {
        this.cluster = cluster;
        this.nodes = cluster.setup().nodes();
        this.profile = profile;
        this.rng = new Rng(seed);
        this.steps = steps;
        this.ticks = new Tick[nodes + 1];
        for (int node = 0; node <= nodes; node++) {
            ticks[node] = new Tick(Math.max(1, node));
        }
    }

    /**
     * What to run.
     *
     * @param setup the cluster
     * @param profile what goes wrong
     * @param seed what the decisions are drawn from
     * @param steps how many decisions, those of the beginning included
     * @param beginning what is decided first
     * @param ending what is decided after all
     */
    public record Plan(
            Setup setup, FaultProfile profile, long seed, int steps, List<Decision> beginning, List<Decision> ending) {
        public Plan {
            beginning = List.copyOf(beginning);
            ending = List.copyOf(ending);
        }

        public Plan(Setup setup, FaultProfile profile, long seed, int steps) {
            this(setup, profile, seed, steps, List.of(), List.of());
        }

        /** Draws all but the length from a seed: a different cluster and different faults for every seed. */
        public static Plan of(long seed, int steps) {
            Rng rng = new Rng(seed);
            rng.next();
            int nodes = rng.oneOf(3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5, 2, 2, 1, 6, 7);
            Setup setup = Setup.of(nodes, seed).with(nodes, rng.oneOf(1, 1, 2, 16));
            boolean hunting = rng.chance(0.7);
            FaultProfile profile = hunting ? FaultProfile.hunting(rng) : FaultProfile.troubled(rng, nodes);
            return new Plan(setup, profile, rng.next(), steps);
        }

        /** The same, after which all faults end, and the cluster has so many ticks to settle. */
        public Plan recovering(int ticks) {
            return new Plan(setup, profile, seed, steps, beginning, List.of(new Recover(ticks)));
        }

        /** Runs it until its end, or until a property does not hold. */
        public Outcome run(TraceSink sink) {
            return run(new Simulation(setup, sink));
        }

        /** Runs it on a cluster of this setup, from whatever state it is in. */
        public Outcome run(Simulation cluster) {
            RandomSchedules run = new RandomSchedules(cluster, profile, seed, steps);
            SafetyViolation failure = run.go(beginning, ending);
            return new Outcome(new Schedule(setup, run.decisions), cluster.skipped(), cluster.reached(), failure);
        }
    }

    private @Nullable SafetyViolation go(List<Decision> beginning, List<Decision> ending) {
        BugSeekingMoves hunt = new BugSeekingMoves(this);
        try {
            beginning.forEach(this::step);
            while (decisions.size() < steps) {
                int before = decisions.size();
                if (rng.chance(profile.hunt())) {
                    hunt.move();
                } else {
                    decide();
                }
                if (decisions.size() == before) {
                    // Time goes on when nothing else can.
                    tick();
                }
            }
            for (Decision last : ending) {
                decisions.add(last);
                cluster.step(last);
            }
            return null;
        } catch (SafetyViolation e) {
            return e;
        }
    }

    /** Carries out a decision, unless the run is long enough. */
    void step(Decision decision) {
        if (decisions.size() < steps) {
            decisions.add(decision);
            cluster.step(decision);
        }
    }

    /** Gives a node an input, and lets it crash on the way now and then. */
    void input(Input input) {
        // A quarter of the crashes; decide() has the others.
        step(rng.chance(profile.crash() / 4) ? crashDuring(input) : input);
    }

    private Decision crashDuring(Input input) {
        return new CrashDuring(input, rng.below(nodes + 1) + CrashDuring.BEFORE_PERSISTING);
    }

    private void decide() {
        if (rng.chance(profile.crash() * 3 / 4)) {
            crash();
        } else if (anyDown() && rng.chance(profile.restart())) {
            restartOne();
        } else if (nodes > 1 && rng.chance(profile.partition())) {
            cut();
        } else if (cluster.anyCut() && rng.chance(profile.heal())) {
            step(new HealAll());
        } else if (anyLeader() > 0 && rng.chance(profile.propose())) {
            propose(anyLeader());
        } else if (nodes > 1 && rng.chance(profile.slice())) {
            slice();
        } else if (nodes > 1 && rng.chance(profile.replay())) {
            replay();
        } else if (rng.chance(inFlightCount() > 50 * nodes ? 0.95 : 0.6)) {
            arrive();
        } else {
            tick();
        }
    }

    private void tick() {
        int node = profile.hasty() > 0 && rng.below(nodes + 9) >= nodes - 1 ? profile.hasty() : 1 + rng.below(nodes);
        if (cluster.isUp(node)) {
            input(ticks[node]);
        } else if (anyUp() == 0) {
            step(new Restart(node));
        }
    }

    /** Most crashes hit a leader, and most of those when it has just taken some values. */
    private void crash() {
        int leader = anyLeader();
        int node = leader > 0 && rng.chance(0.7) ? leader : anyUp();
        if (node == 0) {
            restartOne();
        } else if (node == leader && rng.chance(0.7)) {
            for (int k = rng.below(3); k > 0; k--) {
                step(new Propose(node, nextValue()));
            }
            Propose last = new Propose(node, nextValue());
            step(rng.chance(0.5) ? new CrashDuring(last, 0) : crashDuring(last));
        } else {
            step(new Crash(node));
        }
    }

    /** Restarts a node, if one is down. */
    void restartOne() {
        int node = pick(set -> !cluster.isUp(set));
        if (node > 0) {
            step(new Restart(node));
        }
    }

    private void cut() {
        int leader = anyLeader();
        if (rng.chance(0.3)) {
            int from = 1 + rng.below(nodes);
            int to = 1 + (from + rng.below(nodes - 1)) % nodes;
            if (!cluster.isCut(from, to)) {
                step(new Cut(from, to));
            }
        } else if (leader > 0 && rng.chance(0.5)) {
            step(new Partition(List.of(leader)));
        } else {
            step(new Partition(Nodes.members((1 + rng.below((1 << nodes) - 2)) << 1)));
        }
    }

    /** A client proposes the next value to a leader; nothing if that is 0. */
    void propose(int leader) {
        if (leader > 0) {
            input(new Propose(leader, nextValue()));
        }
    }

    /** Mostly a new value; where leaders are not as this core's, clients may repeat themselves too. */
    private String nextValue() {
        proposals += proposals > 0 && profile.slice() > 0 && rng.chance(0.2) ? 0 : 1;
        return "v" + proposals;
    }

    /** A leader sends a slice that this core may not choose, and it mostly arrives. */
    private void slice() {
        int leader = anyLeader();
        RaftNode raft = leader == 0 ? null : cluster.node(leader);
        if (raft == null) {
            return;
        }
        int to = 1 + (leader + rng.below(nodes - 1)) % nodes;
        int last = raft.log().size();
        int after = rng.chance(0.5) ? rng.below(last + 1) : last - rng.below(Math.min(last, 4) + 1);
        int most = Math.min(last - after, rng.oneOf(0, 1, 3, LONGEST_SLICE));
        int count = rng.below(most + 1);
        long commit = rng.chance(0.6) ? raft.commitIndex() : rng.below((int) raft.commitIndex() + 1);
        input(new Send(leader, to, after, count, commit));
        if (rng.chance(0.7)) {
            deliver(cluster.find(new MessageRef(leader, to, MessageKind.APPEND_ENTRIES, -1)));
        }
    }

    /** A message that was sent at any time arrives once more, or at last. */
    void replay() {
        if (nodes == 1) {
            return;
        }
        int from = 1 + rng.below(nodes);
        int to = 1 + (from + rng.below(nodes - 1)) % nodes;
        MessageKind kind = KINDS[rng.below(KINDS.length)];
        int count = cluster.sentCount(from, to, kind);
        if (count > 0 && mayArrive(from, to)) {
            // Half the time a recent one.
            int back = rng.below(rng.chance(0.5) ? Math.min(count, 8) : Math.min(count, Simulation.REMEMBERED));
            deliver(cluster.find(new MessageRef(from, to, kind, count - back)));
        }
    }

    /** It is the turn of a message in flight: one of the oldest, or any. */
    void arrive() {
        Packet<Message> packet = next();
        if (packet == null) {
            tick();
        } else if (!mayArrive(packet.from(), packet.to()) || rng.chance(profile.drop())) {
            step(new Drop(packet.ref()));
        } else {
            if (rng.chance(profile.duplicate())) {
                step(new Duplicate(packet.ref()));
            }
            deliver(packet);
        }
    }

    /** A message arrives; nothing if it is null or cannot. */
    void deliver(@Nullable Packet<Message> packet) {
        if (packet != null && mayArrive(packet.from(), packet.to())) {
            input(new Deliver(packet.ref()));
        }
    }

    private @Nullable Packet<Message> next() {
        List<Packet<Message>> inFlight = cluster.inFlight();
        if (inFlight.isEmpty()) {
            return null;
        }
        Packet<Message> next = inFlight.get(rng.below(inFlight.size()));
        if (!rng.chance(profile.reorder())) {
            for (int k = 0; k < 4; k++) {
                Packet<Message> other = inFlight.get(rng.below(inFlight.size()));
                next = other.age() < next.age() ? other : next;
            }
        }
        return next;
    }

    private boolean mayArrive(int from, int to) {
        return cluster.isUp(to) && !cluster.isCut(from, to);
    }

    private int inFlightCount() {
        return cluster.inFlight().size();
    }

    private boolean anyDown() {
        for (int node = 1; node <= nodes; node++) {
            if (!cluster.isUp(node)) {
                return true;
            }
        }
        return false;
    }

    /** A node that is up; 0 if none is. */
    int anyUp() {
        return pick(cluster::isUp);
    }

    /** A node that leads; 0 if none does. */
    int anyLeader() {
        return pick(this::leads);
    }

    boolean leads(int node) {
        RaftNode raft = cluster.node(node);
        return raft != null && raft.isLeader();
    }

    /** A node that is so, each of them with the same probability; 0 if none is. */
    int pick(Condition condition) {
        int count = 0;
        for (int node = 1; node <= nodes; node++) {
            count += condition.holds(node) ? 1 : 0;
        }
        if (count == 0) {
            return 0;
        }
        int skip = rng.below(count);
        for (int node = 1; node <= nodes; node++) {
            if (condition.holds(node) && skip-- == 0) {
                return node;
            }
        }
        throw new AssertionError(count);
    }

    /** What may be so of a node. */
    @FunctionalInterface
    interface Condition {
        boolean holds(int node);
    }
}
