package dev.checkedraft.eval;

import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.Value;

/**
 * An expression, ready to be evaluated. There are three ways to ask for its value, so that truth values and numbers that
 * are only looked at need no object; which of them an expression answers directly is up to it.
 */
abstract class Code {
    abstract Value value(Frame frame);

    /** The truth value. In an action, {@code x' = e} gives x' its value and holds if x' had none. */
    boolean holds(Frame frame) {
        return ((BoolValue) value(frame)).val;
    }

    int number(Frame frame) {
        return ((IntValue) value(frame)).val;
    }

    /** An expression that is true or false. */
    abstract static class Condition extends Code {
        @Override
        abstract boolean holds(Frame frame);

        @Override
        Value value(Frame frame) {
            return holds(frame) ? BoolValue.ValTrue : BoolValue.ValFalse;
        }
    }

    /** An integer expression. */
    abstract static class Arithmetic extends Code {
        @Override
        abstract int number(Frame frame);

        @Override
        Value value(Frame frame) {
            return IntValue.gen(number(frame));
        }
    }

    /** An expression that does something first, and then is another. */
    abstract static class Then extends Code {
        private final Code code;

        Then(Code code) {
            this.code = code;
        }

        abstract void first(Frame frame);

        @Override
        Value value(Frame frame) {
            first(frame);
            return code.value(frame);
        }

        @Override
        boolean holds(Frame frame) {
            first(frame);
            return code.holds(frame);
        }

        @Override
        int number(Frame frame) {
            first(frame);
            return code.number(frame);
        }
    }

    /** An expression that is one of several others, as the frame has it. */
    abstract static class Choice extends Code {
        abstract Code choose(Frame frame);

        @Override
        Value value(Frame frame) {
            return choose(frame).value(frame);
        }

        @Override
        boolean holds(Frame frame) {
            return choose(frame).holds(frame);
        }

        @Override
        int number(Frame frame) {
            return choose(frame).number(frame);
        }
    }

    /** An expression whose value is there, or is kept once it is. */
    abstract static class Kept extends Code {}

    static final class Constant extends Kept {
        final Value value;

        Constant(Value value) {
            this.value = value;
        }

        @Override
        Value value(Frame frame) {
            return value;
        }
    }

    static final class Slot extends Kept {
        private final int slot;

        Slot(int slot) {
            this.slot = slot;
        }

        @Override
        Value value(Frame frame) {
            Value value = frame.slots[slot];
            if (value == null) {
                throw new IllegalStateException("a name without a value");
            }
            return value;
        }
    }

    /** Evaluated when it is first needed. */
    static final class Later extends Kept {
        final int slot;
        private final Code code;

        Later(int slot, Code code) {
            this.slot = slot;
            this.code = code;
        }

        @Override
        Value value(Frame frame) {
            Value value = frame.slots[slot];
            if (value == null) {
                value = code.value(frame);
                frame.slots[slot] = value;
            }
            return value;
        }
    }
}
