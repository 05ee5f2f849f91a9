package dev.checkedraft.conform;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.drive.Level;
import dev.checkedraft.drive.PortNetwork;
import dev.checkedraft.drive.PortNode;
import dev.checkedraft.drive.Run;
import dev.checkedraft.drive.Scheduler;
import dev.checkedraft.drive.Slices;
import dev.checkedraft.drive.Step;
import dev.checkedraft.drive.Values;
import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Recover;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Send;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.validate.ServerView;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Random steps. Loss is a message that is never delivered, duplication one that is delivered again, a partition a while in
 * which messages over it are not chosen: so every schedule is a list of deliveries, timeouts, proposals and crashes. How
 * much of everything there is, a run draws for itself: runs without loss get far, and wild ones wide.
 */
final class RandomSteps implements Scheduler {
    /** One run in so many has a log of more than 100 entries. */
    private static final int LONG_EVERY = 25;

    /** One run in so many begins in a term that 32 bits do not hold, with a log. */
    private static final int HIGH_EVERY = 20;

    private static final int FIRST_HIGH = 16;
    private static final long HIGH_TERM = (1L << 32) - 2;
    private static final int HIGH_LOG = 5;

    /** One run in so many has nodes of unusual names: in turn of each of these lists. */
    private static final int NAMED_EVERY = 7;

    private static final int FIRST_NAMED = 4;

    private static final List<List<String>> NAMES = List.of(
            // In another order than their numbers.
            List.of("n9", "n2", "n1", "n5", "n4", "n3", "n8", "n6", "n7"),
            List.of("1", "0", "10", "01", "-1", "2", "1.0", "1e1", "007"),
            List.of("N1", "db-1:2380", "x".repeat(64), "10.0.0.1:2380", "node.example.org", "_", ".", ":", "-"),
            List.of("__proto__", "null", "constructor", "true", "None", "undefined", "length", "NaN", "toString"));

    /** One small run in so many has a value of 100 kB. */
    private static final int BIG_EVERY = 20;

    private final SplittableRandom random;
    private final Setup setup;
    private final Level level;
    private final int length;

    // Drawn for the run; probabilities a step.
    private final double reorder;
    private final double lose;
    private final double repeat;
    private final double timeout;
    private final double crash;
    private final double propose;
    private final double heartbeat;
    private final double tick;
    private final double partition;
    private final double slice;
    private final double odd;

    /** Whether a value of 100 kB is still to come. */
    private boolean big;

    private int made = 0;
    private int proposed = 0;

    /** Nodes on one side of the partition, as bits; 0 if there is none. */
    private int side = 0;

    /** The message up to which all were looked at for loss. */
    private int looked = 0;

    RandomSteps(long seed, Setup setup, Level level, int length) {
        this.random = new SplittableRandom(seed);
        this.setup = setup;
        this.level = level;
        this.length = length;
        reorder = oneOf(0, 0.1, 0.5);
        lose = oneOf(0, 0.05, 0.2);
        repeat = oneOf(0, 0.03, 0.1);
        timeout = oneOf(0.01, 0.03, 0.1);
        odd = oneOf(0, 0.2);
        big = setup.nodes() <= 3 && random.nextInt(BIG_EVERY) == 0;
        crash = level == Level.ALL ? oneOf(0, 0.02, 0.06) : 0;
        boolean isLong = random.nextInt(LONG_EVERY) == 0;
        propose = level == Level.ELECTION ? 0 : isLong ? 0.8 : oneOf(0.03, 0.1, 0.2);
        heartbeat = level == Level.ELECTION ? 0 : oneOf(0.02, 0.05, 0.1);
        tick = oneOf(0, 0, 0.3);
        partition = oneOf(0, 0.02, 0.05);
        slice = level == Level.ELECTION ? 0 : oneOf(0, 0.03, 0.1);
    }

    /** The cluster of a run: of the size asked for, or else mostly of three nodes. */
    static Setup setup(int nodes, long runSeed, int run) {
        int size = nodes > 0
                ? nodes
                : switch (run % 10) {
                    case 3 -> 2;
                    case 5 -> 5;
                    case 7, 0 -> 4;
                    case 9 -> 1;
                    default -> 3;
                };
        int maxEntries = new int[] {16, 1, 2, 16}[run % 4];
        Setup setup = new Setup(size, 10, 20, 3, maxEntries, runSeed & 0x7fffffff);
        if (run % NAMED_EVERY == FIRST_NAMED) {
            setup = setup.named(NAMES.get(run / NAMED_EVERY % NAMES.size()).subList(0, size));
        }
        return run % HIGH_EVERY == FIRST_HIGH ? setup.from(HIGH_TERM, HIGH_LOG) : setup;
    }

    /** All faults end; whatever a port's flow control, and however long the log, so many ticks are enough. */
    static Recover recover(Setup setup, Run run) {
        int longest = run.nodes().stream().mapToInt(PortNode::lastIndex).max().orElse(0);
        return new Recover(30 * setup.maxElectionTimeout() + 2 * setup.heartbeatInterval() * longest);
    }

