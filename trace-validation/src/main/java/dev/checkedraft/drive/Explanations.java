package dev.checkedraft.drive;

import dev.checkedraft.explain.Explanation;
import dev.checkedraft.replay.Divergence;
import dev.checkedraft.trace.TraceLocation;
import java.util.List;

/** Why the spec has no step for what a port did, in terms of the schedule. */
final class Explanations {
    /** Where an event of a step stands, for the replay. */
    static TraceLocation at(int step) {
        return new TraceLocation("step", step);
    }

    private Explanations() {}

    /** The first line is the reason, beginning with the node's name. */
    static List<String> of(Divergence divergence) {
        String place = divergence.where() + ": ";
        return Explanation.of(divergence)
                .text(false)
                .lines()
                .map(line -> line.startsWith(place) ? line.substring(place.length()) : line.strip())
                .map(line -> line.replaceAll("\\bline (?=\\d)", "step "))
                .toList();
    }
}
