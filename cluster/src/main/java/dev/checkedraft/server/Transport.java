package dev.checkedraft.server;

import dev.checkedraft.core.Message;

/** The way to the peers. What is sent may be lost, repeated and overtaken; nobody waits for it. */
@FunctionalInterface
public interface Transport {
    /** Sends to {@code message.to()}, with the number of the read round that it belongs to, 0 for none. */
    void send(Message message, long round);
}
