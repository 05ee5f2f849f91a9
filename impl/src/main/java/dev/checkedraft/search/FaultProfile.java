package dev.checkedraft.search;

import dev.checkedraft.schedule.Nodes;

/**
 * How often what goes wrong in a random run. All but {@code hasty} are probabilities.
 *
 * @param drop that a message is lost, when it is its turn to arrive
 * @param duplicate that a message stays in flight although it arrives
 * @param crash at each step: that a node crashes, between inputs or at any point while it handles one
 * @param restart at each step: that a node which is down restarts
 * @param partition at each step: that links are cut, between two halves of the cluster or one way between two nodes
 * @param heal at each step: that all links work again
 * @param propose at each step: that a client proposes a value to a leader
 * @param reorder that the next message to arrive is any, and not one of the oldest
 * @param replay at each step: that a message arrives which arrived, or was lost, before
 * @param hunt at each step: that a {@linkplain BugSeekingMoves move} is made which is likely to show a bug
 * @param hasty the node whose clock runs ten times as fast as the others'; 0 if there is none
 * @param slice at each step: that a leader sends any slice of its log, as one with other flow control might
 */
public record FaultProfile(
        double drop,
        double duplicate,
        double crash,
        double restart,
        double partition,
        double heal,
        double propose,
        double reorder,
        double replay,
        double hunt,
        int hasty,
        double slice) {
    public FaultProfile {
        check("drop", drop);
        check("duplicate", duplicate);
        check("crash", crash);
        check("restart", restart);
        check("partition", partition);
        check("heal", heal);
        check("propose", propose);
        check("reorder", reorder);
        check("replay", replay);
        check("hunt", hunt);
        check("slice", slice);
        if (hasty < 0 || hasty > Nodes.MOST) {
            throw new IllegalArgumentException("the hasty node is 1 to " + Nodes.MOST + ", or 0, not " + hasty);
        }
    }

    private static void check(String name, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("the probability \"" + name + "\" is from 0 to 1, not " + probability);
        }
    }

    /**
     * A cluster at work, with faults as given and else a quiet life: a proposal about every 40 steps, messages mostly
     * in order. A node that crashed stays down, and a cut stays, for about as long as an election takes.
     */
    public static FaultProfile steady(double drop, double duplicate, double crash, double partition) {
        double restart = Math.min(1, Math.max(0.002, 2 * crash));
        double heal = Math.min(1, Math.max(0.002, 2 * partition));
        return new FaultProfile(drop, duplicate, crash, restart, partition, heal, 0.025, 0.1, 0, 0, 0, 0);
    }

    /** A cluster in trouble of a kind drawn from a seed: some faults often, others never. */
    static FaultProfile troubled(Rng rng, int nodes) {
        return new FaultProfile(
                rng.oneOf(0.0, 0.05, 0.3),
                rng.oneOf(0.0, 0.05, 0.3),
                rng.oneOf(0.0, 0.005, 0.03),
                rng.oneOf(0.01, 0.05, 0.2),
                rng.oneOf(0.0, 0.01, 0.05),
                rng.oneOf(0.01, 0.05),
                rng.oneOf(0.02, 0.1, 0.3),
                rng.oneOf(0.0, 0.3, 1.0),
                rng.oneOf(0.0, 0.01, 0.1),
                0,
                rng.oneOf(0, 0, 1 + rng.below(nodes)),
                0);
    }

    /** A run that makes moves towards known kinds of bug, from the empty state on. */
    static FaultProfile hunting(Rng rng) {
        return new FaultProfile(
                rng.oneOf(0.0, 0.1),
                rng.oneOf(0.0, 0.1),
                rng.oneOf(0.0, 0.02),
                0.02,
                rng.oneOf(0.0, 0.01),
                0.05,
                0.03,
                rng.oneOf(0.3, 1.0),
                rng.oneOf(0.0, 0.1),
                rng.oneOf(0.5, 0.9, 1.0),
                0,
                0);
    }

    /**
     * Time passes, messages are lost and come late, links and nodes fail now and then: what happens is left to the
     * timers.
     */
    static FaultProfile ticking(Rng rng, int nodes) {
        return new FaultProfile(
                rng.oneOf(0.0, 0.05, 0.2),
                rng.oneOf(0.0, 0.05),
                rng.oneOf(0.0, 0.005),
                0.02,
                rng.oneOf(0.0, 0.01, 0.02),
                rng.oneOf(0.02, 0.05),
                rng.oneOf(0.02, 0.1),
                rng.oneOf(0.0, 0.3),
                rng.oneOf(0.02, 0.05),
                0,
                rng.oneOf(0, 0, 1 + rng.below(nodes)),
                0);
    }

    /** Nothing gets through, and all that happens is that time passes. */
    static FaultProfile lonely() {
        return new FaultProfile(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** No crash, so that lives are long; else as likely to show a bug, or as quiet, as the seed says. */
    static FaultProfile lasting(Rng rng) {
        return rng.chance(0.5)
                ? new FaultProfile(0.05, 0.05, 0, 0, 0.002, 0.05, 0.1, 0.3, 0.02, 0, 0, 0.02)
                : new FaultProfile(0.05, 0.05, 0, 0, 0, 0.05, 0.1, 0.5, 0.05, rng.oneOf(0.5, 0.9), 0, 0.02);
    }

    /** As likely to show a bug, with messages of leaders that send other slices, and with old messages. */
    static FaultProfile slicing(Rng rng) {
        FaultProfile hunting = hunting(rng);
        return new FaultProfile(
                hunting.drop,
                hunting.duplicate,
                hunting.crash,
                hunting.restart,
                hunting.partition,
                hunting.heal,
                0.1,
                hunting.reorder,
                rng.oneOf(0.05, 0.2),
                rng.oneOf(0.3, 0.5),
                0,
                rng.oneOf(0.2, 0.4));
    }
}
