package dev.checkedraft.validate;

import java.util.List;

/** A run in a file a server, in which one event may have handled 70 messages, and only the one sent first explains it all. */
public final class MergedRuns {
    private static final String OPEN = """
            {"format":"checked-raft-trace","version":1,"servers":["n1","n2","n3"],"observes":[]}
            """;

    private static final int PROPOSALS = 69;

    /** What the leader cannot do then. */
    public static final String IMPOSSIBLE = """
            {"event":"Propose","node":"n1","value":"v","state":{"role":"Follower","currentTerm":77}}
            {"event":"StartElection","node":"n1","state":{"currentTerm":3,"role":"Leader"}}
            """;

    /** Sends every prefix of its log to n2, and has an answer to the shortest. */
    public static final String LEADER = leader();

    private static String leader() {
        StringBuilder file = new StringBuilder(OPEN);
        file.append("""
                {"event":"StartElection","node":"n1"}
                {"event":"HandleRequestVoteResponse","node":"n1","msg":{"type":"RequestVoteResponse","term":1,"from":"n3",\
                "to":"n1","voteGranted":true}}
                """);
        file.append("{\"event\":\"Propose\",\"node\":\"n1\",\"value\":\"v\"}\n".repeat(PROPOSALS));
        for (int k = 0; k <= PROPOSALS; k++) {
            file.append(
                            "{\"event\":\"SendAppendEntries\",\"node\":\"n1\",\"msg\":{\"type\":\"AppendEntries\",\"term\":1,")
                    .append("\"from\":\"n1\",\"to\":\"n2\",\"prevLogIndex\":0,\"prevLogTerm\":0,")
                    .append("\"entries\":[{\"term\":1,\"value\":\"\"}")
                    .append(",{\"term\":1,\"value\":\"v\"}".repeat(k))
                    .append("],\"leaderCommit\":0}}\n");
        }
        file.append("""
                {"event":"HandleAppendEntriesResponse","node":"n1","msg":{"type":"AppendEntriesResponse","term":1,\
                "from":"n2","to":"n1","success":true,"matchIndex":1}}
                """);
        return file.toString();
    }

    /** Handles one of them, without telling which. */
    public static final String FOLLOWER = OPEN + "{\"event\":\"HandleAppendEntries\",\"node\":\"n2\"}\n";

    public static final String VOTER = OPEN + """
            {"event":"HandleRequestVote","node":"n3","msg":{"type":"RequestVote","term":1,"from":"n1","to":"n3",\
            "lastLogIndex":0,"lastLogTerm":0}}
            """;

    private MergedRuns() {}

    /** The files of the three servers, 144 events. */
    public static List<String> files() {
        return List.of(LEADER, FOLLOWER, VOTER);
    }
}
