package dev.checkedraft.sim;

/** What a run may reach: a run that reaches little checks little. */
public enum Milestone {
    /** A follower or candidate started an election. */
    ELECTION("elections started"),
    /** A node began to lead. */
    LEADER("leaders elected"),
    /** A leader was told of a newer term and follows. */
    LEADER_DEPOSED("leaders deposed"),
    /** A candidate follows, since a majority refused it (section 5.2). */
    MAJORITY_REFUSED("candidates refused by a majority"),
    /** A candidate follows, since another one of its term leads (section 5.2). */
    ELECTION_LOST("candidates that found a leader of their term"),
    /** A vote was granted. */
    VOTE_GRANTED("votes granted"),
    /** A vote was refused. */
    VOTE_REFUSED("votes refused"),
    /** A leader took a client's value. */
    PROPOSAL("values proposed"),
    /** An AppendEntries did not pass the consistency check, or was of an old term (section 5.3). */
    APPEND_REFUSED("appends refused"),
    /** A follower removed entries that conflicted with the leader's (section 5.3). */
    TRUNCATION("conflicts truncated"),
    /** An entry was committed, for the first time. */
    COMMIT("entries committed"),
    /** A commit by counting took entries of older terms along (section 5.4.2). */
    OLD_TERM_COMMIT("commits of older terms' entries"),
    /** A message of an older term than the receiver's arrived. */
    STALE_MESSAGE("messages of old terms delivered"),
    /** A message arrived that had arrived before. */
    REPEATED_MESSAGE("messages delivered again"),
    /** A message overtook another one of its kind and link. */
    OVERTAKING("messages that overtook others"),
    /** A message was lost. */
    DROP("messages dropped"),
    /** A link was cut. */
    CUT("cuts of links"),
    /** A node crashed between two inputs. */
    CRASH("crashes between inputs"),
    /** A node crashed while it handled an input, which is lost. */
    CRASH_BEFORE_PERSISTING("crashes before persisting"),
    /** A node crashed after persisting, before all its messages had left. */
    CRASH_BEFORE_SENDING("crashes between persisting and sending"),
    /** A node restarted. */
    RESTART("restarts"),
    /** A leader sent a slice of its log that was drawn, and not this core's choice. */
    SLICE("slices sent as by other leaders"),
    /** A message arrived so late that a hundred messages of its kind and link had been sent after it. */
    LATE_MESSAGE("messages that came a hundred later"),
    /** A node handled its 200th vote request of one life. */
    LONG_LIFE("lives of 200 vote requests"),
    /** A node's log reached 200 entries, beyond those that it began with. */
    LONG_LOG("logs of 200 entries"),
    /** A node reached a term a hundred above that in which the cluster began. */
    HIGH_TERM("nodes past term 100"),
    /** A node's term passed 2^15, 2^16, 2^30, 2^31 or 2^32. */
    TERM_LIMIT("terms past a power of two that types end at"),
    /** A node's log passed 2^15 or 2^16 entries. */
    LOG_LIMIT("logs past a power of two that types end at"),
    /** Faults ended, and the cluster settled and kept its leader. */
    RECOVERY("recoveries once faults end");

    private final String label;

    Milestone(String label) {
        this.label = label;
    }

    /** What it counts, in the plural. */
    public String label() {
        return label;
    }
}
