package dev.checkedraft.explore;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.explore.History.Committed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An exchange of the servers' names. Raft treats all servers alike, so what is true of a state is true of it renamed, and
 * one of them is enough.
 *
 * @param servers all servers
 * @param renamed what each is called instead, in the same order
 */
record Renaming(List<String> servers, List<String> renamed) {

    /** All renamings of the servers, the one that changes nothing first. */
    static List<Renaming> all(List<String> servers) {
        List<List<String>> orders = new ArrayList<>();
        permute(new ArrayList<>(servers), 0, orders);
        return orders.stream().map(order -> new Renaming(servers, order)).toList();
    }

    private static void permute(List<String> names, int from, List<List<String>> orders) {
        if (from == names.size()) {
            orders.add(List.copyOf(names));
            return;
        }
        for (int k = from; k < names.size(); k++) {
            Collections.swap(names, from, k);
            permute(names, from + 1, orders);
            Collections.swap(names, from, k);
        }
    }

    String of(String server) {
        return renamed.get(servers.indexOf(server));
    }

    NodeState of(NodeState s) {
        return new NodeState(
                of(s.id()),
                s.currentTerm(),
                s.votedFor() == null ? null : of(s.votedFor()),
                s.role(),
                s.commitIndex(),
                s.votesGranted().stream().map(this::of).sorted().toList(),
                s.votesRefused().stream().map(this::of).sorted().toList(),
                ofEach(s.matchIndex()),
                ofEach(s.nextIndex()),
                s.log());
    }

    private SortedMap<String, Long> ofEach(SortedMap<String, Long> byServer) {
        SortedMap<String, Long> result = new TreeMap<>();
        byServer.forEach((server, index) -> result.put(of(server), index));
        return result;
    }

    Message of(Message message) {
        String from = of(message.from());
        String to = of(message.to());
        if (message instanceof RequestVote m) {
            return new RequestVote(m.term(), from, to, m.lastLogIndex(), m.lastLogTerm());
        } else if (message instanceof RequestVoteResponse m) {
            return new RequestVoteResponse(m.term(), from, to, m.voteGranted());
        } else if (message instanceof AppendEntries m) {
            return new AppendEntries(
                    m.term(), from, to, m.prevLogIndex(), m.prevLogTerm(), m.entries(), m.leaderCommit());
        } else if (message instanceof AppendEntriesResponse m) {
            return new AppendEntriesResponse(m.term(), from, to, m.success(), m.matchIndex());
        }
        throw new AssertionError(message);
    }

    History of(History history) {
        SortedMap<Long, String> leaders = new TreeMap<>();
        history.leaders().forEach((term, leader) -> leaders.put(term, of(leader)));
        List<Committed> committed = history.committed();
        return new History(leaders, committed);
    }
}
