package dev.checkedraft.server;

import dev.checkedraft.core.Message;
import dev.checkedraft.kv.Command;
import dev.checkedraft.kv.Outcome.Reply;

/** What comes to a node. */
public sealed interface Input {
    /** The clock went on. */
    record Tick() implements Input {}

    /** A message of a peer, and the number of the read round that it belongs to, see {@link ReadRounds}; 0 for none. */
    record FromPeer(Message message, long round) implements Input {}

    /** A client's write. */
    record Write(Command command, Reply reply) implements Input {}

    /** A client's read. */
    record Read(String key, Reply reply) implements Input {}
}
