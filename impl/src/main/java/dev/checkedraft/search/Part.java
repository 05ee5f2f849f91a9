package dev.checkedraft.search;

import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Partition;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.sim.Milestone;
import dev.checkedraft.sim.Milestones;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The parts of the random runs of {@code raft verify}. Each offers the core what the others do not; and each says what
 * its runs must reach together, so that none passes by doing nothing.
 */
public enum Part {
    /** Every kind of fault, in short runs of small clusters. */
    FAULTS(2000),
    /** Timers alone decide what happens; then faults end, and the cluster must settle. */
    TICKS(200),
    /** Nodes that nothing reaches: how long they wait, term after term. */
    ALONE(3),
    /** Long lives, long logs, high terms. */
    LONG(20),
    /** Clusters of 8 and 9 nodes. */
    LARGE(80),
    /** Leaders that send other slices of their logs, and old messages that come late. */
    PEERS(300),
    /** Terms and logs that begin just below where short, int and their unsigned kin end. */
    LIMITS(100);

    /** So many ticks of every clock, each election taking 20 at most, are enough to settle. */
    private static final int TICKS_TO_SETTLE = 400;

    private final int runs;

    Part(int runs) {
        this.runs = runs;
    }

    /** How many runs, if nothing else is asked for. */
    public int runs() {
        return runs;
    }

    /** Its name in reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The run of a seed. */
    public Plan plan(long seed) {
        Rng rng = new Rng(seed);
        rng.next();
        return switch (this) {
            case FAULTS -> Plan.of(seed, 300);
            case TICKS -> ticks(rng);
            case ALONE -> alone(rng);
            case LONG -> longRun(rng);
            case LARGE -> large(rng);
            case PEERS -> peers(rng);
            case LIMITS -> limits(rng);
        };
    }

    private static Plan ticks(Rng rng) {
        int nodes = rng.oneOf(2, 3, 3, 3, 4, 5, 5, 7);
        FaultProfile profile = FaultProfile.ticking(rng, nodes);
        return new Plan(setup(rng, nodes), profile, rng.next(), 400).recovering(TICKS_TO_SETTLE);
    }

    private static Plan alone(Rng rng) {
        int nodes = rng.oneOf(3, 4, 5);
        List<Decision> cuts = new ArrayList<>();
        for (int node = 1; node < nodes; node++) {
            cuts.add(new Partition(List.of(node)));
        }
        return new Plan(setup(rng, nodes), FaultProfile.lonely(), rng.next(), 2_500 * nodes, cuts, List.of());
    }

    private static Plan longRun(Rng rng) {
        int nodes = rng.oneOf(3, 3, 4, 5);
        return new Plan(setup(rng, nodes), FaultProfile.lasting(rng), rng.next(), 5_000);
    }

    private static Plan large(Rng rng) {
        int nodes = rng.oneOf(8, 9);
        FaultProfile profile = rng.chance(0.5) ? FaultProfile.hunting(rng) : FaultProfile.troubled(rng, nodes);
        return new Plan(setup(rng, nodes), profile, rng.next(), 400).recovering(TICKS_TO_SETTLE);
    }

    private static Plan peers(Rng rng) {
        int nodes = rng.oneOf(2, 3, 3, 3, 4, 5);
        return new Plan(setup(rng, nodes), FaultProfile.slicing(rng), rng.next(), 300);
    }

    private static Plan limits(Rng rng) {
        int nodes = rng.oneOf(2, 3, 3, 3, 4);
        long term = rng.oneOf(1L << 15, 1L << 16, 1L << 30, 1L << 31, 1L << 32) - 1 - rng.below(8);
        int log = rng.chance(0.2) ? rng.oneOf(1 << 15, 1 << 16) - 1 - rng.below(8) : 0;
        return new Plan(setup(rng, nodes).from(term, log), FaultProfile.slicing(rng), rng.next(), 300);
    }

    private static Setup setup(Rng rng, int nodes) {
        return Setup.of(nodes, rng.below(Integer.MAX_VALUE)).with(nodes, rng.oneOf(1, 1, 2, 16));
    }

    /** How often its runs together reach what they are for, at least. */
    private Map<Milestone, Integer> least() {
        return switch (this) {
            case FAULTS ->
                Map.of(
                        Milestone.LEADER, 10_000,
                        Milestone.COMMIT, 10_000,
                        Milestone.TRUNCATION, 1_000,
                        Milestone.OLD_TERM_COMMIT, 2_000,
                        Milestone.MAJORITY_REFUSED, 1_000,
                        Milestone.ELECTION_LOST, 40,
                        Milestone.CRASH_BEFORE_PERSISTING, 200,
                        Milestone.CRASH_BEFORE_SENDING, 200);
            case TICKS ->
                Map.of(
                        Milestone.RECOVERY, 200,
                        Milestone.ELECTION, 400,
                        Milestone.VOTE_REFUSED, 250,
                        Milestone.STALE_MESSAGE, 500,
                        Milestone.RESTART, 100);
            case ALONE -> Map.of(Milestone.ELECTION, 300);
            case LONG ->
                Map.of(
                        Milestone.LONG_LOG, 10,
                        Milestone.HIGH_TERM, 8,
                        Milestone.LONG_LIFE, 4,
                        Milestone.LATE_MESSAGE, 500,
                        Milestone.TRUNCATION, 50);
            case LARGE ->
                Map.of(
                        Milestone.LEADER, 200,
                        Milestone.RECOVERY, 80,
                        Milestone.COMMIT, 100,
                        Milestone.LEADER_DEPOSED, 100,
                        Milestone.MAJORITY_REFUSED, 15);
            case PEERS ->
                Map.of(
                        Milestone.SLICE, 2_000,
                        Milestone.REPEATED_MESSAGE, 3_000,
                        Milestone.TRUNCATION, 100,
                        Milestone.COMMIT, 1_000);
            case LIMITS ->
                Map.of(
                        Milestone.TERM_LIMIT, 150,
                        Milestone.LOG_LIMIT, 15,
                        Milestone.SLICE, 500,
                        Milestone.TRUNCATION, 30);
        };
    }

    /** What so many runs together did not reach often enough, one line each; of few, chance decides, and less is asked. */
    public List<String> missing(Milestones reached, int made) {
        Map<Milestone, Integer> least = least();
        List<String> missing = new ArrayList<>();
        for (Milestone milestone : Milestone.values()) {
            long wanted = (long) least.getOrDefault(milestone, 0) * made / runs / (made < runs ? 4 : 1);
            if (reached.count(milestone) < wanted) {
                missing.add(reached.count(milestone) + " " + milestone.label() + ", fewer than " + wanted);
            }
        }
        return missing;
    }
}
