package dev.checkedraft.port;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Message;

/**
 * A Raft server written in Java, to be tried in this JVM: inputs come as calls, and each returns all that came of it. The calls
 * are the inputs of PORTING.md, which says what each must do.
 *
 * <p>What {@link Answer#persisting} does not say is lost in a crash: the node is dropped, and another one started from what
 * was persisted. The same inputs, from the same seed, must give the same answers. One thread at a time uses a node, and several
 * nodes may be in use at once. An exception is a fault of the node; to refuse an input is {@link Answer#refused}.
 */
public interface Port {
    /**
     * Be this server, a follower. Comes first, and once.
     *
     * @param durable all that it persisted in its lives before
     * @return {@link Answer#did} of {@code Restart}, with its state
     */
    Answer start(Config config, DurableState durable);

    /** The clock ticks: the timeouts in {@link Config} are in ticks. What is random comes from its seed and nothing else. */
    Answer tick();

    /** The election timeout ends now. A leader may refuse. */
    Answer electionTimeout();

    /** If it leads, it sends everyone what it may lack, or an empty AppendEntries. Who does not lead does nothing. */
    Answer heartbeat();

    /** A message arrived. One from a stranger, or for another server, must be refused. */
    Answer receive(Message message);

    /** A client proposes a value. Who does not lead must refuse. */
    Answer propose(String value);
}
