package dev.checkedraft.hunt;

/** What a planted bug is hunted with. */
enum Net {
    /** The core's unit tests and those of the paper's claims. */
    TESTS("tests"),
    /** Random runs, the safety properties checked at every step; no spec. */
    PROPERTIES("properties"),
    /** Random runs, their traces replayed against the spec; no property checked. */
    REPLAY("replay"),
    /** Every schedule within bounds, every step held against the spec. */
    EXPLORE("explore"),
    /** Runs by ticks, and runs after which all faults end: elections and heartbeats in time, and progress. */
    TICKS("ticks"),
    /** All that {@code raft verify} does with its runs. */
    VERIFY("verify"),
    /** What {@code raft conform} does, with the core as a port. */
    CONFORM("conform"),
    /** The vectors for ports. */
    VECTORS("vectors"),
    /** The same bug in the spec, for the model checker. */
    SPEC("spec");

    private final String label;

    Net(String label) {
        this.label = label;
    }

    /** Its name in tables. */
    String label() {
        return label;
    }
}
