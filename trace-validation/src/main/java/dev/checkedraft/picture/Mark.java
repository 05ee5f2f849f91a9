package dev.checkedraft.picture;

/**
 * Something at an event that is worth seeing from afar.
 *
 * @param kind what it is, which gives it its colour
 * @param words the same for a reader
 */
record Mark(Kind kind, String words) {
    /** The kinds, as they are called in the style sheet. */
    enum Kind {
        ELECTED("elected"),
        COMMIT("commit"),
        CUT("cut"),
        CRASH("crash"),
        CHOICE("choice"),
        DECISIVE("decisive");

        final String label;

        Kind(String label) {
            this.label = label;
        }
    }
}
