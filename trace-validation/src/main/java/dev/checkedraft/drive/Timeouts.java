package dev.checkedraft.drive;

import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The election timeouts of many runs. Those of a correct port are random: between two nodes, two terms or two seeds they differ
 * mostly. So many of them in a row are never equal by chance.
 */
public final class Timeouts {
    /** Of eleven lengths, so many are all equal in one case of 11^19. */
    private static final int ENOUGH = 20;

    /** Whether values, or pairs, were ever different. */
    private static final class Compared {
        private int count = 0;
        private boolean differ = false;

        void add(int one, int other) {
            count++;
            differ |= one != other;
        }

        boolean isWrong() {
            return count >= ENOUGH && !differ;
        }
    }

    private final Compared all = new Compared();
    private final Compared betweenNodes = new Compared();
    private final Compared betweenTerms = new Compared();
    private int first = 0;

    /** Takes those of a run, in the order in which they ended. */
    public void add(List<Timers.Waited> run) {
        List<List<Integer>> byNode = new ArrayList<>();
        for (Timers.Waited waited : run) {
            while (byNode.size() <= waited.node()) {
                byNode.add(new ArrayList<>());
            }
            first = first == 0 ? waited.ticks() : first;
            all.add(first, waited.ticks());
            byNode.get(waited.node()).add(waited.ticks());
        }
        for (int node = 1; node < byNode.size(); node++) {
            List<Integer> waits = byNode.get(node);
            for (int k = 1; k < waits.size(); k++) {
                betweenTerms.add(waits.get(k - 1), waits.get(k));
            }
            List<Integer> others = byNode.get(node - 1);
            for (int k = 0; k < Math.min(waits.size(), others.size()); k++) {
                betweenNodes.add(others.get(k), waits.get(k));
            }
        }
    }

    /** What is wrong with them, in words; null if nothing is. */
    public @Nullable String wrong() {
        if (all.isWrong()) {
            return "the election timeout is always " + first + " ticks; it must be random (5.2)";
        } else if (betweenNodes.isWrong()) {
            return "all nodes draw the same election timeouts; they must differ, or votes split again and again (5.2)";
        } else if (betweenTerms.isWrong()) {
            return "a node's election timeout is the same in every term; it must be drawn anew (5.2)";
        }
        return null;
    }
}
