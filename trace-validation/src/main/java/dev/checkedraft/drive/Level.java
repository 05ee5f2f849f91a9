package dev.checkedraft.drive;

import java.util.Locale;

/** How much of Raft a port is held to: each level includes the one before. */
public enum Level {
    /** Elections only: no AppendEntries, no proposals, no crashes. */
    ELECTION,
    /** And log replication: no crashes. */
    REPLICATION,
    /** And crashes, with restarts from what was persisted. */
    ALL;

    /** How the command line calls it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
