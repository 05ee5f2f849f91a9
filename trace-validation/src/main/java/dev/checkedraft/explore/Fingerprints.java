package dev.checkedraft.explore;

/** A set of 64-bit fingerprints, open addressing. Of n states two share one with probability below n*n / 3.7e19. */
final class Fingerprints {
    private long[] table = new long[1 << 16];
    private int size = 0;

    int size() {
        return size;
    }

    /** Adds one; false if it is there already. */
    boolean add(long fingerprint) {
        long value = fingerprint == 0 ? 1 : fingerprint;
        if (2 * size > table.length) {
            long[] old = table;
            table = new long[2 * old.length];
            for (long kept : old) {
                if (kept != 0) {
                    table[slot(kept)] = kept;
                }
            }
        }
        int slot = slot(value);
        if (table[slot] == value) {
            return false;
        }
        table[slot] = value;
        size++;
        return true;
    }

    private int slot(long value) {
        int slot = (int) (value ^ value >>> 32) & (table.length - 1);
        while (table[slot] != 0 && table[slot] != value) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }
}
