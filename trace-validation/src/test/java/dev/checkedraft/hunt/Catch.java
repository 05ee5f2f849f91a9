package dev.checkedraft.hunt;

import java.util.Locale;

/**
 * What a net did with a bug.
 *
 * @param found whether it found it
 * @param runs how many runs (tests, states) that took, or were made in vain
 * @param seconds how long
 * @param decisions the length of the failing schedule made short; 0 if there is none
 * @param how what it found
 */
record Catch(boolean found, long runs, double seconds, int decisions, String how) {
    /** In a cell of a table. */
    String cell() {
        if (runs == 0) {
            return found ? how : "-";
        }
        if (!found) {
            return String.format(Locale.ROOT, "- (%,d)", runs);
        }
        String length = decisions == 0 ? "" : ", **" + decisions + "**";
        return String.format(Locale.ROOT, "%,d, %.1f s%s", runs, seconds, length);
    }
}