    private double oneOf(double... values) {
        return values[random.nextInt(values.length)];
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    @Override
    public @Nullable Step next(Run run) {
        if (made > length || (made == length && level == Level.ELECTION)) {
            return null;
        }
        made++;
        if (made > length) {
            return step(recover(setup, run));
        }
        Step step = choose(run);
        boolean isHandled = step.decision() instanceof Input && !(step.decision() instanceof Send);
        if (level == Level.ALL && isHandled && step.decision() instanceof Input input && chance(crash / 3)) {
            int sent = random.nextInt(4) - 1;
            return new Step(made, new CrashDuring(input, sent), step.origin());
        }
        return step;
    }

    private Step choose(Run run) {
        loseSome(run.network());
        for (PortNode node : run.nodes()) {
            if (level == Level.ALL && node.isUp() && node.hasUnpersisted()) {
                // It says that it knows what it has not persisted: a crash now would show.
                return step(new Crash(node.number));
            }
            if (!node.isUp() && chance(0.2)) {
                return step(new Restart(node.number));
            }
        }
        if (chance(partition)) {
            side = chance(0.4) ? 0 : random.nextInt(1 << setup.nodes());
        }
        int any = 1 + random.nextInt(setup.nodes());
        if (chance(crash)) {
            return step(new Crash(any));
        }
        List<PortPacket> pending = pending(run);
        int leader = leader(run);
        if (chance(timeout)) {
            return step(new Timeout(any));
        }
        if (leader > 0 && chance(propose)) {
            proposed++;
            return step(new Propose(chance(0.02) ? any : leader, value()));
        }
        if (leader > 0 && chance(heartbeat)) {
            return step(new Heartbeat(leader));
        }
        if (chance(tick)) {
            return step(new Tick(any));
        }
        if (leader > 0 && setup.nodes() > 1 && chance(slice)) {
            ServerView view = run.view(run.nodes().get(leader - 1));
            int to = 1 + (leader + random.nextInt(setup.nodes() - 1)) % setup.nodes();
            if (view != null && view.leads()) {
                return step(Slices.any(leader, to, view, random));
            }
        }
        if (chance(repeat)) {
            List<PortPacket> all = run.network().packets();
            if (!all.isEmpty()) {
                return deliver(all.get(random.nextInt(all.size())), run.network());
            }
        }
        if (!pending.isEmpty()) {
            return deliver(pending.get(chance(reorder) ? random.nextInt(pending.size()) : 0), run.network());
        }
        // Nothing is under way: someone's clock must see to it that something happens.
        return step(leader > 0 && level != Level.ELECTION && chance(0.8) ? new Heartbeat(leader) : new Timeout(any));
    }

    private String value() {
        if (big) {
            big = false;
            return "v" + proposed + "+long";
        }
        return "v" + proposed + (chance(odd) ? "+" + Values.OFTEN.get(random.nextInt(Values.OFTEN.size())) : "");
    }

    private void loseSome(PortNetwork network) {
        List<PortPacket> all = network.packets();
        for (; looked < all.size(); looked++) {
            if (chance(lose)) {
                network.links().lose(all.get(looked));
            }
        }
    }

    /** The messages in flight that could arrive now, the oldest first. */
    private List<PortPacket> pending(Run run) {
        List<PortPacket> pending = new ArrayList<>();
        for (PortPacket packet : run.network().packets()) {
            if (packet.isInFlight()
                    && !isCut(packet)
                    && run.nodes().get(packet.to() - 1).isUp()) {
                pending.add(packet);
            }
        }
        return pending;
    }

    private boolean isCut(PortPacket packet) {
        return side != 0 && (side >> (packet.from() - 1) & 1) != (side >> (packet.to() - 1) & 1);
    }

    /** A node that says it leads, or was the last to send as a leader; 0 if there is none. */
    private int leader(Run run) {
        List<Integer> leaders = new ArrayList<>();
        boolean saysSo = false;
        for (PortNode node : run.nodes()) {
            saysSo |= node.reported("role") != null;
            if (node.isUp() && node.saysRole("Leader")) {
                leaders.add(node.number);
            }
        }
        if (!leaders.isEmpty()) {
            return leaders.get(random.nextInt(leaders.size()));
        }
        List<PortPacket> all = run.network().packets();
        for (int k = all.size() - 1; k >= 0 && !saysSo; k--) {
            if (all.get(k).kind() == MessageKind.APPEND_ENTRIES) {
                return all.get(k).from();
            }
        }
        return 0;
    }

    private Step step(Decision decision) {
        return new Step(made, decision, null);
    }

    private Step deliver(PortPacket packet, PortNetwork network) {
        network.links().land(packet);
        // The first such message, so that whatever sent it once more can be taken out of the schedule.
        PortPacket first = network.first(packet);
        return new Step(made, new Deliver(first.ref()), first.origin());
    }
}
