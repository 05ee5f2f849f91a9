package dev.checkedraft.replay;

import dev.checkedraft.tlc.PackedMessage;

/** A set of hashes that never forgets a member, and sometimes takes a stranger for one; of fixed size. */
final class BloomFilter {
    /** 16 MiB: at 10,000,000 members one stranger in 500 passes. */
    private static final int MOST_WORDS = 1 << 21;

    private static final int PROBES = 7;

    private final long[] bits;

    /** A filter that takes at most so many bytes, but 8 kB at least. */
    BloomFilter(long bytes) {
        bits = new long[(int) Long.highestOneBit(Math.max(1 << 10, Math.min(MOST_WORDS, bytes / Long.BYTES)))];
    }

    void add(long hash) {
        long step = step(hash);
        for (int k = 0; k < PROBES; k++, hash += step) {
            bits[word(hash)] |= 1L << hash;
        }
    }

    boolean mayContain(long hash) {
        long step = step(hash);
        for (int k = 0; k < PROBES; k++, hash += step) {
            if ((bits[word(hash)] & (1L << hash)) == 0) {
                return false;
            }
        }
        return true;
    }

    private int word(long hash) {
        return (int) (hash >>> 6) & (bits.length - 1);
    }

    private static long step(long hash) {
        return PackedMessage.mix(hash, 0x5DEECE66DL) | 1;
    }
}
