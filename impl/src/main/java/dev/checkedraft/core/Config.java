package dev.checkedraft.core;

import java.util.List;

/**
 * What a server is told when it starts. Times are in ticks, whatever the caller makes of one.
 *
 * @param id this server, one of {@code servers}
 * @param servers the whole cluster, the same on every server, without repetition
 * @param minElectionTimeout the shortest election timeout, in ticks (section 5.2)
 * @param maxElectionTimeout the longest election timeout, in ticks, at least the shortest
 * @param heartbeatInterval how often a leader sends to everyone, in ticks, less than the shortest election timeout
 * @param maxEntries the most entries in one AppendEntries, 1 or more
 * @param seed what the randomized election timeouts are drawn from
 */
public record Config(
        String id,
        List<String> servers,
        int minElectionTimeout,
        int maxElectionTimeout,
        int heartbeatInterval,
        int maxEntries,
        long seed) {

    public Config {
        servers = List.copyOf(servers);
        if (servers.stream().distinct().count() != servers.size()) {
            throw new IllegalArgumentException("a server is named twice in " + servers);
        }
        if (!servers.contains(id)) {
            throw new IllegalArgumentException("server " + id + " is not in its cluster " + servers);
        }
        if (heartbeatInterval < 1 || minElectionTimeout <= heartbeatInterval) {
            throw new IllegalArgumentException("1 <= heartbeat interval < shortest election timeout does not hold: "
                    + heartbeatInterval + ", " + minElectionTimeout);
        }
        if (maxElectionTimeout < minElectionTimeout) {
            throw new IllegalArgumentException("the longest election timeout, " + maxElectionTimeout
                    + ", is less than the shortest, " + minElectionTimeout);
        }
        if (maxEntries < 1) {
            throw new IllegalArgumentException("an AppendEntries carries 1 entry or more, not " + maxEntries);
        }
    }

    /** A configuration with election timeouts of 10 to 20 ticks, a heartbeat each 3, and 16 entries a message. */
    public static Config of(String id, List<String> servers, long seed) {
        return new Config(id, servers, 10, 20, 3, 16, seed);
    }

    /** The other servers, in the order of {@code servers}. */
    public List<String> peers() {
        return servers.stream().filter(server -> !server.equals(id)).toList();
    }

    /**
     * The election timeout of this server in a term, in ticks: drawn anew for every term, so that a split vote is unlikely
     * to repeat (section 5.2), and a function of the seed, so that a run can be repeated.
     */
    public int electionTimeout(long term) {
        long mixed = mix(seed);
        for (int k = 0; k < id.length(); k++) {
            mixed = mix(mixed ^ id.charAt(k));
        }
        mixed = mix(mixed ^ term);
        return minElectionTimeout + (int) Long.remainderUnsigned(mixed, maxElectionTimeout - minElectionTimeout + 1L);
    }

    /** SplitMix64's output function (Steele, Lea, Flood, 2014): spreads a change of any bit over all bits. */
    private static long mix(long x) {
        long z = x + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
