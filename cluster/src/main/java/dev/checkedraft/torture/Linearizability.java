package dev.checkedraft.torture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Whether the operations of one key may have taken effect one after the other, each between its call and its end. The search
 * of Wing and Gong, with Lowe's memory of where it has been: a set of operations taken and the value after them.
 */
final class Linearizability {
    /** So many steps are tried; what is not decided then is told as such. */
    private static final long MAX_STEPS = 5_000_000;

    /** What is known of a key's history. */
    enum Verdict {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        UNDECIDED
    }

    private Linearizability() {}

    private record Place(BitSet taken, @Nullable String value) {}

    /** A place of the search, and the operation to be tried there next. */
    private static final class Step {
        final Place place;
        int next = 0;

        Step(Place place) {
            this.place = place;
        }
    }

    /** The verdict on a key that begins without a value. */
    static Verdict check(List<Operation> history) {
        List<Operation> operations = new ArrayList<>(history);
        operations.sort(Comparator.comparingLong(Operation::call));
        Set<Place> seen = new HashSet<>();
        Deque<Step> path = new ArrayDeque<>();
        Place start = new Place(new BitSet(), null);
        path.push(new Step(start));
        seen.add(start);
        long steps = 0;
        for (Step step = path.peek(); step != null; step = path.peek()) {
            if (isDone(operations, step.place.taken)) {
                return Verdict.LINEARIZABLE;
            }
            Place to = next(operations, step);
            if (to == null) {
                path.pop();
            } else if (seen.add(to)) {
                path.push(new Step(to));
            }
            steps++;
            if (steps > MAX_STEPS) {
                return Verdict.UNDECIDED;
            }
        }
        return Verdict.NOT_LINEARIZABLE;
    }

    /** Whether all that returned are taken. */
    private static boolean isDone(List<Operation> operations, BitSet taken) {
        for (int k = taken.nextClearBit(0); k < operations.size(); k = taken.nextClearBit(k + 1)) {
            if (!operations.get(k).isOpen()) {
                return false;
            }
        }
        return true;
    }

    /** Where the step's next operation leads; null if none is left. */
    private static @Nullable Place next(List<Operation> operations, Step step) {
        BitSet taken = step.place.taken;
        // Nothing may be taken that was called after another, not taken yet, had ended.
        long firstEnd = Long.MAX_VALUE;
        for (int k = taken.nextClearBit(0); k < operations.size(); k = taken.nextClearBit(k + 1)) {
            if (operations.get(k).call() > firstEnd) {
                break;
            }
            firstEnd = Math.min(firstEnd, operations.get(k).end());
        }
        for (int k = taken.nextClearBit(step.next); k < operations.size(); k = taken.nextClearBit(k + 1)) {
            Operation operation = operations.get(k);
            if (operation.call() > firstEnd) {
                break;
            }
            if (operation.mayFollow(step.place.value)) {
                step.next = k + 1;
                BitSet after = (BitSet) taken.clone();
                after.set(k);
                return new Place(after, operation.after(step.place.value));
            }
        }
        return null;
    }
}
