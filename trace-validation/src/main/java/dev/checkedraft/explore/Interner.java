package dev.checkedraft.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Values by number, each once, with a fingerprint of each under every renaming. */
@SuppressWarnings("ExtendsObject") // not redundant: it tells the Checker Framework that no T is null
final class Interner<T extends Object> {
    private final List<Renaming> renamings;
    private final BiFunction<Renaming, T, T> rename;
    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> values = new ArrayList<>();
    private long[] fingerprints = new long[1024];

    Interner(List<Renaming> renamings, BiFunction<Renaming, T, T> rename) {
        this.renamings = renamings;
        this.rename = rename;
    }

    int of(T value) {
        Integer known = numbers.get(value);
        if (known != null) {
            return known;
        }
        int number = values.size();
        numbers.put(value, number);
        values.add(value);
        int from = number * renamings.size();
        if (from + renamings.size() > fingerprints.length) {
            fingerprints = Arrays.copyOf(fingerprints, 2 * fingerprints.length + renamings.size());
        }
        for (int k = 0; k < renamings.size(); k++) {
            fingerprints[from + k] =
                    fingerprint(rename.apply(renamings.get(k), value).toString());
        }
        return number;
    }

    T get(int number) {
        return values.get(number);
    }

    int size() {
        return values.size();
    }

    long fingerprint(int number, int renaming) {
        return fingerprints[number * renamings.size() + renaming];
    }

    /** 64 bits of a text: FNV-1a, then SplitMix64's finish. The records print all they hold, in a fixed order. */
    private static long fingerprint(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int k = 0; k < text.length(); k++) {
            hash = (hash ^ text.charAt(k)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    static long mix(long x) {
        long z = x + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
