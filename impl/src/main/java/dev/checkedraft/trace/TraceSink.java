package dev.checkedraft.trace;

/** Takes the events of a run, in the order in which they happened. */
@FunctionalInterface
public interface TraceSink {
    /** Forgets every event: for runs that nobody traces. */
    TraceSink NONE = event -> {};

    /** Takes one event. */
    void accept(TraceEvent event);
}
