package dev.checkedraft.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Majorities (section 5.2), against twins that count one by one. */
class QuorumTest {

    @ParameterizedTest(name = "of {0}: {1}")
    @CsvSource({"1, 1", "2, 2", "3, 2", "4, 3", "5, 3", "6, 4", "7, 4", "8, 5", "9, 5"})
    void moreThanHalf(int clusterSize, int leastMajority) {
        for (int count = 0; count <= clusterSize; count++) {
            assertEquals(count >= leastMajority, Quorum.isMajority(count, clusterSize));
        }
    }

    /** Section 5.2: what makes two leaders of one term impossible. Every pair of subsets, one bit a server. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void anyTwoMajoritiesShareAServer(int clusterSize) {
        int subsets = 1 << clusterSize;
        for (int a = 0; a < subsets; a++) {
            for (int b = 0; b < subsets; b++) {
                boolean majorities = Quorum.isMajority(Integer.bitCount(a), clusterSize)
                        && Quorum.isMajority(Integer.bitCount(b), clusterSize);
                assertTrue(!majorities || (a & b) != 0);
            }
        }
    }

    /** And what makes progress possible: as many servers as can be lost, no more. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void ofTwoHalvesAtMostOneIsAMajority(int clusterSize) {
        for (int count = 0; count <= clusterSize; count++) {
            boolean both = Quorum.isMajority(count, clusterSize) && Quorum.isMajority(clusterSize - count, clusterSize);
            boolean neither =
                    !Quorum.isMajority(count, clusterSize) && !Quorum.isMajority(clusterSize - count, clusterSize);
            assertTrue(!both);
            assertEquals(2 * count == clusterSize, neither, "only an even split leaves none");
        }
    }

    /** Small values, so that many are equal. */
    @Property
    void theMajorityIndexIsTheHighestThatAMajorityHolds(
            @ForAll @Size(min = 1, max = 9) List<@LongRange(min = 0, max = 6) Long> lastIndexes) {
        long[] array = lastIndexes.stream().mapToLong(Long::longValue).toArray();

        assertEquals(countedOneByOne(array), Quorum.majorityIndex(array));
    }

    @Test
    void theMajorityIndexLeavesItsInputAsItIs() {
        long[] lastIndexes = {5, 1, 3};

        assertEquals(3, Quorum.majorityIndex(lastIndexes));
        assertArrayEquals(new long[] {5, 1, 3}, lastIndexes);
    }

    private static long countedOneByOne(long[] lastIndexes) {
        long highest = 0;
        for (long index = 1; index <= LongStream.of(lastIndexes).max().orElse(0); index++) {
            int holders = 0;
            for (long last : lastIndexes) {
                holders += last >= index ? 1 : 0;
            }
            if (2 * holders > lastIndexes.length) {
                highest = index;
            }
        }
        return highest;
    }
}
