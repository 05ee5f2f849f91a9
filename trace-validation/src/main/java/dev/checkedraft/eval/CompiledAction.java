package dev.checkedraft.eval;

import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;
import tla2sany.semantic.OpDefNode;
import tlc2.tool.TLCState;
import tlc2.tool.impl.ReplayTool;
import tlc2.value.impl.Value;

/**
 * An action that, given its arguments, leads to one state at most: it says what each primed variable is, by conjunctions,
 * IF, CASE and LET, and leaves no choice by a disjunction or {@code \E}. Immutable, for all threads.
 */
public final class CompiledAction {
    private final Code body;
    private final int parameters;
    private final int slots;

    CompiledAction(Code body, int parameters, int slots) {
        this.body = body;
        this.parameters = parameters;
        this.slots = slots;
    }

    /** The action with this definition; empty if something in it is not known here, and has to be left to TLC. */
    public static Optional<CompiledAction> of(ReplayTool tool, OpDefNode definition) {
        return of(tool, definition, false);
    }

    /** The same, of a spec in which a guard that is a disjunction is no choice of steps. */
    public static Optional<CompiledAction> withGuards(ReplayTool tool, OpDefNode definition) {
        return of(tool, definition, true);
    }

    private static Optional<CompiledAction> of(ReplayTool tool, OpDefNode definition, boolean guards) {
        try {
            return Optional.of(new Compiler(tool, guards).action(definition));
        } catch (NotCompiled e) {
            return Optional.empty();
        }
    }

    /**
     * The state to which the action leads; null if it is not enabled. Variables of which it does not speak are null there.
     *
     * @param visits told which marked expressions were evaluated
     */
    public @Nullable TLCState successor(TLCState before, ReplayTool.Visits visits, Value... arguments) {
        if (arguments.length != parameters) {
            throw new IllegalArgumentException("expected " + parameters + " arguments, not " + arguments.length);
        }
        TLCState after = TLCState.Empty.createEmpty();
        Frame frame = new Frame(before, after, visits, slots);
        System.arraycopy(arguments, 0, frame.slots, 0, arguments.length);
        return body.holds(frame) ? after : null;
    }

    /** Something in a definition that only TLC can evaluate. */
    static final class NotCompiled extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotCompiled(String message) {
            super(message);
        }
    }
}
