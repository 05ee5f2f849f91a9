package dev.checkedraft.validate;

import dev.checkedraft.judge.Bytes;
import dev.checkedraft.replay.Replay;
import dev.checkedraft.replay.Replay.Readiness;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceLocation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The search for an order of several traces' events that the spec explains. An event is due if in every state that explains
 * what was taken so far it handles no message, or one that is told in full and was sent: taking it then loses no order, as
 * FORMAT.md shows. Where no event is due there are two ways on, which between them have all orders: to take one now, in the
 * states and with the messages with which that can be; or to take it later. The first way is followed and the other
 * remembered, to be followed if the first leads nowhere.
 */
final class MergeSearch {
    /** How far, in events, the search may go back. */
    private static final int KEPT = 20_000;

    /** So many times the states that may explain a trace at one time may the remembered ways have, all together. */
    private static final int HELD = 10;

    /** So many times as many steps of the spec may be tried on ways that lead nowhere. */
    private static final int IN_VAIN = 20;

    private final TraceValidator validator;

    /** The events that are there and not taken, by trace. */
    private final List<ArrayDeque<Located>> waiting = new ArrayList<>();

    /** The events taken last, in the order in which they were. */
    private final ArrayDeque<Taken> taken = new ArrayDeque<>();

    /** What those take in memory. */
    private long takenBytes;

    /** How many were taken before those. */
    private long takenBefore;

    private final ArrayDeque<Way> ways = new ArrayDeque<>();

    /** How many states the ways have together. */
    private long held;

    /** By trace. */
    private List<Delay> delays;

    /** The trace of the event taken last. */
    private int last;

    private Replay replay;

    /** How many steps of the spec were tried and taken back. */
    private long inVain;

    /** The event to take later on a way that was not followed, for a limit; null if there is none. */
    private @Nullable Located dropped;

    /** Of the orders tried, the one that got furthest, and how far. */
    private Verdict.@Nullable Diverged furthest;

    private long furthestAt = -1;
    private @Nullable Verdict decided;

    private record Located(EventValues report, TraceLocation where) {}

    private record Taken(int trace, Located event, long tried) {}

    /** A way that was not followed, from where the first {@code taken} events have been taken, and the event to take later. */
    private record Way(Replay.Mark mark, long taken, List<Delay> delays, Located later) {}

    /**
     * What is known, on a way, of a trace's next event.
     *
     * @param skipped it handled none of this many messages sent first
     * @param until it is not taken before so many events have been
     */
    private record Delay(int skipped, long until) {
        static final Delay NONE = new Delay(0, 0);
    }

    MergeSearch(TraceValidator validator, int traces) {
        this.validator = validator;
        for (int k = 0; k < traces; k++) {
            waiting.add(new ArrayDeque<>());
        }
        delays = Collections.nCopies(traces, Delay.NONE);
        replay = validator.replay(false);
    }

    void add(int trace, TraceEvent event, TraceLocation where) {
        waiting.get(trace).addLast(new Located(validator.values(event), where));
    }

    int waiting(int trace) {
        return waiting.get(trace).size();
    }

    @Nullable
    Verdict decided() {
        return decided;
    }

    Verdict verdict() {
        return decided == null ? replay.verdict() : decided;
    }

    private long count() {
        return takenBefore + taken.size();
    }

    /**
     * Takes an event, or goes back.
     *
     * @param mayGoOn whether a trace of which no event waits may have more
     * @return false if nothing is left to do before a trace goes on, or at all
     */
    boolean step(boolean mayGoOn) {
        if (decided != null) {
            return false;
        }
        Readiness[] readiness = new Readiness[waiting.size()];
        int next = choose(readiness, mayGoOn);
        if (next >= 0) {
            take(next, readiness);
        } else if (mayGoOn || waiting.stream().allMatch(ArrayDeque::isEmpty)) {
            return false;
        } else {
            noneCanBeTaken();
        }
        return decided == null;
    }

    // -------------------------------------------------------------------------------------------------- the next event

    /** The trace whose event is taken next; -1 if none can be, or not before it is known how the others go on. */
    private int choose(Readiness[] readiness, boolean mayGoOn) {
        int openSend = -1;
        for (int k = 0; k < readiness.length; k++) {
            int trace = (last + k) % readiness.length;
            readiness[trace] = readiness(trace);
            if (readiness[trace] == Readiness.DUE) {
                Located next = waiting.get(trace).getFirst();
                if (!next.report.isOpenSend()) {
                    return trace;
                }
                openSend = openSend < 0 ? trace : openSend;
            }
        }
        // With many states, an event that tells them apart comes before another send that makes more of them.
        if (openSend >= 0 && replay.frontierSize() <= validator.likely()) {
            return openSend;
        }
        if (mayGoOn) {
            return -1;
        }
        int split = Arrays.asList(readiness).indexOf(Readiness.SPLIT);
        return split >= 0
                ? split
                : openSend >= 0 ? openSend : Arrays.asList(readiness).indexOf(Readiness.PARTIAL);
    }

    private Readiness readiness(int trace) {
        Located next = waiting.get(trace).peekFirst();
        Delay delay = delays.get(trace);
        return next == null || delay.until > count() ? Readiness.WAITING : replay.readiness(next.report, delay.skipped);
    }

