package dev.checkedraft.play;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.InvalidInputException;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What one server may be given.
 *
 * @param name timeout, heartbeat, propose, restart or deliver
 * @param message the message delivered; null if it is another input
 */
record LocalInput(String name, @Nullable Message message) {
    /** No server looks at a value, so that one value stands for all. */
    static final String VALUE = "v";

    static final LocalInput TIMEOUT = new LocalInput("timeout", null);
    static final LocalInput HEARTBEAT = new LocalInput("heartbeat", null);
    static final LocalInput PROPOSE = new LocalInput("propose", null);
    static final LocalInput RESTART = new LocalInput("restart", null);

    private static final Ready RESTARTED = new Ready(Action.RESTART, null, null, List.of(), 1, List.of());

    /** The server after the input, and what it put out. */
    record Outcome(RaftNode after, Ready ready) {}

    static LocalInput deliver(Message message) {
        return new LocalInput("deliver", message);
    }

    String form(List<String> order) {
        return message == null ? name : Form.message(message, message.from(), order);
    }

    /** The value that a step of the spec has for it; null if none. */
    @Nullable
    String value() {
        return this.equals(PROPOSE) ? VALUE : null;
    }

    /** What the core does, on a copy; null if it does not take the input. */
    @Nullable
    Outcome given(RaftNode before) {
        if (name.equals("restart")) {
            return new Outcome(RaftNode.restart(before.config(), before.durableState()), RESTARTED);
        }
        if (name.equals("heartbeat") && !before.isLeader()) {
            return null;
        }
        RaftNode after = before.copy();
        try {
            Message m = message;
            if (m != null) {
                return new Outcome(after, after.step(m));
            }
            return new Outcome(
                    after,
                    switch (name) {
                        case "timeout" -> after.startElection();
                        case "heartbeat" -> after.sendHeartbeats();
                        default -> after.propose(VALUE);
                    });
        } catch (InvalidInputException e) {
            return null;
        }
    }
}
