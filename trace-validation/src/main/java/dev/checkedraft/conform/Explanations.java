package dev.checkedraft.conform;

import dev.checkedraft.replay.Divergence;
import java.util.List;

/** Why the spec has no step for what a port did. */
final class Explanations {
    private Explanations() {}

    static List<String> of(Divergence divergence) {
        return List.of(String.valueOf(divergence.event()));
    }
}
