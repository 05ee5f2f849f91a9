package dev.checkedraft.validate;

import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceFormatException;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceLocation;
import dev.checkedraft.trace.TraceReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Validates one run from several traces, such as one a server, each in its own order, and all events of a server in one. No
 * clock is needed: an event is taken once the message that it handled has been sent. FORMAT.md says why that finds an order
 * if there is one.
 */
public final class Merger {
    private final MergeSearch search;
    private final boolean[] ended;

    /** The trace that has a server's events, by the server, and where the first of them is. */
    private final Map<String, Owner> owners = new HashMap<>();

    private record Owner(int trace, TraceLocation where) {}

    /** A merger of this many traces, all of the validator's cluster. */
    public Merger(TraceValidator validator, int traces) {
        search = new MergeSearch(validator, traces);
        ended = new boolean[traces];
    }

    /**
     * The next event of trace {@code source}, from 0. Nothing is validated until {@link #drain}.
     *
     * @throws IllegalArgumentException if another trace has events of this server
     */
    public void add(int source, TraceEvent event, TraceLocation where) {
        claim(source, event, where);
        search.add(source, event, where);
    }

    private void claim(int source, TraceEvent event, TraceLocation where) {
        Owner owner = owners.computeIfAbsent(event.node(), node -> new Owner(source, where));
        if (owner.trace != source) {
            throw new IllegalArgumentException(where + ": expected all events of " + event.node()
                    + " in one of the merged traces, found some at " + owner.where + " too");
        }
    }

    /** Trace {@code source} has no more events. */
    public void end(int source) {
        ended[source] = true;
    }

    /** How many events of trace {@code source} wait to be taken. */
    public int waiting(int source) {
        return search.waiting(source);
    }

    /** Whether {@link #drain} may take more once trace {@code source} has another event. */
    public boolean wants(int source) {
        return !ended[source] && search.waiting(source) == 0;
    }

    /**
     * Takes all events that can be taken. If none can, and no trace that is out of events can go on, the run is no behavior
     * of the spec.
     *
     * @return false once the verdict stands
     */
    public boolean drain() {
        boolean mayGoOn;
        do {
            mayGoOn = false;
            for (int k = 0; k < ended.length; k++) {
                mayGoOn |= wants(k);
            }
        } while (search.step(mayGoOn));
        return search.decided() == null;
    }

    /** What is decided of the events taken so far. */
    public Verdict verdict() {
        return search.verdict();
    }

    /**
     * Validates one run from several traces.
     *
     * @throws dev.checkedraft.trace.TraceFormatException if one of them is not in the format
     * @throws IllegalArgumentException if their headers differ in more than {@code about}, or two have events of one server
     */
    public static Verdict validate(List<TraceReader> traces, ValidatorOptions options) throws IOException {
        TraceHeader header = traces.get(0).header();
        for (TraceReader trace : traces) {
            checkSame(header, trace.header(), trace.name());
        }
        Merger merger =
                new Merger(TraceValidator.open(header, options, traces.get(0).name()), traces.size());
        boolean goesOn = true;
        while (goesOn) {
            goesOn = false;
            for (int k = 0; k < traces.size(); k++) {
                if (merger.wants(k)) {
                    TraceEvent event = traces.get(k).next();
                    if (event == null) {
                        merger.end(k);
                    } else {
                        merger.add(k, event, where(traces.get(k)));
                    }
                    goesOn = true;
                }
            }
            goesOn &= merger.drain();
        }
        for (int k = 0; k < traces.size(); k++) {
            merger.claimRest(k, traces.get(k));
        }
        return merger.verdict();
    }

    private static TraceLocation where(TraceReader trace) {
        return new TraceLocation(trace.name(), trace.line());
    }

    /** Reads what the verdict did not need, so that it does not depend on that whether a server is found in two traces. */
    private void claimRest(int source, TraceReader trace) throws IOException {
        if (ended[source]) {
            return;
        }
        try {
            for (TraceEvent event = trace.next(); event != null; event = trace.next()) {
                claim(source, event, where(trace));
            }
        } catch (TraceFormatException e) {
            // The verdict stands before this line.
        }
    }

    /**
     * Checks that two traces may be of one run.
     *
     * @throws IllegalArgumentException if their headers differ in more than {@code about}
     */
    public static void checkSame(TraceHeader first, TraceHeader other, String name) {
        if (!first.servers().equals(other.servers())
                || !first.observes().equals(other.observes())
                || !first.omits().equals(other.omits())
                || first.version() != other.version()
                || !Objects.equals(first.quorums(), other.quorums())
                || !first.initial().equals(other.initial())) {
            throw new IllegalArgumentException(name
                    + ":1:1: expected the servers, observed fields and omitted events of the other traces of this run");
        }
    }
}
