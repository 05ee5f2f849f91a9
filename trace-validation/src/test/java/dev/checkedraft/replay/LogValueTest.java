package dev.checkedraft.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tlc2.module.Sequences;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;

/** The shared sequence against TLC's own, operator by operator. */
class LogValueTest {
    private static Value number(int n) {
        return IntValue.gen(n);
    }

    @Test
    void theOperatorsDoWhatThoseOfTlcDo() {
        Random random = new Random(1);
        for (int run = 0; run < 200; run++) {
            List<Value> mine = new ArrayList<>(List.of(TupleValue.EmptyTuple));
            List<Value> theirs = new ArrayList<>(List.of(TupleValue.EmptyTuple));
            for (int step = 0; step < 60; step++) {
                int k = random.nextInt(mine.size());
                Value m = mine.get(k);
                Value t = theirs.get(k);
                int length = Sequences.Len(t).val;
                switch (random.nextInt(4)) {
                    case 0 -> {
                        Value element = number(random.nextInt(3));
                        mine.add(LogValue.append(m, element));
                        theirs.add(Sequences.Append(t, element));
                    }
                    case 1 -> {
                        int other = random.nextInt(mine.size());
                        if (length < 3000) {
                            mine.add(LogValue.concat(m, mine.get(other)));
                            theirs.add(Sequences.Concat(t, theirs.get(other)));
                        }
                    }
                    case 2 -> {
                        int from = random.nextInt(4) == 0 ? 1 + random.nextInt(length + 1) : 1;
                        int to = random.nextInt(length + 1);
                        mine.add(LogValue.subSeq(m, number(from), number(to)));
                        theirs.add(Sequences.SubSeq(t, number(from), number(to)));
                    }
                    default -> {
                        Value longer = m;
                        Value theirLonger = t;
                        for (int n = 0; n < 70; n++) {
                            longer = LogValue.append(longer, number(n));
                            theirLonger = Sequences.Append(theirLonger, number(n));
                        }
                        mine.add(longer);
                        theirs.add(theirLonger);
                    }
                }
            }
            for (int k = 0; k < mine.size(); k++) {
                assertEquals(theirs.get(k), mine.get(k).toTuple());
                assertEquals(Sequences.Len(theirs.get(k)), LogValue.len(mine.get(k)));
                int other = random.nextInt(mine.size());
                assertEquals(
                        theirs.get(k).equals(theirs.get(other)), mine.get(k).equals(mine.get(other)), "equality");
                int common = LogValue.commonPrefix(mine.get(k), mine.get(other));
                assertEquals(prefix(theirs.get(k), common), prefix(theirs.get(other), common));
                int shorter = Math.min(Sequences.Len(theirs.get(k)).val, Sequences.Len(theirs.get(other)).val);
                if (common < shorter) {
                    assertNotEquals(prefix(theirs.get(k), common + 1), prefix(theirs.get(other), common + 1));
                }
            }
        }
    }

    private static Value prefix(Value sequence, int length) {
        return Sequences.SubSeq(sequence, number(1), number(length));
    }

    @Test
    void aHundredThousandEntriesAreAppendedCutAndComparedInNoTime() {
        Value log = TupleValue.EmptyTuple;
        for (int k = 1; k <= 100_000; k++) {
            Value longer = LogValue.append(log, number(k));
            // What a replayed AppendEntries does: keep a prefix, append to it, compare.
            Value again = LogValue.concat(LogValue.subSeq(longer, number(1), number(k - 1)), new TupleValue(number(k)));
            assertTrue(longer.equals(again));
            log = again;
        }
        LogValue whole = (LogValue) log;
        assertEquals(100_000, whole.size());
        assertEquals(number(77_777), whole.get(77_776));
        LogValue changed = (LogValue) LogValue.append(LogValue.subSeq(whole, number(1), number(99_000)), number(0));
        assertNotEquals(whole, changed);
    }
}
