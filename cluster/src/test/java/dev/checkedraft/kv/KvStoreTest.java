package dev.checkedraft.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.checkedraft.core.Entry;
import dev.checkedraft.kv.Command.Op;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvStoreTest {
    private final KvStore store = new KvStore();
    private long index = 0;

    private Outcome apply(Command command) {
        return store.apply(++index, new Entry(1, command.encoded()));
    }

    @Test
    void aRepeatedRequestIsAppliedOnceAndAnsweredAsBefore() {
        apply(Command.openSession());
        Outcome first = apply(new Command(Op.PUT, 1, 1, "a", null, "1"));
        apply(new Command(Op.PUT, 0, 0, "a", null, "2"));
        assertEquals(first, apply(new Command(Op.PUT, 1, 1, "a", null, "1")));
        assertEquals("2", store.get("a"));
        assertEquals(200, apply(new Command(Op.DELETE, 1, 2, "a", null, null)).status());
        assertNull(store.get("a"));
        assertEquals(409, apply(new Command(Op.PUT, 1, 1, "a", null, "1")).status());
        assertEquals(410, apply(new Command(Op.PUT, 9, 1, "a", null, "1")).status());
        assertNull(store.get("a"));
    }

    @Test
    void compareAndSetComparesWithWhatIsThereOrNothing() {
        assertEquals(
                "{\"index\":1,\"changed\":false}",
                apply(new Command(Op.CAS, 0, 0, "a", "1", "2")).json());
        assertEquals(
                "{\"index\":2,\"changed\":true}",
                apply(new Command(Op.CAS, 0, 0, "a", null, "2")).json());
        assertEquals(
                "{\"index\":3,\"changed\":false}",
                apply(new Command(Op.CAS, 0, 0, "a", null, "3")).json());
        assertEquals(
                "{\"index\":4,\"changed\":true}",
                apply(new Command(Op.CAS, 0, 0, "a", "2", null)).json());
        assertNull(store.get("a"));
    }

    @Test
    void theSessionUsedLongestAgoIsForgottenOnceThereAreTooMany() {
        for (int k = 0; k < KvStore.MAX_SESSIONS; k++) {
            apply(Command.openSession());
        }
        assertEquals(200, apply(new Command(Op.PUT, 1, 1, "a", null, "1")).status());
        apply(Command.openSession());
        assertEquals(200, apply(new Command(Op.PUT, 1, 2, "a", null, "1")).status());
        assertEquals(410, apply(new Command(Op.PUT, 2, 1, "a", null, "1")).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}{}",
                "{\"op\":\"put\",\"key\":\"a\"}",
                "{\"op\":\"put\",\"key\":\"a\",\"value\":1}",
                "{\"op\":\"put\",\"key\":\"\",\"value\":\"1\"}",
                "{\"op\":\"put\",\"key\":\"a\",\"value\":\"1\",\"expect\":\"2\"}",
                "{\"op\":\"put\",\"key\":\"a\",\"value\":\"1\",\"session\":1}",
                "{\"op\":\"put\",\"key\":\"a\",\"value\":\"1\",\"session\":-1,\"seq\":1}",
                "{\"op\":\"put\",\"key\":\"a\",\"value\":\"1\",\"session\":99999999999999999999,\"seq\":1}",
                "{\"op\":\"put\",\"op\":\"put\",\"key\":\"a\",\"value\":\"1\"}",
                "{\"op\":\"put\",\"key\":\"\\ud800\",\"value\":\"1\"}",
                "{\"op\":\"session\",\"key\":\"a\"}",
                "{\"op\":\"drop\",\"key\":\"a\"}",
                "{\"op\":\"put\",\"key\":\"a\",\"value\":\"1\",\"more\":1}"
            })
    void whatIsNoCommandIsRefused(String json) {
        assertThrows(IllegalArgumentException.class, () -> Command.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aCommandBeyondTheLimitIsRefusedAndOneWithinItReadAgain() {
        Command most = new Command(Op.PUT, 0, 0, "a", null, "\u0001".repeat(676));
        assertEquals(most, Command.parse(most.encoded().getBytes(StandardCharsets.UTF_8)));
        assertThrows(IllegalArgumentException.class, () -> new Command(Op.PUT, 0, 0, "a", null, "\u0001".repeat(680)));
        assertThrows(IllegalArgumentException.class, () -> new Command(Op.PUT, 0, 0, "k".repeat(257), null, ""));
    }
}
