package dev.checkedraft.replay;

import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceLocation;

/** What is decided of a trace so far, or of all of it. */
public sealed interface Verdict {
    /** What was checked until then. */
    Evidence evidence();

    /** Every event is a step of the spec, and no safety property was seen violated. */
    record Accepted(Evidence evidence) implements Verdict {}

    /** The events before {@code divergence} are a behavior of the spec, with it they are none. */
    record Diverged(Divergence divergence, Evidence evidence) implements Verdict {}

    /**
     * Every event is a step of the spec, and after the last one a safety property does not hold: a counterexample to the
     * spec, and to whatever follows it.
     *
     * @param where the event after which it does not hold
     * @param property the property's name in RaftProperties.tla
     * @param what what is wrong, in a line
     */
    record Unsafe(TraceLocation where, TraceEvent event, String property, String what, Evidence evidence)
            implements Verdict {
        /** It all in one line. */
        public String headline() {
            return where + ": " + event.node() + " " + event.action().label() + ": a step of Raft.tla after which "
                    + property + " does not hold: " + what;
        }
    }

    /**
     * A limit was reached, so that nothing is decided.
     *
     * @param where the event at which it was
     * @param limit which limit, in a line
     */
    record Undecided(TraceLocation where, String limit, Evidence evidence) implements Verdict {}
}
