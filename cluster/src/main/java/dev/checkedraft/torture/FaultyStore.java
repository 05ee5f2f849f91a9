package dev.checkedraft.torture;

import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.HardState;
import dev.checkedraft.disk.Store;
import dev.checkedraft.disk.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A store that fails or is slow while a file of that name is beside it, and that has one of the planted faults, or none. */
final class FaultyStore implements Store {
    /** Beside the database: writes fail. */
    static final String FAIL = "fail-writes";

    /** Beside the database: writes take long. */
    static final String SLOW = "slow-writes";

    private static final long SLOW_MILLIS = 150;

    /** How long, with a planted fault, a change stays in memory. */
    private static final long LATE_NANOS = 250_000_000;

    private final Store store;
    private final Path directory;
    private final @Nullable Plant plant;

    /** Changes that should be on the disk, and the time from which they will be. */
    private final Deque<Late> late = new ArrayDeque<>();

    private record Late(Changes changes, long from) {}

    FaultyStore(Store store, Path directory, @Nullable Plant plant) {
        this.store = store;
        this.directory = directory;
        this.plant = plant;
    }

    @Override
    public DurableState state() {
        return store.state();
    }

    @Override
    public @Nullable TraceTail traceTail() {
        return store.traceTail();
    }

    @Override
    public void save(Changes changes) throws StoreException {
        if (Files.exists(directory.resolve(FAIL))) {
            throw new StoreException(directory + ": cannot be written: " + FAIL + " is there");
        }
        if (Files.exists(directory.resolve(SLOW))) {
            pause();
        }
        if (plant == Plant.LATE_COMMIT) {
            late.addLast(new Late(changes, System.nanoTime() + LATE_NANOS));
            saveLate(System.nanoTime());
        } else if (plant == Plant.VOTE_APART) {
            saveLate(Long.MAX_VALUE);
            HardState both = changes.hardState();
            if (both != null && both.votedFor() != null) {
                late.addLast(new Late(new Changes(both, List.of(), null), 0));
                store.save(new Changes(new HardState(both.currentTerm(), null), changes.log(), changes.traceTail()));
            } else {
                store.save(changes);
            }
        } else {
            store.save(changes);
        }
    }

    private void saveLate(long now) throws StoreException {
        for (Late next = late.peekFirst(); next != null && next.from < now; next = late.peekFirst()) {
            store.save(next.changes);
            late.removeFirst();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(SLOW_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws StoreException {
        saveLate(Long.MAX_VALUE);
        store.close();
    }
}
