package dev.checkedraft.replay;

import java.util.List;
import tlc2.tool.TLCState;

/**
 * A spec state before a divergent event, and the steps that the event names from there.
 *
 * @param spec the evaluator
 * @param before the state, with the event bound to {@code event} and the messages that it may have handled to
 *     {@code messages}
 * @param after the states to which the event's action leads, none of which agrees with all that the event reports
 */
public record Attempt(SpecEvaluator spec, TLCState before, List<TLCState> after) {
    public Attempt {
        after = List.copyOf(after);
    }
}
