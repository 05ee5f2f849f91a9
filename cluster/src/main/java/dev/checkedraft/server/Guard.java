package dev.checkedraft.server;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections of a port that are of no use so far: a stranger's that says nothing, or says it byte by byte. They are closed
 * after a time, and the oldest once there are too many, so that they cannot take the place of the others. Used in the I/O
 * thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of closing and sending: a connection that fails is closed
final class Guard {
    private final int most;
    private final long nanos;
    private final Map<Channel, Long> useless = new LinkedHashMap<>();

    Guard(int most, long seconds) {
        this.most = most;
        nanos = seconds * 1_000_000_000L;
    }

    /** The connection was opened, or its request is answered. */
    void waits(Channel channel) {
        useless.remove(channel);
        useless.put(channel, System.nanoTime());
        if (useless.size() > most) {
            close(useless.keySet().iterator());
        }
    }

    /** It has said something that makes sense. */
    void isOfUse(Channel channel) {
        useless.remove(channel);
    }

    void closed(Channel channel) {
        useless.remove(channel);
    }

    /** Closes those that waited too long. */
    void sweep() {
        long now = System.nanoTime();
        for (Iterator<Map.Entry<Channel, Long>> it = useless.entrySet().iterator(); it.hasNext(); ) {
            Map.Entry<Channel, Long> oldest = it.next();
            if (now - oldest.getValue() < nanos) {
                return;
            }
            it.remove();
            oldest.getKey().close();
        }
    }

    private static void close(Iterator<Channel> oldest) {
        Channel channel = oldest.next();
        oldest.remove();
        channel.close();
    }
}
