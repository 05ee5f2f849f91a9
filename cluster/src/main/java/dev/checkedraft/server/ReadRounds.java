package dev.checkedraft.server;

import dev.checkedraft.kv.Outcome.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads that wait until it is sure that nobody else leads (ReadIndex, section 8 of the paper). A read takes the leader's commit
 * index as it is then, which holds every write answered before, once the leader has committed an entry of its term. A round
 * of heartbeats follows. A majority that answers them in the leader's term had, after the read came, seen no newer
 * term, so no newer leader had committed anything by then.
 *
 * <p>The messages of figure 2 do not say which heartbeat they answer. So a frame has a number beside its message, which the
 * answer repeats if it is of the request's term: the leader of a term is one life of one server, which never gives a
 * number twice.
 */
public class ReadRounds {
    private final int servers;
    private final List<Read> fresh = new ArrayList<>();
    private final Deque<Round> rounds = new ArrayDeque<>();
    private long number = 0;

    /** A read, and the tick in which it came. */
    record Read(String key, Reply reply, long since) {}

    private record Round(long number, List<Read> reads, Set<String> heard) {}

    /** For a cluster of so many servers. */
    public ReadRounds(int servers) {
        this.servers = servers;
    }

    void add(Read read) {
        fresh.add(read);
    }

    boolean hasFresh() {
        return !fresh.isEmpty();
    }

    /** The round that what is sent now belongs to. */
    long number() {
        return number;
    }

    /** Begins a round for the reads that are in none yet: heartbeats are to be sent after this. */
    void begin(String self) {
        number++;
        rounds.addLast(new Round(number, List.copyOf(fresh), new TreeSet<>(Set.of(self))));
        fresh.clear();
    }

    /** A peer answered, in the leader's term, what was sent in that round. */
    void heard(String peer, long round) {
        for (Round open : rounds) {
            if (open.number <= round) {
                open.heard.add(peer);
            }
        }
    }

    /** The reads that may be answered now. */
    List<Read> takeDone() {
        List<Read> done = new ArrayList<>();
        for (Iterator<Round> it = rounds.iterator(); it.hasNext(); ) {
            Round round = it.next();
            if (isEnough(round.heard.size(), servers)) {
                done.addAll(round.reads);
                it.remove();
            }
        }
        return done;
    }

    /** Whether so many of the servers have answered that none can have a newer leader's commit. */
    protected boolean isEnough(int heard, int servers) {
        return 2 * heard > servers;
    }

    /** The reads that came before a tick, or all. */
    List<Read> takeOlderThan(long tick) {
        List<Read> old = new ArrayList<>();
        fresh.removeIf(read -> read.since < tick && old.add(read));
        List<Round> kept = new ArrayList<>();
        for (Round round : rounds) {
            if (round.reads.stream().allMatch(read -> read.since < tick)) {
                old.addAll(round.reads);
            } else {
                kept.add(round);
            }
        }
        rounds.clear();
        rounds.addAll(kept);
        return old;
    }
}
