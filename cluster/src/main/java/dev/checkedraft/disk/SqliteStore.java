package dev.checkedraft.disk;

import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A node's disk as a SQLite database, to be read by {@code sqlite3 raft.db 'select * from log'}. It is never repaired: a file
 * that is not what was written, of another node, or gone while its trace is there, is refused.
 *
 * <p>Each entry has a checksum over itself and the checksum before it, and term, vote, the last index and its checksum have
 * one of their own: so neither a changed nor a missing row passes.
 */
public final class SqliteStore implements Store {
    private static final String FILE = "raft.db";

    /** "raft" in the file's header, where {@code file} and this class look for it. */
    private static final int APPLICATION_ID = 0x72616674;

    private static final int VERSION = 1;

    private static final List<String> SCHEMA = List.of(
            "PRAGMA application_id = " + APPLICATION_ID,
            "PRAGMA user_version = " + VERSION,
            "CREATE TABLE owner (cluster TEXT NOT NULL, node TEXT NOT NULL)",
            "CREATE TABLE hard_state (id INTEGER PRIMARY KEY CHECK (id = 1), current_term INTEGER NOT NULL,"
                    + " voted_for TEXT, last_index INTEGER NOT NULL, checksum INTEGER NOT NULL)",
            "CREATE TABLE log (idx INTEGER PRIMARY KEY, term INTEGER NOT NULL, value TEXT NOT NULL,"
                    + " checksum INTEGER NOT NULL)",
            "CREATE TABLE trace_tail (id INTEGER PRIMARY KEY CHECK (id = 1), part INTEGER NOT NULL,"
                    + " position INTEGER NOT NULL, lines TEXT NOT NULL)");

    private final Path file;
    private final FileChannel lock;
    private final Connection db;
    private final DurableState state;
    private final @Nullable TraceTail tail;

    /** As saved last. */
    private HardState hardState;

    /** The checksum of each entry, the one of index 1 first. */
    private final ArrayList<Long> checksums = new ArrayList<>();

    private final PreparedStatement cut;
    private final PreparedStatement insert;
    private final PreparedStatement setHardState;
    private final PreparedStatement setTail;

    /**
     * Opens the store of a node, or makes it if the directory is empty.
     *
     * @throws StoreException if it is not this node's, not whole, or in use
     */
    public static SqliteStore open(Path directory, String cluster, String node) throws StoreException {
        Path file = directory.resolve(FILE);
        FileChannel lock = null;
        Connection db = null;
        try {
            Files.createDirectories(directory);
            lock = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = lock.tryLock();
            if (held == null) {
                throw new StoreException(directory + ": in use by another node");
            }
            if (!Files.exists(file)) {
                create(directory, file, cluster, node);
            }
            db = connect(file);
            return new SqliteStore(file, lock, db, cluster, node);
        } catch (IOException | java.nio.channels.OverlappingFileLockException e) {
            closeQuietly(db, lock);
            throw new StoreException(directory + ": cannot be opened: " + e);
        } catch (SQLException e) {
            closeQuietly(db, lock);
            throw new StoreException(file + ": not a whole database: " + oneLine(e));
        } catch (StoreException e) {
            closeQuietly(db, lock);
            throw e;
        }
    }

