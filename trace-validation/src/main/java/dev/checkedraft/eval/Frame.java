package dev.checkedraft.eval;

import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.tool.impl.ReplayTool;
import tlc2.value.impl.Value;

/** One evaluation of an action: the state before, what is known of the state after, and the values of names. */
final class Frame {
    final TLCState before;
    /** Variables that no conjunct has given a value yet are null. */
    final TLCState after;

    final ReplayTool.Visits visits;

    /**
     * Each parameter, bound identifier and definition of a LET has a place of its own: there is no recursion. A definition
     * that was not needed yet is null.
     */
    final @Nullable Value[] slots;

    Frame(TLCState before, TLCState after, ReplayTool.Visits visits, int slots) {
        this.before = before;
        this.after = after;
        this.visits = visits;
        this.slots = new @Nullable Value[slots];
    }
}
