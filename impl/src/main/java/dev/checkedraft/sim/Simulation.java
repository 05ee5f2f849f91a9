package dev.checkedraft.sim;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.MessageKind;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import dev.checkedraft.safety.Observation;
import dev.checkedraft.safety.Property;
import dev.checkedraft.safety.SafetyChecker;
import dev.checkedraft.safety.SafetyViolation;
import dev.checkedraft.safety.StepChecker;
import dev.checkedraft.safety.TimerChecker;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Cut;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Drop;
import dev.checkedraft.schedule.Decision.Duplicate;
import dev.checkedraft.schedule.Decision.Heal;
import dev.checkedraft.schedule.Decision.HealAll;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Partition;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Recover;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Send;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.MessageRef;
import dev.checkedraft.schedule.Network;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Packet;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.schedule.TraceFromBase;
import dev.checkedraft.sim.StepListener.NodeState;
import dev.checkedraft.sim.StepListener.Step;
import dev.checkedraft.trace.TraceSink;
import dev.checkedraft.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A cluster of {@link RaftNode}s, each with a disk of its own, and the network between them, driven by decisions. Nothing
 * happens but by a decision, and the same decisions give the same run. After every step the safety properties are checked
 * ({@link Property}); a step that breaks one is a {@link SafetyViolation}, and the run is over.
 *
 * <p>Of every input a node handles, the outcome is made durable, then traced, then its messages are sent, as {@link Ready}
 * and {@link Tracer} ask for; a crash can come at any point between.
 */
public final class Simulation {
    /** So many messages of each kind on each link can come again; a power of two. */
    public static final int REMEMBERED = 1024;

    private final Setup setup;
    private final TraceSink sink;
    private final StepChecker checker;
    private final @Nullable TimerChecker timers;
    private final Network<Packet<Message>> network;
    private final Milestones reached;
    private final CoreCalls handlers = new CoreCalls();

    // By node.
    private final @Nullable RaftNode[] up;
    private final DurableStore[] stores;
    private final Tracer[] tracers;

    private @Nullable StepListener listener = null;
    private long steps = 0;
    private long skipped = 0;

    // Of the current step, for its listener.
    private @Nullable Packet<Message> packet = null;
    private @Nullable Ready ready = null;
    private @Nullable NodeState crashed = null;
    private List<Packet<Message>> sent = List.of();

    /** A cluster whose nodes have never run; no traces are written, and all properties checked. */
    public Simulation(Setup setup) {
        this(setup, TraceSink.NONE);
    }

    /** A cluster whose nodes have never run; {@code sink} gets their events, and all properties are checked. */
    public Simulation(Setup setup, TraceSink sink) {
        this(setup, sink, new SafetyChecker(setup.nodes(), setup.durableState()), new TimerChecker(setup));
    }

    /** A cluster that some checker looks at, and whose timers are not checked. */
    public Simulation(Setup setup, TraceSink sink, StepChecker checker) {
        this(setup, sink, checker, null);
    }

    /** A cluster whose timers are checked too, unless {@code timers} is null. */
    public Simulation(Setup setup, TraceSink sink, StepChecker checker, @Nullable TimerChecker timers) {
        this.setup = setup;
        this.sink = TraceFromBase.of(setup, sink);
        this.checker = checker;
        this.timers = timers;
        this.network = new Network<>(setup.nodes(), REMEMBERED);
        this.reached = new Milestones(setup);
        this.up = new @Nullable RaftNode[setup.nodes() + 1];
        this.stores = new DurableStore[setup.nodes() + 1];
        this.tracers = new Tracer[setup.nodes() + 1];
        for (int node = 0; node <= setup.nodes(); node++) {
            stores[node] = new DurableStore(setup.durableState());
            if (node > 0) {
                up[node] = RaftNode.restart(setup.config(node), stores[node].read());
            }
            String name = Nodes.name(Math.max(1, node));
            tracers[node] = new Tracer(name, setup.config(Math.max(1, node)).peers(), setup.baseTerm(), this.sink);
        }
    }

    /** Tells a listener of every step from now on. */
    public void listen(StepListener newListener) {
        listener = newListener;
    }

    /**
     * Has every input handled by a copy of the node too, from now on, and checks {@link Property#DETERMINISM}: the copy must
     * do the same.
     */
    public void handleTwice() {
        handlers.twice = true;
    }

