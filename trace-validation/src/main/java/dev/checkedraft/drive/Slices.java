package dev.checkedraft.drive;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.schedule.Decision.Send;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.validate.ServerView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a correct leader with other flow control might send: any slice of its log, and any commit index up to its own. A
 * receiver sees what a port's own leader never makes, and so a wrong receiver cannot hide behind it.
 */
public final class Slices {
    private Slices() {}

    /**
     * The message.
     *
     * @param leader the node in whose name it is sent
     * @return null if that does not lead, or if its log has no such slice
     */
    static @Nullable Map<String, Object> message(Send send, @Nullable ServerView leader) {
        if (leader == null
                || !leader.leads()
                || send.after() + send.count() > leader.lastIndex()
                || send.commit() > leader.commitIndex()) {
            return null;
        }
        int after = (int) send.after();
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("type", MessageKind.APPEND_ENTRIES.label());
        message.put("term", leader.currentTerm());
        message.put("from", Nodes.name(send.node()));
        message.put("to", Nodes.name(send.to()));
        message.put("prevLogIndex", send.after());
        message.put("prevLogTerm", leader.termAt(after));
        message.put("entries", leader.entries(after, send.count()));
        message.put("leaderCommit", send.commit());
        return message;
    }

    /** Any slice, short ones mostly; and mostly with all of the commit index. */
    public static Send any(int node, int to, ServerView leader, SplittableRandom random) {
        int after = random.nextInt(leader.lastIndex() + 1);
        int most = leader.lastIndex() - after;
        int count = random.nextInt(1 + (random.nextInt(4) == 0 ? most : Math.min(most, 2)));
        int commit = leader.commitIndex();
        return new Send(node, to, after, count, random.nextInt(3) == 0 ? random.nextInt(commit + 1) : commit);
    }
}
