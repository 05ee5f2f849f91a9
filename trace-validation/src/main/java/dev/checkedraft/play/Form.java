package dev.checkedraft.play;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.RaftNode;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * The states of a server and the messages as words, in which servers are places in an order that begins with the server
 * itself. {@code model.js} writes and reads the same words.
 *
 * <p>A state is term, vote, role, commit index, what is known of each peer, and the log, as in {@code 2 0 L 1 1:2,0:1 1-,2-,2}.
 * An entry is its term, and a dash if it is the leader's no-op. Which value another entry has, no server looks at.
 */
final class Form {
    private Form() {}

    /** The orders that begin with a server: one for each order of its peers. */
    static List<List<String>> orders(String self, List<String> peers) {
        List<List<String>> orders = new ArrayList<>();
        extend(List.of(self), peers, orders);
        return orders;
    }

    private static void extend(List<String> order, List<String> rest, List<List<String>> orders) {
        if (rest.isEmpty()) {
            orders.add(order);
        }
        for (String next : rest) {
            List<String> longer = new ArrayList<>(order);
            longer.add(next);
            extend(longer, rest.stream().filter(server -> !server.equals(next)).toList(), orders);
        }
    }

    static String state(RaftNode node, List<String> order) {
        String vote = node.votedFor();
        return node.currentTerm() + " " + (vote == null ? "-" : order.indexOf(vote)) + " "
                + node.role().charAt(0) + " " + node.commitIndex() + " " + peers(node, order) + " " + log(node.log());
    }

    /** Of a leader, matchIndex:nextIndex; of a candidate, whether the peer granted, refused, or did both, one after the other. */
    private static String peers(RaftNode node, List<String> order) {
        List<String> granted = node.votesGranted();
        List<String> refused = node.votesRefused();
        StringJoiner words = new StringJoiner(",");
        for (String peer : order.subList(1, order.size())) {
            if (node.isLeader()) {
                words.add(node.matchIndex(peer) + ":" + node.nextIndex(peer));
            } else if (refused.contains(peer)) {
                words.add(granted.contains(peer) ? "b" : "r");
            } else {
                words.add(granted.contains(peer) ? "g" : ".");
            }
        }
        return words.toString();
    }

    static String log(List<Entry> entries) {
        StringJoiner words = new StringJoiner(",");
        for (Entry entry : entries) {
            words.add(entry.term() + (entry.isNoOp() ? "-" : ""));
        }
        return words.toString();
    }

    /** A message with the place of the other server, the sender of one handled and the receiver of one sent. */
    static String message(Message message, String other, List<String> order) {
        String head = " " + order.indexOf(other) + " " + message.term() + " ";
        if (message instanceof RequestVote m) {
            return "RV" + head + m.lastLogIndex() + " " + m.lastLogTerm();
        } else if (message instanceof RequestVoteResponse m) {
            return "RVR" + head + m.voteGranted();
        } else if (message instanceof AppendEntries m) {
            return "AE" + head + m.prevLogIndex() + " " + m.prevLogTerm() + " " + m.leaderCommit() + " "
                    + log(m.entries());
        } else if (message instanceof AppendEntriesResponse m) {
            return "AER" + head + m.success() + " " + m.matchIndex();
        }
        throw new AssertionError(message);
    }
}
