package dev.checkedraft.core;

import java.util.Arrays;

/** The arithmetic of majorities (section 5.2): more than half, so that any two share a server. */
public final class Quorum {
    private Quorum() {}

    /** Whether {@code count} servers of a cluster of {@code clusterSize} are more than half of it. */
    public static boolean isMajority(int count, int clusterSize) {
        return 2 * count > clusterSize;
    }

    /**
     * The highest index that a majority of a cluster holds.
     *
     * @param lastIndexes for every server of the cluster the last index it is known to hold; left unchanged
     */
    public static long majorityIndex(long[] lastIndexes) {
        long[] ascending = lastIndexes.clone();
        Arrays.sort(ascending);
        // From this position on, more than half of the servers hold at least what it says.
        return ascending[(ascending.length - 1) / 2];
    }
}
