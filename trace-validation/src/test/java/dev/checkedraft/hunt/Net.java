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
    /** Random runs after which all faults end: a leader, and everything committed everywhere, within a time. */
    CALM("calm");

    private final String label;

    Net(String label) {
        this.label = label;
    }

    /** Its name in tables. */
    String label() {
        return label;
    }
}
