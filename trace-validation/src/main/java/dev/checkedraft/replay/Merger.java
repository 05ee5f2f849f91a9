package dev.checkedraft.replay;

import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceLocation;
import dev.checkedraft.trace.TraceReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Validates one run from several traces, such as one a server, each in its own order. No clock is needed: an event is
 * taken as soon as the message that it handled has been sent.
 *
 * <p><b>Why that finds an order if there is one.</b> What an event does depends on its own server's state, which only that
 * server's events change, and on its message having been sent, which once true stays true. Let some order explain all the
 * events, and let any of them be taken already. Of those left, consider the first in that order. All events before it are
 * taken: those of its own trace, so that it is next there, and the one that sent its message, so that it can be taken, and
 * it does what it does in that order. So there is always an event to take until none is left, and it does not matter which.
 *
 * <p>An event that tells only part of its message is held back while another can be taken, since a message sent later may
 * suit it as well. If such a run is not explained, the verdict is {@link Verdict.Undecided}.
 */
public final class Merger {
    private final TraceValidator validator;
    private final List<ArrayDeque<Located>> sources = new ArrayList<>();
    private final boolean[] ended;
    private boolean guessed;

    private record Located(TraceEvent event, TraceLocation where) {}

    /** A merger of this many traces, all of the validator's cluster. */
    public Merger(TraceValidator validator, int traces) {
        this.validator = validator;
        for (int k = 0; k < traces; k++) {
            sources.add(new ArrayDeque<>());
        }
        ended = new boolean[traces];
    }

    /** The next event of trace {@code source}, from 0. Nothing is validated until {@link #drain}. */
    public void add(int source, TraceEvent event, TraceLocation where) {
        sources.get(source).addLast(new Located(event, where));
    }

    /** Trace {@code source} has no more events. */
    public void end(int source) {
        ended[source] = true;
    }

    /** How many events of trace {@code source} wait to be taken. */
    public int waiting(int source) {
        return sources.get(source).size();
    }

    /** Whether {@link #drain} may take more once trace {@code source} has another event. */
    public boolean wants(int source) {
        return !ended[source] && sources.get(source).isEmpty();
    }

    /**
     * Takes all events that can be taken. If none can, and no trace that is out of events can go on, the run is no behavior
     * of the spec.
     *
     * @return false once the verdict stands
     */
    public boolean drain() {
        boolean took = true;
        while (took) {
            took = false;
            for (ArrayDeque<Located> source : sources) {
                Located next = source.peekFirst();
                while (next != null && validator.readiness(next.event) == Replay.Readiness.READY) {
                    source.removeFirst();
                    took = true;
                    if (!validator.feed(next.event, next.where)) {
                        return false;
                    }
                    next = source.peekFirst();
                }
            }
            if (!took && !mayGoOn()) {
                took = takePartial();
            }
        }
        if (mayGoOn() || sources.stream().allMatch(ArrayDeque::isEmpty)) {
            return true;
        }
        Located stuck = stuck();
        return stuck == null || validator.feed(stuck.event, stuck.where);
    }

    /** Whether a trace without waiting events has not ended. */
    private boolean mayGoOn() {
        for (int k = 0; k < ended.length; k++) {
            if (wants(k)) {
                return true;
            }
        }
        return false;
    }

    private boolean takePartial() {
        for (ArrayDeque<Located> source : sources) {
            Located next = source.peekFirst();
            if (next != null && validator.readiness(next.event) == Replay.Readiness.PARTIAL) {
                source.removeFirst();
                guessed = true;
                return validator.feed(next.event, next.where);
            }
        }
        return false;
    }

    /**
     * One of the events that wait for a message that nobody will send: if there is one, of a sender that does not itself
     * wait, since that is where the run went wrong first.
     */
    private @Nullable Located stuck() {
        Located first = null;
        for (ArrayDeque<Located> source : sources) {
            Located next = source.peekFirst();
            if (next != null) {
                first = first == null ? next : first;
                Object sender =
                        next.event.msg() == null ? null : next.event.msg().get("from");
                if (sender != null && sources.stream().noneMatch(other -> waitsIn(other, sender))) {
                    return next;
                }
            }
        }
        return first;
    }

    private static boolean waitsIn(ArrayDeque<Located> source, Object node) {
        Located next = source.peekFirst();
        return next != null && next.event.node().equals(node);
    }

    /** What is decided of the events taken so far. */
    public Verdict verdict() {
        Verdict verdict = validator.verdict();
        if (guessed && verdict instanceof Verdict.Diverged diverged) {
            return new Verdict.Undecided(
                    diverged.divergence().where(),
                    "events without their message were merged in an order that may not be the one they happened in",
                    diverged.evidence());
        }
        return verdict;
    }

    /**
     * Validates one run from several traces.
     *
     * @throws dev.checkedraft.trace.TraceFormatException if one of them is not in the format
     * @throws IllegalArgumentException if their headers differ in more than {@code about}
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
                    TraceReader trace = traces.get(k);
                    TraceEvent event = trace.next();
                    if (event == null) {
                        merger.end(k);
                    } else {
                        merger.add(k, event, new TraceLocation(trace.name(), trace.line()));
                    }
                    goesOn = true;
                }
            }
            goesOn &= merger.drain();
        }
        return merger.verdict();
    }

    /**
     * Checks that two traces may be of one run.
     *
     * @throws IllegalArgumentException if their headers differ in more than {@code about}
     */
    public static void checkSame(TraceHeader first, TraceHeader other, String name) {
        if (!first.servers().equals(other.servers())
                || !first.observes().equals(other.observes())
                || !first.omits().equals(other.omits())) {
            throw new IllegalArgumentException(name
                    + ":1:1: expected the servers, observed fields and omitted events of the other traces of this run");
        }
    }
}
