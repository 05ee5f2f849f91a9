package dev.checkedraft.bench;

import java.util.stream.IntStream;

/** The commands of 8 bytes, made before anything is measured; after the last the first comes again. */
final class Commands {
    /** A power of two. */
    private static final int DIFFERENT = 1 << 14;

    private static final String[] ALL =
            IntStream.range(0, DIFFERENT).mapToObj(k -> "cmd%05d".formatted(k)).toArray(String[]::new);

    private Commands() {}

    /** The command number {@code k}, from 0. */
    static String number(long k) {
        return ALL[(int) (k & (DIFFERENT - 1))];
    }
}