    /**
     * Carries out a decision, if it applies in the state the cluster is in.
     *
     * @return whether it applied
     * @throws SafetyViolation if a property does not hold after it, or the core fails
     */
    public boolean step(Decision decision) {
        steps++;
        packet = null;
        ready = null;
        crashed = null;
        sent = new ArrayList<>();
        StepListener told = listener;
        if (told == null) {
            return counted(apply(decision));
        }
        int node = decision.node();
        NodeState before = stateOf(node);
        boolean applied = false;
        try {
            applied = counted(apply(decision));
            return applied;
        } catch (SafetyViolation e) {
            applied = true;
            throw e;
        } finally {
            NodeState after = crashed == null ? stateOf(node) : crashed;
            told.onStep(new Step(steps, decision, applied, packet, ready, sent, before, after));
        }
    }

    private boolean counted(boolean applied) {
        if (!applied) {
            skipped++;
        }
        return applied;
    }

    private boolean apply(Decision decision) {
        if (decision instanceof Input input) {
            return handle(input, false, Integer.MAX_VALUE);
        } else if (decision instanceof CrashDuring crash) {
            return handle(crash.input(), true, crash.sent());
        } else if (decision instanceof Drop drop) {
            return drop(drop.message());
        } else if (decision instanceof Duplicate duplicate) {
            return duplicate(duplicate.message());
        } else if (decision instanceof Crash crash) {
            return crash(crash.node());
        } else if (decision instanceof Restart restart) {
            return restart(restart.node());
        } else if (decision instanceof Cut cut) {
            return cut(network.setCut(cut.from(), cut.to(), true) ? 1 : 0);
        } else if (decision instanceof Heal heal) {
            return network.setCut(heal.from(), heal.to(), false);
        } else if (decision instanceof Partition partition) {
            return cut(network.partition(partition.side()));
        } else if (decision instanceof Recover recover) {
            return recover(recover.ticks());
        } else if (decision instanceof HealAll) {
            return network.healAll();
        }
        throw new AssertionError(decision);
    }

    private boolean recover(int ticks) {
        try {
            new Recovery(this, this::apply).run(ticks);
            reached.add(Milestone.RECOVERY);
            return true;
        } finally {
            // Those of a decision within are not those of the whole.
            packet = null;
            ready = null;
        }
    }

    // ---------------------------------------------------------------------------------------------------------------

    private boolean handle(Input input, boolean crashes, int sendBeforeCrash) {
        int node = input.node();
        RaftNode raft = node <= setup.nodes() ? up[node] : null;
        MessageRef about = input.message();
        Packet<Message> arriving = about == null ? null : network.find(about);
        if (raft == null || !applies(input, raft, arriving)) {
            return false;
        }
        if (arriving != null) {
            arrive(arriving, raft);
        }
        long oldTerm = raft.currentTerm();
        long oldLast = raft.log().size();
        long oldCommit = raft.commitIndex();
        String oldRole = raft.role();
        Message message = arriving == null ? null : arriving.message();
        Ready out = handlers.handle(raft, input, message, steps);
        ready = out;
        if (crashes && sendBeforeCrash == CrashDuring.BEFORE_PERSISTING) {
            up[node] = null;
            reached.add(Milestone.CRASH_BEFORE_PERSISTING);
            return true;
        }
        stores[node].persist(out, steps);
        if (sink != TraceSink.NONE) {
            tracers[node].handled(raft, message, input instanceof Propose propose ? propose.value() : null, out);
        }
        send(out, sendBeforeCrash);
        if (crashes) {
            up[node] = null;
            crashed = listener == null ? null : NodeState.of(raft);
            boolean unsent = sendBeforeCrash < out.messages().size();
            reached.add(unsent ? Milestone.CRASH_BEFORE_SENDING : Milestone.CRASH);
        }
        if (input instanceof Send) {
            reached.add(Milestone.SLICE);
        }
        if (out.action() != null) {
            reached.count(node, raft, out, oldTerm, oldRole, oldLast, oldCommit);
            checker.check(steps, Observation.handled(node, setup.nodes(), raft, out));
        }
        if (timers != null) {
            boolean led = oldRole.equals("Leader");
            if (input instanceof Tick) {
                timers.ticked(steps, node, led, oldTerm, raft, out);
            } else {
                timers.handled(node, message, led, raft, out);
            }
        }
        return true;
    }

