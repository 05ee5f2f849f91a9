package dev.checkedraft.torture;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a client did with one key, and what it was told. Times are numbers of one counter, which goes up at each call and at
 * each return.
 *
 * @param kind what it did
 * @param expect of a compare-and-set, what was to be there; null for none
 * @param value what was to be there after a put or a compare-and-set; what a get found; null for none
 * @param changed whether a delete or a compare-and-set changed something, as it was told
 * @param call when it was called
 * @param end when it returned; {@link #OPEN} if it never did: then it may take effect at any time after its call, or never
 */
record Operation(
        Kind kind, @Nullable String expect, @Nullable String value, boolean changed, long call, long end) {
    /** The end of an operation that never returned. */
    static final long OPEN = Long.MAX_VALUE;

    /** What can be done with a key. */
    enum Kind {
        GET,
        PUT,
        DELETE,
        CAS
    }

    boolean isOpen() {
        return end == OPEN;
    }

    /** Whether it may take effect, with the answer it got, on a key that has this value. */
    boolean mayFollow(@Nullable String now) {
        return switch (kind) {
            case GET -> same(now, value);
            case PUT -> true;
            case DELETE -> isOpen() || changed == (now != null);
            case CAS -> isOpen() || changed == same(now, expect);
        };
    }

    /** The key's value after it. */
    @Nullable
    String after(@Nullable String now) {
        return switch (kind) {
            case GET -> now;
            case PUT -> value;
            case DELETE -> null;
            case CAS -> same(now, expect) ? value : now;
        };
    }

    private static boolean same(@Nullable String a, @Nullable String b) {
        return a == null ? b == null : a.equals(b);
    }

    @Override
    public String toString() {
        String what = switch (kind) {
            case GET -> "get, found " + value;
            case PUT -> "put " + value;
            case DELETE -> "delete, " + (changed ? "there was one" : "there was none");
            case CAS -> "cas from " + expect + " to " + value + (changed ? ", done" : ", not as expected");
        };
        return call + "-" + (isOpen() ? "?" : end) + " " + (isOpen() ? what.split(",", 2)[0] : what);
    }
}
