package dev.checkedraft.testkit;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Drop;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Send;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.MessageRef;
import dev.checkedraft.schedule.Schedule;
import dev.checkedraft.schedule.Setup;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Schedules as values of jqwik: what may happen to a cluster, in any order. A decision that does not apply, such as to deliver
 * where nothing is in flight, changes nothing, so that jqwik may take any out, and a failing schedule shrinks to what it needs.
 */
public final class Schedules {
    private static final int SEEDS = 1000;
    private static final int VALUES = 9;
    private static final int LONGEST_SLICE = 3;
    private static final int FURTHEST = 5;

    private Schedules() {}

    /**
     * Schedules for a cluster that has never run.
     *
     * @param nodes how many nodes, 1 to 7
     * @param most the most decisions; some 100 are enough for a few elections
     */
    public static Arbitrary<Schedule> of(int nodes, int most) {
        Arbitrary<Setup> setups = Arbitraries.integers().between(1, SEEDS).map(seed -> Setup.of(nodes, seed));
        // An edge case of a decision says nothing of how a schedule of them ends.
        return Combinators.combine(setups, decision(nodes).list().ofMaxSize(most))
                .as(Schedule::new)
                .withoutEdgeCases();
    }

    /** One decision: deliveries mostly, for everything else makes some due. */
    public static Arbitrary<Decision> decision(int nodes) {
        if (nodes < 1 || nodes > 7) {
            throw new IllegalArgumentException("a cluster has 1 to 7 nodes, not " + nodes);
        }
        Arbitrary<Integer> node = Arbitraries.integers().between(1, nodes);
        Arbitrary<Decision> timeout = node.map(Timeout::new);
        Arbitrary<Decision> heartbeat = node.map(Heartbeat::new);
        Arbitrary<Decision> crash = node.map(Crash::new);
        Arbitrary<Decision> restart = node.map(Restart::new);
        Arbitrary<Decision> propose = Combinators.combine(
                        node, Arbitraries.integers().between(1, VALUES))
                .as((to, value) -> new Propose(to, "v" + value));
        if (nodes == 1) {
            return Arbitraries.frequencyOf(
                    Tuple.of(3, timeout), Tuple.of(4, propose), Tuple.of(1, crash), Tuple.of(3, restart));
        }
        Arbitrary<Deliver> arrival = oldest(nodes).map(Deliver::new);
        return Arbitraries.frequencyOf(
                Tuple.of(60, arrival.map(deliver -> deliver)),
                Tuple.of(6, again(nodes)),
                Tuple.of(3, timeout),
                Tuple.of(4, heartbeat),
                Tuple.of(6, propose),
                Tuple.of(5, slice(nodes)),
                Tuple.of(3, oldest(nodes).map(Drop::new)),
                Tuple.of(1, crash),
                Tuple.of(
                        2,
                        Combinators.combine(arrival, Arbitraries.integers().between(-1, 2))
                                .as(CrashDuring::new)),
                Tuple.of(6, restart));
    }

    /** The oldest message in flight on some link. */
    private static Arbitrary<MessageRef> oldest(int nodes) {
        return link(nodes, MessageRef::oldest);
    }

    /** One of the last messages of some kind, which may have arrived already. */
    private static Arbitrary<Decision> again(int nodes) {
        Arbitrary<MessageKind> kinds = Arbitraries.of(MessageKind.class);
        Arbitrary<Integer> ago = Arbitraries.integers().between(-2, -1);
        return Combinators.combine(oldest(nodes), kinds, ago)
                .as((link, kind, ordinal) -> new Deliver(new MessageRef(link.from(), link.to(), kind, ordinal)));
    }

    /** What a leader with other flow control might send. */
    private static Arbitrary<Decision> slice(int nodes) {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, FURTHEST);
        Arbitrary<Integer> count = Arbitraries.integers().between(0, LONGEST_SLICE);
        return Combinators.combine(oldest(nodes), place, count, place)
                .as((link, after, entries, commit) -> new Send(link.from(), link.to(), after, entries, commit));
    }

    private interface OnLink<T> {
        T of(int from, int to);
    }

    private static <T> Arbitrary<T> link(int nodes, OnLink<T> made) {
        // The other ends are those after the first one, in a ring.
        return Combinators.combine(
                        Arbitraries.integers().between(0, nodes - 1),
                        Arbitraries.integers().between(1, nodes - 1))
                .as((from, further) -> made.of(1 + from, 1 + (from + further) % nodes));
    }
}
