package dev.checkedraft.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.disk.Store.Changes;
import dev.checkedraft.disk.Store.TraceTail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteStoreTest {
    private static final DurableState STATE = new DurableState(
            new HardState(3, "n2"), List.of(new Entry(1, ""), new Entry(1, "first"), new Entry(3, "second")));

    @TempDir
    Path directory;

    private SqliteStore open() throws StoreException {
        return SqliteStore.open(directory, "c", "n1");
    }

    private void fill() throws StoreException {
        try (SqliteStore store = open()) {
            assertEquals(DurableState.INITIAL, store.state());
            List<Entry> wrong =
                    List.of(new Entry(1, ""), new Entry(1, "first"), new Entry(1, "gone"), new Entry(1, "too"));
            store.save(new Changes(new HardState(1, null), List.of(new LogChange(1, wrong)), null));
            store.save(new Changes(
                    STATE.hardState(),
                    List.of(new LogChange(3, List.of()), new LogChange(3, List.of(new Entry(3, "second")))),
                    new TraceTail(1, 7, "lines\n")));
        }
    }

    private String refusal() {
        return String.valueOf(
                assertThrows(StoreException.class, () -> open().close()).getMessage());
    }

    @Test
    void whatWasSavedIsThereAgain() throws StoreException {
        fill();
        try (SqliteStore store = open()) {
            assertEquals(STATE, store.state());
            assertEquals(new TraceTail(1, 7, "lines\n"), store.traceTail());
        }
    }

    @Test
    void theDirectoryOfAnotherNodeOrClusterIsRefused() throws StoreException {
        fill();
        String node = String.valueOf(assertThrows(
                        StoreException.class,
                        () -> SqliteStore.open(directory, "c", "n2").close())
                .getMessage());
        assertTrue(node.contains("expected the state of node n2, found n1"), node);
        assertThrows(
                StoreException.class,
                () -> SqliteStore.open(directory, "d", "n1").close());
    }

    @Test
    void oneProcessAtATime() throws StoreException {
        try (SqliteStore store = open()) {
            assertEquals(DurableState.INITIAL, store.state());
            refusal();
        }
    }

    @Test
    void aDatabaseThatIsGoneIsNotMadeAnewWhereTheNodeRanBefore() throws StoreException, IOException {
        fill();
        Files.writeString(directory.resolve(NodeTrace.file(1)), "x");
        Files.delete(directory.resolve("raft.db"));
        assertTrue(refusal().contains("gone"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE log SET value = 'other' WHERE idx = 2",
                "UPDATE log SET term = 2 WHERE idx = 2",
                "DELETE FROM log WHERE idx = 2",
                "DELETE FROM log WHERE idx = 3",
                "INSERT INTO log SELECT 4, term, value, checksum FROM log WHERE idx = 3",
                "UPDATE hard_state SET current_term = 4",
                "UPDATE hard_state SET voted_for = NULL",
                "DELETE FROM hard_state",
                "DELETE FROM owner",
                "DROP TABLE log",
                "PRAGMA application_id = 7",
                "PRAGMA user_version = 2"
            })
    void whatWasChangedBehindItsBackIsRefused(String sql) throws StoreException, SQLException {
        fill();
        try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("raft.db"));
                Statement statement = db.createStatement()) {
            statement.execute(sql);
        }
        assertTrue(refusal().startsWith(directory.resolve("raft.db") + ": "));
    }

    @Test
    void aTornFileIsRefused() throws StoreException, IOException {
        fill();
        Path file = directory.resolve("raft.db");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 1000) {
            Files.write(file, Arrays.copyOf(whole, length));
            refusal();
        }
        Files.write(file, whole);
        open().close();
    }

    /** Of the bytes that hold what was saved, none may change unnoticed; the rest of a page is nobody's. */
    @Test
    void aFileWithAChangedByteIsRefusedOrSaysWhatWasSaved() throws StoreException, IOException {
        fill();
        Path file = directory.resolve("raft.db");
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(5);
        int refused = 0;
        int text = new String(whole, StandardCharsets.ISO_8859_1).indexOf("second");
        for (int k = 0; k < 150; k++) {
            byte[] changed = whole.clone();
            int at = k < 60 ? text - 30 + k : random.nextInt(whole.length);
            changed[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, changed);
            try (SqliteStore store = open()) {
                assertEquals(STATE, store.state(), "byte " + at);
            } catch (StoreException e) {
                refused++;
            }
        }
        assertTrue(refused > 30, refused + " refused");
    }
}
