package dev.checkedraft.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.search.Rng;
import dev.checkedraft.sim.Simulation;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The checker that looks only at what changed says the same as its naive twin: of correct runs, and of runs in which a lie
 * is told now and then of what a node did.
 */
class SafetyCheckerTest {
    /** What the spec has too: the others are the simulator's own to check. */
    private static final Set<Property> COMPARED =
            EnumSet.range(Property.ELECTION_SAFETY, Property.MATCH_INDEX_NEVER_GOES_BACK);

    private final Map<Property, Integer> found = new EnumMap<>(Property.class);

    @Test
    void bothAcceptCorrectRuns() {
        for (int seed = 0; seed < 300; seed++) {
            compare(seed, 0);
        }
        assertEquals(Map.of(), found);
    }

    @Test
    void bothSeeTheSameWrong() {
        for (int seed = 0; seed < 20_000; seed++) {
            compare(seed, 0.02);
        }
        for (Property property : COMPARED) {
            assertTrue(found.getOrDefault(property, 0) >= 10, () -> property + " in " + found);
        }
    }

    private void compare(long seed, double lies) {
        Plan plan = Plan.of(seed, 120);
        Both both = new Both(plan.setup().nodes(), new Rng(seed), lies);
        plan.run(new Simulation(plan.setup(), TraceSink.NONE, both));
    }

    /** Shows both checkers the same, and counts what they find. */
    private final class Both implements StepChecker {
        private final SafetyChecker checker;
        private final NaiveSafetyChecker naive;
        private final int nodes;
        private final Rng rng;
        private final double lies;
        private boolean over = false;

        Both(int nodes, Rng rng, double lies) {
            this.checker = new SafetyChecker(nodes, COMPARED, Nodes::name);
            this.naive = new NaiveSafetyChecker(nodes);
            this.nodes = nodes;
            this.rng = rng;
            this.lies = lies;
        }

        @Override
        public void check(long step, Observation seen) {
            // After a lie about a log, what comes later may not fit it.
            over |= !naive.fits(seen);
            if (over) {
                return;
            }
            Observation told = rng.chance(lies) ? lie(seen) : seen;
            Set<Property> wrong = naive.check(told);
            try {
                checker.check(step, told);
                assertEquals(Set.of(), wrong, () -> "of " + told);
            } catch (SafetyViolation e) {
                assertTrue(wrong.contains(e.property()), () -> e + " and not one of " + wrong);
                assertEquals(step, e.step());
                found.merge(e.property(), 1, Integer::sum);
                over = true;
            }
        }

        private Observation lie(Observation o) {
            long term = o.term();
            String vote = o.votedFor();
            boolean leads = o.leads();
            long commitIndex = o.commitIndex();
            List<Long> matchIndex = new ArrayList<>(o.matchIndex());
            LogChange log = o.log();
            switch (rng.below(6)) {
                case 0 -> term = Math.max(0, term + rng.below(3) - 1);
                case 1 -> vote = rng.chance(0.3) ? null : Nodes.name(1 + rng.below(nodes));
                case 2 -> leads = !leads;
                case 3 -> commitIndex = rng.below(naive.logAfter(o).size() + 1);
                case 4 -> matchIndex.replaceAll(match -> rng.chance(0.5) ? match : rng.below(4));
                default -> log = lie(o.node());
            }
            if (!leads) {
                matchIndex.clear();
            } else if (matchIndex.isEmpty()) {
                for (int node = 1; node <= nodes; node++) {
                    matchIndex.add(0L);
                }
            }
            if (leads) {
                matchIndex.set(o.node() - 1, 0L);
            }
            Observation lie =
                    new Observation(o.node(), o.restarted(), term, vote, leads, commitIndex, matchIndex, log, o.core());
            return commitIndex == o.commitIndex() ? lie : withApplied(lie);
        }

        private LogChange lie(int node) {
            int from = 1 + rng.below(naive.logSize(node) + 1);
            List<Entry> entries = new ArrayList<>();
            for (int k = rng.below(3); k > 0; k--) {
                entries.add(new Entry(1 + rng.below(3), rng.oneOf("", "v1", "v2")));
            }
            return new LogChange(from, entries);
        }

        /** Has it apply what it says is committed, so that this is not what is wrong. */
        private Observation withApplied(Observation o) {
            List<Entry> log = naive.logAfter(o);
            int applied = o.restarted() ? 0 : naive.appliedSize(o.node());
            List<Entry> next = applied < o.commitIndex() ? log.subList(applied, (int) o.commitIndex()) : List.of();
            return new Observation(
                    o.node(),
                    o.restarted(),
                    o.term(),
                    o.votedFor(),
                    o.leads(),
                    o.commitIndex(),
                    o.matchIndex(),
                    o.log(),
                    new Observation.Core(
                            o.core().hardState(),
                            o.core().logView(),
                            o.core().leader(),
                            applied + 1L,
                            List.copyOf(next)));
        }
    }
}
