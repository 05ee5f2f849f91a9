package util;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Texts of traces as TLC's strings. TLC compares strings by number, and its own table of them never forgets one; this one
 * forgets a text once nobody holds its string. No text of a trace is ever compared with a name of the spec, so the two tables
 * may number apart.
 *
 * <p>It is in this package because a {@code UniqueString} can only be made here.
 */
public final class TraceStrings {
    /** TLC's own numbers stay far below; differences of numbers, by which TLC sorts, stay in range. */
    private static final AtomicInteger NEXT = new AtomicInteger(1 << 24);

    private static final ConcurrentMap<String, Known> TABLE = new ConcurrentHashMap<>();
    private static final ReferenceQueue<UniqueString> UNUSED = new ReferenceQueue<>();

    private static final class Known extends WeakReference<UniqueString> {
        private final String text;

        Known(String text, UniqueString string) {
            super(string, UNUSED);
            this.text = text;
        }
    }

    private TraceStrings() {}

    /** The string of a text that is not empty: the same object as long as anybody holds it. */
    public static UniqueString of(String text) {
        for (Object unused = UNUSED.poll(); unused != null; unused = UNUSED.poll()) {
            TABLE.remove(((Known) unused).text, unused);
        }
        while (true) {
            Known known = TABLE.get(text);
            if (known != null) {
                UniqueString string = known.get();
                if (string != null) {
                    return string;
                }
                TABLE.remove(text, known);
            }
            int number = NEXT.getAndIncrement();
            if (number < 0) {
                throw new IllegalStateException("out of numbers for texts");
            }
            UniqueString made = new UniqueString(text, number);
            if (TABLE.putIfAbsent(text, new Known(text, made)) == null) {
                return made;
            }
        }
    }
}
