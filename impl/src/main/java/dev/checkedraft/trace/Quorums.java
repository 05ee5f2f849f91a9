package dev.checkedraft.trace;

/**
 * How many servers decide. Any two quorums that elect have a server in common, and any that elects and one that commits.
 *
 * @param election so many votes elect a leader
 * @param commit so many servers that hold an entry commit it
 */
public record Quorums(int election, int commit) {
    /** Of a cluster of so many servers: more than half. */
    public static Quorums majorities(int servers) {
        return new Quorums(servers / 2 + 1, servers / 2 + 1);
    }

    /** Whether they meet in a cluster of so many servers. */
    boolean meet(int servers) {
        return 2 * election > servers && election + commit > servers && election <= servers && commit <= servers;
    }
}
