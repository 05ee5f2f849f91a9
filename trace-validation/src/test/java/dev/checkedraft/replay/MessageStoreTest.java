package dev.checkedraft.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.TlcValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The store of messages against a plain list, while messages are added, taken back, and their undoing forgotten. */
class MessageStoreTest {
    private static final TlcValues CLUSTER = new TlcValues(List.of("n1", "n2", "n3"));
    private static final int TERMS = 40;

    @Test
    void aMessageTakenBackIsNotFound() {
        MessageStore store = new MessageStore(100);
        store.add(request(1, "n1", "n2"));
        store.keepUndo();
        int mark = store.added();
        store.add(request(2, "n1", "n2"));
        store.undo(mark);
        assertNotNull(store.find(request(1, "n1", "n2")));
        assertNull(store.find(request(2, "n1", "n2")));
        assertEquals(1, store.matching(anyRequestTo("n2"), 10).size());
        assertEquals(1, store.size());
    }

    /** At the end of each run all is asked: each message, each list of candidates in its order, and the count. */
    @Test
    void afterAnyAdditionsAndUndoingsItIsTheListThatIsLeft() {
        int undone = 0;
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            MessageStore store = new MessageStore(10_000);
            List<PackedMessage> left = new ArrayList<>();
            List<Integer> marks = new ArrayList<>();
            for (int step = 0; step < 120; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> {
                        store.keepUndo();
                        marks.add(store.added());
                    }
                    case 1 -> {
                        if (!marks.isEmpty()) {
                            int mark = marks.remove(marks.size() - 1);
                            undone += left.size() - mark;
                            store.undo(mark);
                            left.subList(mark, left.size()).clear();
                        }
                    }
                    case 2 -> {
                        if (marks.size() > 1) {
                            marks.remove(0);
                            store.forgetUndo(marks.get(0));
                        }
                    }
                    case 3 -> assertSame(left, store, seed);
                    default -> {
                        PackedMessage message = any(random);
                        store.add(message);
                        if (!left.contains(message)) {
                            left.add(message);
                        }
                    }
                }
            }
            assertSame(left, store, seed);
        }
        assertTrue(undone > 1_000, "the runs took back too few messages to tell anything");
    }

    private static void assertSame(List<PackedMessage> left, MessageStore store, int seed) {
        String where = "seed " + seed;
        assertEquals(left.size(), store.added(), where);
        assertEquals(left.size(), store.size(), where);
        for (int term = 1; term <= TERMS; term++) {
            for (String to : List.of("n2", "n3")) {
                PackedMessage message = request(term, "n1", to);
                assertEquals(left.contains(message), store.find(message) != null, where);
            }
        }
        for (String to : List.of("n2", "n3")) {
            PackedMessage pattern = anyRequestTo(to);
            for (int skipped : new int[] {0, left.size() / 2}) {
                List<PackedMessage> expected = new ArrayList<>();
                for (int k = left.size() - 1; k >= skipped; k--) {
                    if (left.get(k).agreesWith(pattern)) {
                        expected.add(left.get(k));
                    }
                }
                assertEquals(expected, store.matching(pattern, Integer.MAX_VALUE, skipped), where);
            }
        }
    }

    private static PackedMessage any(SplittableRandom random) {
        return request(random.nextInt(1, TERMS + 1), "n1", random.nextBoolean() ? "n2" : "n3");
    }

    private static PackedMessage request(long term, String from, String to) {
        return message(Map.of("term", term, "from", from, "to", to, "lastLogIndex", 0L, "lastLogTerm", 0L));
    }

    private static PackedMessage anyRequestTo(String to) {
        return message(Map.of("to", to));
    }

    private static PackedMessage message(Map<String, Object> fields) {
        Map<String, Object> known = new HashMap<>(fields);
        known.put("type", "RequestVote");
        PackedMessage.Kind kind = EventValues.handledBy(Action.HANDLE_REQUEST_VOTE);
        assertNotNull(kind);
        return CLUSTER.pattern(kind, known);
    }
}
