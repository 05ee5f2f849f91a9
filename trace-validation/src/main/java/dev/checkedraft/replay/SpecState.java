package dev.checkedraft.replay;

import dev.checkedraft.judge.UnloggedSends;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.tlc.SpecEvaluator;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.FcnRcdValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;

/**
 * A state of the spec that explains what was seen so far.
 *
 * @param vars the servers' variables; {@code messages} and {@code event} are empty
 * @param onlyHere the messages sent on the way here, and not on the way to every other state of the frontier
 * @param leaderships past leaderships, for {@link UnloggedSends}
 */
record SpecState(TLCState vars, Set<PackedMessage> onlyHere, Map<UnloggedSends.Leadership, TLCState> leaderships) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpecState s
                && onlyHere.equals(s.onlyHere)
                && vars.equals(s.vars)
                && leaderships.equals(s.leaderships);
    }

    /** Of what differs soonest; the logs are left out, for their length. */
    @Override
    public int hashCode() {
        int hash = onlyHere.size();
        for (String variable : new String[] {"currentTerm", "votedFor", "role", "commitIndex"}) {
            Value function = SpecEvaluator.value(vars, variable);
            if (function instanceof FcnRcdValue f) {
                for (Value value : f.values) {
                    hash = 31 * hash
                            + (value instanceof IntValue n
                                    ? n.val
                                    : value instanceof StringValue s ? s.val.getTok() : 0);
                }
            }
        }
        return hash;
    }
}
