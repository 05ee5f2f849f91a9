package dev.checkedraft.explain;

/**
 * A field in which the spec and the trace differ.
 *
 * @param field the field, such as {@code commitIndex}, {@code matchIndex.n2}, {@code log[5]} or {@code sent.term}
 * @param spec its value after the spec's step
 * @param trace its value in the trace
 */
public record Difference(String field, String spec, String trace) {
    @Override
    public String toString() {
        return field + ": spec " + spec + ", trace " + trace;
    }
}
