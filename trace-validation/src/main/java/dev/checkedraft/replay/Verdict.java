package dev.checkedraft.replay;

/** What is decided of a trace so far, or of all of it. */
public sealed interface Verdict {
    /** What was checked until then. */
    Evidence evidence();

    /** Every event is a step of the spec. */
    record Accepted(Evidence evidence) implements Verdict {}

    /** The events before {@code divergence} are a behavior of the spec, with it they are none. */
    record Diverged(Divergence divergence, Evidence evidence) implements Verdict {}

    /**
     * A limit was reached, so that nothing is decided.
     *
     * @param where the event at which it was
     * @param limit which limit, in a line
     */
    record Undecided(TraceLocation where, String limit, Evidence evidence) implements Verdict {}
}