    private static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    /** Under another name first: a crash leaves no half of a database under this one. */
    private static void create(Path directory, Path file, String cluster, String node)
            throws IOException, SQLException, StoreException {
        Path wal = directory.resolve(FILE + "-wal");
        if (Files.exists(wal) || Files.exists(directory.resolve(NodeTrace.file(1)))) {
            throw new StoreException(file + ": gone, although this node ran here before");
        }
        Path made = directory.resolve(FILE + ".new");
        Files.deleteIfExists(made);
        try (Connection db = connect(made);
                Statement statement = db.createStatement()) {
            for (String sql : SCHEMA) {
                statement.execute(sql);
            }
            try (PreparedStatement owner = db.prepareStatement("INSERT INTO owner VALUES (?, ?)")) {
                owner.setString(1, cluster);
                owner.setString(2, node);
                owner.execute();
            }
            statement.execute(
                    "INSERT INTO hard_state VALUES (1, 0, NULL, 0, " + checksum(HardState.INITIAL, 0, 0) + ")");
        }
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel renamed = FileChannel.open(directory)) {
            renamed.force(true);
        }
    }

    private SqliteStore(Path file, FileChannel lock, Connection db, String cluster, String node)
            throws SQLException, StoreException {
        this.file = file;
        this.lock = lock;
        this.db = db;
        check(
                "a database of this version",
                APPLICATION_ID + "." + VERSION,
                text(db, "PRAGMA application_id") + "." + text(db, "PRAGMA user_version"),
                file);
        check("a whole database", "ok", text(db, "PRAGMA integrity_check"), file);
        check("the state of node", node, text(db, "SELECT node FROM owner"), file);
        check("the state of cluster", cluster, text(db, "SELECT cluster FROM owner"), file);
        check("journal mode", "wal", text(db, "PRAGMA journal_mode = WAL"), file);
        try (Statement statement = db.createStatement()) {
            // Each commit is on the disk before it returns.
            statement.execute("PRAGMA synchronous = FULL");
        }
        state = load(db, checksums, file);
        hardState = state.hardState();
        tail = loadTail(db);
        db.setAutoCommit(false);
        cut = db.prepareStatement("DELETE FROM log WHERE idx >= ?");
        insert = db.prepareStatement("INSERT INTO log VALUES (?, ?, ?, ?)");
        setHardState = db.prepareStatement(
                "UPDATE hard_state SET current_term = ?, voted_for = ?, last_index = ?, checksum = ?");
        setTail = db.prepareStatement("INSERT OR REPLACE INTO trace_tail VALUES (1, ?, ?, ?)");
    }

    private static void check(String what, String expected, String found, Path file) throws StoreException {
        if (!expected.equals(found)) {
            throw new StoreException(file + ": expected " + what + (expected.equals("ok") ? "" : " " + expected)
                    + ", found " + found.lines().findFirst().orElse("nothing"));
        }
    }

    private static String text(Connection db, String query) throws SQLException {
        try (Statement statement = db.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    private static DurableState load(Connection db, List<Long> checksums, Path file)
            throws SQLException, StoreException {
        List<Entry> log = new ArrayList<>();
        try (Statement statement = db.createStatement();
                ResultSet rows = statement.executeQuery("SELECT idx, term, value, checksum FROM log ORDER BY idx")) {
            while (rows.next()) {
                long term = rows.getLong(2);
                String value = String.valueOf(rows.getString(3));
                long expected = checksum(last(checksums), log.size() + 1L, term, value);
                if (rows.getLong(1) != log.size() + 1L || term < 1 || rows.getLong(4) != expected) {
                    throw new StoreException(file + ": expected the entry " + (log.size() + 1)
                            + " as it was written, found something else");
                }
                log.add(new Entry(term, value));
                checksums.add(expected);
            }
        }
        try (Statement statement = db.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT current_term, voted_for, last_index, checksum FROM hard_state")) {
            if (!row.next()) {
                throw new StoreException(file + ": expected a term and a vote, found none");
            }
            HardState hardState = new HardState(row.getLong(1), row.getString(2));
            if (row.getLong(3) != log.size() || row.getLong(4) != checksum(hardState, log.size(), last(checksums))) {
                throw new StoreException(file + ": expected term, vote and last index as they were written, found term "
                        + hardState.currentTerm() + ", vote " + hardState.votedFor() + " and " + log.size()
                        + " entries");
            }
            return new DurableState(hardState, log);
        } catch (IllegalArgumentException e) {
            throw new StoreException(file + ": not the state of a Raft server: " + e.getMessage());
        }
    }

    private static @Nullable TraceTail loadTail(Connection db) throws SQLException {
        try (Statement statement = db.createStatement();
                ResultSet row = statement.executeQuery("SELECT part, position, lines FROM trace_tail")) {
            return row.next() ? new TraceTail(row.getInt(1), row.getLong(2), String.valueOf(row.getString(3))) : null;
        }
    }

    @Override
    public DurableState state() {
        return state;
    }

    @Override
    public @Nullable TraceTail traceTail() {
        return tail;
    }

    @Override
    public void save(Changes changes) throws StoreException {
        try {
            for (LogChange change : changes.log()) {
                store(change);
            }
            HardState changed = changes.hardState();
            hardState = changed == null ? hardState : changed;
            if (changed != null || !changes.log().isEmpty()) {
                setHardState.setLong(1, hardState.currentTerm());
                setHardState.setString(2, hardState.votedFor());
                setHardState.setLong(3, checksums.size());
                setHardState.setLong(4, checksum(hardState, checksums.size(), last(checksums)));
                setHardState.executeUpdate();
            }
            TraceTail traced = changes.traceTail();
            if (traced != null) {
                setTail.setInt(1, traced.part());
                setTail.setLong(2, traced.position());
                setTail.setString(3, traced.lines());
                setTail.executeUpdate();
            }
            db.commit();
        } catch (SQLException e) {
            throw new StoreException(file + ": cannot be written: " + oneLine(e));
        }
    }

    private void store(LogChange change) throws SQLException {
        if (change.from() <= checksums.size()) {
            cut.setLong(1, change.from());
            cut.executeUpdate();
            checksums
                    .subList(Math.toIntExact(change.from() - 1), checksums.size())
                    .clear();
        }
        for (Entry entry : change.entries()) {
            long index = checksums.size() + 1L;
            long checksum = checksum(last(checksums), index, entry.term(), entry.value());
            insert.setLong(1, index);
            insert.setLong(2, entry.term());
            insert.setString(3, entry.value());
            insert.setLong(4, checksum);
            insert.executeUpdate();
            checksums.add(checksum);
        }
    }

    private static long last(List<Long> checksums) {
        return checksums.isEmpty() ? 0 : checksums.get(checksums.size() - 1);
    }

    private static long checksum(HardState hardState, long lastIndex, long lastChecksum) {
        return checksum(lastChecksum, lastIndex, hardState.currentTerm(), "vote " + hardState.votedFor());
    }

    private static long checksum(long before, long index, long term, String value) {
        CRC32C crc = new CRC32C();
        crc.update((before + " " + index + " " + term + " " + value).getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    private static String oneLine(SQLException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }

    @Override
    public void close() throws StoreException {
        try {
            db.close();
            lock.close();
        } catch (SQLException | IOException e) {
            throw new StoreException(file + ": cannot be closed: " + e.getMessage());
        }
    }

    private static void closeQuietly(@Nullable Connection db, @Nullable FileChannel lock) {
        try {
            if (db != null) {
                db.close();
            }
            if (lock != null) {
                lock.close();
            }
        } catch (SQLException | IOException e) {
            // What is reported is why it was not opened.
        }
    }
}
