package dev.checkedraft.safety;

/** What must hold at every step. The names are those of {@code spec/RaftProperties.tla}, as far as it has them. */
public enum Property {
    /** At most one leader is elected in a term, ever (section 5.2). */
    ELECTION_SAFETY("ElectionSafety"),
    /** A leader never overwrites or deletes entries of its log (section 5.3). */
    LEADER_APPEND_ONLY("LeaderAppendOnly"),
    /** Logs that hold an entry of the same index and term are identical up to there (section 5.3). */
    LOG_MATCHING("LogMatching"),
    /** An entry committed in a term is in the log of the leader of every later term (section 5.4). */
    LEADER_COMPLETENESS("LeaderCompleteness"),
    /** No two nodes ever apply different entries at one index (section 5.4.3). */
    STATE_MACHINE_SAFETY("StateMachineSafety"),
    /** What is committed is in the durable logs of a majority, and stays there. */
    COMMITTED_ENTRIES_SURVIVE("CommittedEntriesSurvive"),
    /** A node's term never goes back, not even at a restart (section 5.1). */
    TERM_NEVER_GOES_BACK("TermNeverGoesBack"),
    /** A node's commit index never goes back in one life. */
    COMMIT_INDEX_NEVER_GOES_BACK("CommitIndexNeverGoesBack"),
    /** A node votes once in a term, restarts or not (section 5.2). */
    ONE_VOTE_A_TERM("OneVoteATerm"),
    /** A leader's matchIndex claims nothing that a follower of its term does not hold. */
    MATCH_INDEX_IS_TRUE("MatchIndexIsTrue"),
    /** What a leader knows of another log only grows while it leads. */
    MATCH_INDEX_NEVER_GOES_BACK("MatchIndexNeverGoesBack"),
    /** Whom a node names as the leader led the term that the node is in. */
    NAMED_LEADER_LED("NamedLeaderLed"),
    /** After every input a node's term, vote and log are what it had made durable, and what a restart gives it. */
    PERSISTED("Persisted"),
    /** The core refuses nothing that a cluster of its own brings about, and never fails. */
    NO_EXCEPTION("NoException"),
    /** The same input in the same state has the same outcome. */
    DETERMINISM("Determinism"),
    /**
     * An election begins when the timeout of the term has passed since it was last put off, and not before (section
     * 5.2).
     */
    ELECTION_IN_TIME("ElectionInTime"),
    /** Election timeouts differ, from node to node and from term to term (section 5.2). */
    TIMEOUTS_DIFFER("TimeoutsDiffer"),
    /** A leader sends to everyone at every heartbeat interval (section 5.2). */
    HEARTBEAT_IN_TIME("HeartbeatInTime"),
    /** Once faults end a leader comes about in time, everything is committed everywhere, and it stays the leader. */
    PROGRESS("Progress");

    private final String label;

    Property(String label) {
        this.label = label;
    }

    /** Whether it says when something is to happen: where it fails nothing unsafe has happened yet. */
    public boolean isAboutTime() {
        return compareTo(ELECTION_IN_TIME) >= 0;
    }

    /** The property's name, such as {@code ElectionSafety}. */
    public String label() {
        return label;
    }
}
