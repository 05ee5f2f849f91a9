package dev.checkedraft.torture;

/** A fault of a node, planted to see that torture finds it. */
enum Plant {
    /** Answers and messages leave before the transaction is committed. */
    LATE_COMMIT,
    /** The vote has a transaction of its own, after the term's. */
    VOTE_APART,
    /** A read is answered without the round of heartbeats. */
    READ_AT_ONCE,
    /** A restarted node does not know which requests of its log came twice. */
    SESSIONS_LOST
}
