package dev.checkedraft.search;

/** SplitMix64 (Steele, Lea, Flood, 2014): the same seed gives the same numbers on every JDK. */
public final class Rng {
    private long state;

    public Rng(long seed) {
        this.state = seed;
    }

    long next() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** From 0 to {@code bound - 1}. */
    public int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** Whether something of this probability happens. */
    public boolean chance(double probability) {
        return probability > 0 && (next() >>> 11) * 0x1.0p-53 < probability;
    }

    /** One of them. */
    @SafeVarargs
    public final <T> T oneOf(T... options) {
        return options[below(options.length)];
    }
}
