package dev.checkedraft.proof;

import java.util.List;

/**
 * One thing for the solver to show: that some formulas cannot hold together.
 *
 * @param claim what is claimed; "CASE" for the claim that some arm of a CASE applies
 * @param action the action of the step; "Init" for the first state, "" where there is no step
 * @param way the conditions that single out the way through the action, as the spec has them
 * @param step the number of the way among all; -1 where there is no step
 * @param part the number of the obligation among those of its claim and way
 * @param uses what else is known to hold, as the plan has it
 * @param goal what must hold, as a formula
 * @param text the obligation in SMT-LIB 2: unsatisfiable if it holds
 */
public record Obligation(
        String claim,
        String action,
        List<String> way,
        int step,
        int part,
        List<String> uses,
        String goal,
        String text) {
    public Obligation {
        way = List.copyOf(way);
        uses = List.copyOf(uses);
    }

    /** A name that no other obligation of the proof has, fit for a file. */
    public String id() {
        String at = action.isEmpty() ? "state" : action + (step < 0 ? "" : "-" + step);
        return claim + "-" + at + "-" + part;
    }

    @Override
    public String toString() {
        return claim
                + (action.isEmpty() ? "" : ", " + action)
                + (way.isEmpty() ? "" : " where " + String.join(", ", way));
    }
}