    private void take(int trace, Readiness[] readiness) {
        Located next = waiting.get(trace).getFirst();
        int skipped = delays.get(trace).skipped;
        if (readiness[trace] == Readiness.SPLIT) {
            remember(new Way(replay.split(next.report), count(), delays, next));
        } else if (readiness[trace] == Readiness.PARTIAL && othersCanBeTaken(trace, readiness)) {
            List<Delay> later = with(delays, trace, new Delay(replay.messages(), count() + 1));
            remember(new Way(replay.mark(), count(), later, next));
        }
        long tried = replay.tried();
        if (!replay.take(next.report, next.where, skipped)) {
            inVain += replay.tried() - tried;
            unexplained(next);
            goBack();
            return;
        }
        waiting.get(trace).removeFirst();
        taken.addLast(new Taken(trace, next, replay.tried() - tried));
        takenBytes += Bytes.of(next.report.event);
        last = trace;
        if (skipped > 0) {
            delays = with(delays, trace, Delay.NONE);
        }
        decided = replay.decided();
        keepWithinLimits();
    }

    private static List<Delay> with(List<Delay> delays, int trace, Delay delay) {
        List<Delay> changed = new ArrayList<>(delays);
        changed.set(trace, delay);
        return changed;
    }

    private static boolean othersCanBeTaken(int trace, Readiness[] readiness) {
        for (int k = 0; k < readiness.length; k++) {
            if (k != trace && readiness[k] != Readiness.WAITING) {
                return true;
            }
        }
        return false;
    }

    // -------------------------------------------------------------------------------------------------- the ways back

    private void remember(Way way) {
        ways.addLast(way);
        held += way.mark.frontier().size();
    }

    private void keepWithinLimits() {
        while (taken.size() > KEPT || takenBytes > validator.options().bytes() / 8) {
            takenBytes -= Bytes.of(taken.removeFirst().event.report.event);
            takenBefore++;
        }
        Way oldest = ways.peekFirst();
        while (oldest != null && (oldest.taken < takenBefore || held > mostHeld())) {
            dropped = oldest.later;
            held -= oldest.mark.frontier().size();
            ways.removeFirst();
            oldest = ways.peekFirst();
            replay.forgetBefore(oldest == null ? null : oldest.mark);
        }
    }

    /** How many states the ways may have: an eighth of the memory, but for the logs, which states share. */
    private long mostHeld() {
        return Math.min(
                (long) HELD * validator.options().frontier(),
                validator.options().bytes() / 8 / Bytes.STATE);
    }

    /** No order that begins as the one followed explains this event here. */
    private void unexplained(Located event) {
        if (count() > furthestAt) {
            furthestAt = count();
            furthest = replay.divergence(event.report, event.where);
        }
    }

    private void noneCanBeTaken() {
        Located stuck = stuck();
        if (stuck != null) {
            unexplained(stuck);
        }
        goBack();
    }

    /**
     * One of the events that wait for a message that nobody will send: if there is one, of a sender that does not itself
     * wait, since that is where the run went wrong first. Null if all that wait were put off.
     */
    private @Nullable Located stuck() {
        Located first = null;
        Located cause = null;
        for (ArrayDeque<Located> trace : waiting) {
            Located next = trace.peekFirst();
            if (next != null && replay.readiness(next.report, 0) == Readiness.WAITING) {
                replay.missed(next.report, next.where);
                first = first == null ? next : first;
                Map<String, Object> msg = next.report.event.msg();
                Object sender = msg == null ? null : msg.get("from");
                if (cause == null && sender != null && waiting.stream().noneMatch(other -> waitsIn(other, sender))) {
                    cause = next;
                }
            }
        }
        return cause == null ? first : cause;
    }

    private static boolean waitsIn(ArrayDeque<Located> trace, Object node) {
        Located next = trace.peekFirst();
        return next != null && next.report.event.node().equals(node);
    }

    /** Follows the way remembered last. If there is none, that decides. */
    private void goBack() {
        Way way = ways.pollLast();
        if (way == null) {
            decide();
            return;
        }
        held -= way.mark.frontier().size();
        takeBack(way.taken);
        replay.backTo(way.mark);
        delays = way.delays;
        if (ways.isEmpty()) {
            replay.forgetBefore(null);
        }
        if (inVain > (long) IN_VAIN * validator.options().frontier()) {
            dropped = way.later;
            decide();
        }
    }

    private void takeBack(long left) {
        while (count() > left) {
            Taken back = taken.removeLast();
            takenBytes -= Bytes.of(back.event.report.event);
            waiting.get(back.trace).addFirst(back.event);
            inVain += back.tried;
        }
    }

    private void decide() {
        Verdict.Diverged diverged = furthest;
        if (diverged == null) {
            throw new IllegalStateException("no order was followed to its end");
        }
        TraceLocation where = diverged.divergence().where();
        String missed = replay.missed();
        Located open = dropped;
        if (missed != null) {
            decided = new Verdict.Undecided(where, missed, diverged.evidence());
        } else if (open != null) {
            decided = new Verdict.Undecided(where, tooMany(open), diverged.evidence());
        } else if (!replay.passedOver()) {
            decided = diverged;
        } else if (takenBefore > 0) {
            decided = new Verdict.Undecided(where, Replay.ONLY_LIKELIEST, diverged.evidence());
        } else {
            startAgain();
        }
    }

    private static String tooMany(Located open) {
        TraceEvent event = open.report.event;
        return "msg of " + event.action().label() + " at " + open.where
                + " may have been sent before or after other events of the merged traces, in more orders than may be tried";
    }

    /** Messages were passed over for likelier ones: starts again, and passes over none. */
    private void startAgain() {
        takeBack(0);
        inVain = 0;
        delays = Collections.nCopies(waiting.size(), Delay.NONE);
        replay = validator.replay(true);
        furthest = null;
        furthestAt = -1;
    }
}
