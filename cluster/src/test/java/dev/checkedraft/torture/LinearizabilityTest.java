package dev.checkedraft.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.torture.Linearizability.Verdict;
import dev.checkedraft.torture.Operation.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    private static Operation get(@Nullable String found, long call, long end) {
        return new Operation(Kind.GET, null, found, false, call, end);
    }

    private static Operation put(String value, long call, long end) {
        return new Operation(Kind.PUT, null, value, true, call, end);
    }

    @Test
    void aReadMayNotMissAWriteThatHadEnded() {
        assertEquals(
                Verdict.NOT_LINEARIZABLE,
                Linearizability.check(List.of(put("a", 1, 2), put("b", 3, 4), get("a", 5, 6))));
        assertEquals(
                Verdict.LINEARIZABLE,
                Linearizability.check(List.of(put("a", 1, 2), put("b", 3, 6), get("a", 4, 5), get("b", 7, 8))));
    }

    @Test
    void aWriteThatNeverReturnedMayHaveBeenDoneAtAnyTimeAfterItsCall() {
        Operation open = put("a", 1, Operation.OPEN);
        assertEquals(Verdict.LINEARIZABLE, Linearizability.check(List.of(open, get(null, 2, 3), get("a", 4, 5))));
        assertEquals(Verdict.NOT_LINEARIZABLE, Linearizability.check(List.of(open, get("a", 2, 3), get(null, 4, 5))));
    }

    /** Against every order there is, on small histories of which a good part is wrong. */
    @Test
    void theSearchSaysWhatAllOrdersSay() {
        Random random = new Random(7);
        int right = 0;
        int wrong = 0;
        for (int run = 0; run < 4_000; run++) {
            List<Operation> history = history(random, 1 + random.nextInt(6));
            boolean expected = anyOrder(history, new ArrayList<>(), null);
            assertEquals(
                    expected ? Verdict.LINEARIZABLE : Verdict.NOT_LINEARIZABLE,
                    Linearizability.check(history),
                    history::toString);
            right += expected ? 1 : 0;
            wrong += expected ? 0 : 1;
        }
        assertTrue(right > 500 && wrong > 500, right + " right, " + wrong + " wrong");
    }

    private static List<Operation> history(Random random, int size) {
        List<Long> times = new ArrayList<>();
        for (long k = 1; k <= 2L * size; k++) {
            times.add(k);
        }
        Collections.shuffle(times, random);
        List<Operation> history = new ArrayList<>();
        for (int k = 0; k < size; k++) {
            long a = times.get(2 * k);
            long b = times.get(2 * k + 1);
            Kind kind = List.of(Kind.GET, Kind.PUT, Kind.DELETE, Kind.CAS).get(random.nextInt(4));
            boolean open = kind != Kind.GET && random.nextInt(5) == 0;
            history.add(new Operation(
                    kind,
                    kind == Kind.CAS ? value(random) : null,
                    kind == Kind.DELETE ? null : kind == Kind.PUT ? "a" + random.nextInt(2) : value(random),
                    random.nextBoolean(),
                    Math.min(a, b),
                    open ? Operation.OPEN : Math.max(a, b)));
        }
        return history;
    }

    private static @Nullable String value(Random random) {
        int drawn = random.nextInt(3);
        return drawn == 2 ? null : "a" + drawn;
    }

    private static boolean anyOrder(List<Operation> left, List<Operation> taken, @Nullable String value) {
        if (left.stream().allMatch(Operation::isOpen)) {
            return true;
        }
        for (Operation next : left) {
            boolean first = left.stream().allMatch(other -> other.end() > next.call());
            if (first && next.mayFollow(value)) {
                List<Operation> rest = new ArrayList<>(left);
                rest.remove(next);
                List<Operation> more = new ArrayList<>(taken);
                more.add(next);
                if (anyOrder(rest, more, next.after(value))) {
                    return true;
                }
            }
        }
        return false;
    }
}
