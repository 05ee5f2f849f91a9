package dev.checkedraft.replay;

import dev.checkedraft.judge.AnyAction;
import dev.checkedraft.tlc.SpecEvaluator;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;

/**
 * A spec state before a divergent event, and the step that the event names from there.
 *
 * @param spec the evaluator
 * @param before the state, with the event bound to {@code event}, and to {@code messages} the message that is taken to have
 *     been handled
 * @param handled that message; null if the event handles none, or there was none to handle
 * @param after the states to which the event's action leads, none of which agrees with all that the event reports; none if
 *     the action has no step here
 * @param any the action, if Raft.tla has none of the event's name; else null
 */
public record TriedStep(
        SpecEvaluator spec,
        TLCState before,
        @Nullable SentMessage handled,
        List<TLCState> after,
        @Nullable AnyAction any) {
    public TriedStep {
        after = List.copyOf(after);
    }
}
