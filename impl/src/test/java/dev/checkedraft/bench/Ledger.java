package dev.checkedraft.bench;

/** A node's state machine: counts the commands and holds each to what the client sent at that place. */
final class Ledger {
    private final String node;
    private long applied = 0;

    Ledger(String node) {
        this.node = node;
    }

    /** Applies the next command. */
    void apply(Object command) {
        String expected = Commands.number(applied);
        if (!expected.equals(command)) {
            throw new IllegalStateException(
                    node + " applies " + command + " where command " + applied + ", " + expected + ", is due");
        }
        applied++;
    }

    /** How many commands were applied. */
    long applied() {
        return applied;
    }
}
