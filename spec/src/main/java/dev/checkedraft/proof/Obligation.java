package dev.checkedraft.proof;

import java.util.List;

/**
 * One thing for the solver to show: that some formulas cannot hold together.
 *
 * @param claim what is claimed
 * @param action the action of the step; "Init" for the first state, "" where there is no step
 * @param way the conditions that single out the way through the action, as the spec has them
 * @param goal what must hold, as a formula
 * @param text the obligation in SMT-LIB 2: unsatisfiable if it holds
 */
public record Obligation(String claim, String action, List<String> way, int step, int part, String goal, String text) {
    /** A name that no other obligation of the proof has, fit for a file. */
    public String id() {
        String at = action.isEmpty() ? "state" : action + (step < 0 ? "" : "-" + step);
        return claim + "-" + at + "-" + part;
    }

    @Override
    public String toString() {
        return claim + (action.isEmpty() ? "" : ", " + action) + (way.isEmpty() ? "" : " where " + String.join(", ", way));
    }
}