    private boolean applies(Input input, RaftNode node, @Nullable Packet<Message> arriving) {
        if (input instanceof Deliver) {
            return arriving != null && !network.isCut(arriving.from(), arriving.to());
        } else if (input instanceof Timeout) {
            return !node.isLeader();
        } else if (input instanceof Send send) {
            return node.isLeader()
                    && send.to() <= setup.nodes()
                    && send.after() + send.count() <= node.log().size()
                    && send.commit() <= node.commitIndex();
        }
        return input instanceof Tick || node.isLeader();
    }

    private void arrive(Packet<Message> arriving, RaftNode receiver) {
        packet = arriving;
        int sentSince = network.count(arriving.from(), arriving.to(), arriving.kind())
                - arriving.ref().ordinal();
        boolean again = arriving.isDelivered();
        boolean overtakes = network.arrives(arriving);
        reached.arrived(arriving.message().term() < receiver.currentTerm(), again, overtakes, sentSince);
    }

    private void send(Ready out, int most) {
        int left = most;
        for (Message message : out.messages()) {
            if (left-- == 0) {
                break;
            }
            Packet<Message> leaving = new Packet<>(
                    message, Nodes.number(message.from()), Nodes.number(message.to()), message.kind(), steps);
            network.send(leaving);
            if (listener != null) {
                sent.add(leaving);
            }
        }
    }

    private boolean drop(MessageRef message) {
        Packet<Message> lost = network.find(message);
        if (lost == null || !lost.isInFlight()) {
            return false;
        }
        packet = lost;
        network.land(lost);
        reached.add(Milestone.DROP);
        return true;
    }

    private boolean duplicate(MessageRef message) {
        Packet<Message> again = network.find(message);
        if (again == null) {
            return false;
        }
        packet = again;
        network.fly(again);
        return true;
    }

    private boolean crash(int node) {
        if (!isUp(node)) {
            return false;
        }
        up[node] = null;
        reached.add(Milestone.CRASH);
        return true;
    }

    private boolean restart(int node) {
        if (node > setup.nodes() || isUp(node)) {
            return false;
        }
        RaftNode raft = handlers.restart(setup.config(node), stores[node], steps);
        up[node] = raft;
        if (sink != TraceSink.NONE) {
            tracers[node].restarted(raft);
        }
        reached.add(Milestone.RESTART);
        reached.restarted(node);
        if (timers != null) {
            timers.restarted(node, raft);
        }
        checker.check(steps, Observation.restarted(node, setup.nodes(), raft));
        return true;
    }

    private boolean cut(int links) {
        reached.add(Milestone.CUT, links);
        return links > 0;
    }

    // ---------------------------------------------------------------------------------------------------------------

    public Setup setup() {
        return setup;
    }

    /** How many decisions there were, skipped ones included. */
    public long steps() {
        return steps;
    }

    /** How many decisions did not apply. */
    public long skipped() {
        return skipped;
    }

    /** What the run reached so far. */
    public Milestones reached() {
        return reached;
    }

    /** A node; null if it is down. To look at, not to drive. */
    public @Nullable RaftNode node(int node) {
        return up[node];
    }

    /** Whether a node of the cluster runs. */
    public boolean isUp(int node) {
        return node <= setup.nodes() && up[node] != null;
    }

    /** Whether nothing gets through from one node to another. */
    public boolean isCut(int from, int to) {
        return network.isCut(from, to);
    }

    /** Whether any link is cut. */
    public boolean anyCut() {
        return network.anyCut();
    }

    /** The messages in flight, in an order that means nothing but is always the same. A view that the next step changes. */
    public List<Packet<Message>> inFlight() {
        return network.inFlight();
    }

    /** How many messages of a kind were sent on a link so far. */
    public int sentCount(int from, int to, MessageKind kind) {
        return network.count(from, to, kind);
    }

    /** The message meant, in flight or remembered; null if there is none. */
    public @Nullable Packet<Message> find(MessageRef message) {
        return network.find(message);
    }

    private @Nullable NodeState stateOf(int node) {
        RaftNode raft = node == 0 || node > setup.nodes() ? null : up[node];
        return raft == null ? null : NodeState.of(raft);
    }
}
