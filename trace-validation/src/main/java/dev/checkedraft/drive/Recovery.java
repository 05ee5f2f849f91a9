package dev.checkedraft.drive;

import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.validate.ServerView;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What comes after the faults ({@link Decision.Recover}): links work, nodes are up, clocks agree, what was under way is lost,
 * and every new message arrives before the next tick but one. Then, by ticks alone, one node must lead, every other catch
 * up with it, and what a client proposes be committed everywhere.
 */
final class Recovery {
    /** Carries out a decision. */
    interface Deed {
        void run(Decision decision) throws NonConformance, InterruptedException;
    }

    private final Run cluster;
    private final int nodes;
    private final Deed deed;

    /** Messages before this one are lost, or have arrived. */
    private int arrived;

    Recovery(Run cluster, Deed deed) {
        this.cluster = cluster;
        this.nodes = cluster.nodes().size();
        this.deed = deed;
        this.arrived = cluster.network().packets().size();
        cluster.network().packets().forEach(cluster.network().links()::lose);
    }

    /**
     * Recovers.
     *
     * @param most so many ticks it has to settle
     * @return what does not happen; null if all does
     */
    @Nullable
    String run(int most) throws NonConformance, InterruptedException {
        cluster.network().links().healAll();
        for (PortNode node : cluster.nodes()) {
            if (!node.isUp()) {
                deed.run(new Restart(node.number));
            }
        }
        String stuck = settle(most, "after the last fault");
        PortNode leader = leader();
        if (stuck == null && leader != null) {
            deed.run(new Propose(leader.number, "recovered"));
            stuck = settle(most, "after a proposal");
        }
        return stuck;
    }

    private @Nullable String settle(int most, String since) throws NonConformance, InterruptedException {
        for (int ticks = 0; ticks < most; ticks++) {
            if (lagging() == null) {
                return null;
            }
            round();
        }
        String lagging = lagging();
        return lagging == null ? null : lagging + ", " + most + " ticks " + since;
    }

    private void round() throws NonConformance, InterruptedException {
        for (int node = 1; node <= nodes; node++) {
            deed.run(new Tick(node));
        }
        List<PortPacket> all = cluster.network().packets();
        for (int sent = all.size(); arrived < sent; arrived++) {
            if (all.get(arrived).isInFlight()) {
                deed.run(new Deliver(all.get(arrived).ref()));
            }
        }
    }

    /** The only node that leads; null if there is none, or more than one. */
    private @Nullable PortNode leader() {
        PortNode leader = null;
        for (PortNode node : cluster.nodes()) {
            if (leads(node)) {
                if (leader != null) {
                    return null;
                }
                leader = node;
            }
        }
        return leader;
    }

    private boolean leads(PortNode node) {
        ServerView view = cluster.view(node);
        return view != null && view.leads();
    }

    /** What there is still to do, in words; null if one node leads, and all know its whole log to be committed. */
    private @Nullable String lagging() {
        PortNode first = leader();
        ServerView leader = first == null ? null : cluster.view(first);
        if (first == null || leader == null) {
            List<String> leaders = cluster.nodes().stream()
                    .filter(this::leads)
                    .map(node -> node.name)
                    .toList();
            return leaders.isEmpty() ? "no node leads" : String.join(" and ", leaders) + " lead";
        }
        for (PortNode node : cluster.nodes()) {
            ServerView view = cluster.view(node);
            if (view == null || view.commitIndex() < leader.lastIndex() || !view.hasLogOf(leader)) {
                return first.name + " leads term " + leader.currentTerm() + " with a log of " + leader.lastIndex()
                        + ", and "
                        + (view == null
                                ? node.name + " is unknown"
                                : node.name + " has a log of " + view.lastIndex() + " and commit index "
                                        + view.commitIndex());
            }
        }
        return null;
    }
}
