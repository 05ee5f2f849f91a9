package dev.checkedraft.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A map from pairs of numbers from 0 on, open addressing: an exploration asks it at every step. */
@SuppressWarnings("ExtendsObject") // not redundant: it tells the Checker Framework that no T is null
final class PairTable<T extends Object> {
    private static final long NONE = -1;

    private long[] keys = filled(1 << 10);
    private int[] places = new int[1 << 10];
    private final List<T> values = new ArrayList<>();

    /** What a pair is mapped to; null if to nothing. */
    @Nullable
    T get(int first, int second) {
        int slot = slot(key(first, second));
        return keys[slot] == NONE ? null : values.get(places[slot]);
    }

    /** Maps a pair that is mapped to nothing yet. */
    void put(int first, int second, T value) {
        if (2 * values.size() > keys.length) {
            long[] oldKeys = keys;
            int[] oldPlaces = places;
            keys = filled(2 * oldKeys.length);
            places = new int[2 * oldKeys.length];
            for (int k = 0; k < oldKeys.length; k++) {
                if (oldKeys[k] != NONE) {
                    set(oldKeys[k], oldPlaces[k]);
                }
            }
        }
        set(key(first, second), values.size());
        values.add(value);
    }

    private void set(long key, int place) {
        int slot = slot(key);
        keys[slot] = key;
        places[slot] = place;
    }

    private int slot(long key) {
        int slot = (int) Interner.mix(key) & (keys.length - 1);
        while (keys[slot] != NONE && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    private static long key(int first, int second) {
        return (long) first << 32 | second;
    }

    private static long[] filled(int length) {
        long[] keys = new long[length];
        Arrays.fill(keys, NONE);
        return keys;
    }
}
