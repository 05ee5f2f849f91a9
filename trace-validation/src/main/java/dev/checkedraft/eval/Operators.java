package dev.checkedraft.eval;

import java.util.function.IntBinaryOperator;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.EvalControl;
import tlc2.tool.ToolGlobals;
import tlc2.value.impl.Applicable;
import tlc2.value.impl.Enumerable;
import tlc2.value.impl.FcnRcdValue;
import tlc2.value.impl.IntervalValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.MethodValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.Reducible;
import tlc2.value.impl.SetCapValue;
import tlc2.value.impl.SetCupValue;
import tlc2.value.impl.SetDiffValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;
import tlc2.value.impl.ValueEnumeration;
import tlc2.value.impl.ValueExcept;
import tlc2.value.impl.ValueVec;
import util.UniqueString;

/** The operators of TLA+, each as {@link Code} made of the code of its arguments. */
final class Operators {
    private Operators() {}

    // ----------------------------------------------------------------------------------------------- logic and choice

    /** A conjunction, of predicates or actions: from left to right, up to the first that is false. */
    static Code all(Code... conjuncts) {
        return new Code.Condition() {
            @Override
            boolean holds(Frame frame) {
                for (Code conjunct : conjuncts) {
                    if (!conjunct.holds(frame)) {
                        return false;
                    }
                }
                return true;
            }
        };
    }

    private static Code any(Code... disjuncts) {
        return new Code.Condition() {
            @Override
            boolean holds(Frame frame) {
                for (Code disjunct : disjuncts) {
                    if (disjunct.holds(frame)) {
                        return true;
                    }
                }
                return false;
            }
        };
    }

    /** In an action, the second may be one. */
    static Code implies(Code condition, Code code) {
        return any(not(condition), code);
    }

    private static Code not(Code code) {
        return new Code.Condition() {
            @Override
            boolean holds(Frame frame) {
                return !code.holds(frame);
            }
        };
    }

    /** The arm of the first guard that is true; if none is, the arm for which there is no guard. */
    static Code choice(Code[] guards, Code[] arms) {
        return new Code.Choice() {
            @Override
            Code choose(Frame frame) {
                for (int k = 0; k < guards.length; k++) {
                    if (guards[k].holds(frame)) {
                        return arms[k];
                    }
                }
                if (arms.length == guards.length) {
                    throw new IllegalStateException("no guard of a CASE is true");
                }
                return arms[guards.length];
            }
        };
    }

    static Code equal(Code left, Code right) {
        return new Code.Condition() {
            @Override
            boolean holds(Frame frame) {
                return left.value(frame).equals(right.value(frame));
            }
        };
    }

    private static Code member(Code element, Code set) {
        return new Code.Condition() {
            @Override
            boolean holds(Frame frame) {
                return set.value(frame).member(element.value(frame));
            }
        };
    }

    /** \A or \E. */
    static Code quantified(int slot, Code set, Code body, boolean universal) {
        return new Code.Condition() {
            @Override
            boolean holds(Frame frame) {
                ValueEnumeration elements = elements(set.value(frame));
                for (Value element = elements.nextElement(); element != null; element = elements.nextElement()) {
                    frame.slots[slot] = element;
                    if (body.holds(frame) != universal) {
                        return !universal;
                    }
                }
                return universal;
            }
        };
    }

    static Code choose(int slot, Code set, Code body) {
        return new Code() {
            @Override
            Value value(Frame frame) {
                ValueEnumeration elements = elements(set.value(frame));
                for (Value element = elements.nextElement(); element != null; element = elements.nextElement()) {
                    frame.slots[slot] = element;
                    if (body.holds(frame)) {
                        return element;
                    }
                }
                throw new IllegalStateException("a CHOOSE that nothing satisfies");
            }
        };
    }

    private static ValueEnumeration elements(Value set) {
        return ((Enumerable) set).elements();
    }

    // ------------------------------------------------------------------------------------------------------ the state

    static Code variable(UniqueString name) {
        return new Code() {
            @Override
            Value value(Frame frame) {
                return (Value) frame.before.lookup(name);
            }
        };
    }

    /** {@code name' = e}. */
    static Code next(UniqueString name, Code code) {
        return new Code.Condition() {
            @Override
            boolean holds(Frame frame) {
                Value value = code.value(frame);
                @Nullable Value known = (Value) frame.after.lookup(name);
                if (known != null) {
                    return known.equals(value);
                }
                frame.after.bind(name, value);
                return true;
            }
        };
    }

    // -------------------------------------------------------------------------------------------- functions, records

    static Code apply(Code function, Code argument) {
        return new Code() {
            @Override
            Value value(Frame frame) {
                return ((Applicable) function.value(frame)).apply(argument.value(frame), EvalControl.Clear);
            }
        };
    }

    /**
     * {@code [function EXCEPT ![index] = code]}; where there is no such index, the function as it is.
     *
     * @param old the slot of what {@code @} stands for
     */
    static Code except(Code function, Code index, int old, Code code) {
        return new Code() {
            @Override
            Value value(Frame frame) {
                Value whole = function.value(frame);
                Value[] path = {index.value(frame)};
                @Nullable Value before = whole.select(path);
                if (before == null) {
                    return whole;
                }
                frame.slots[old] = before;
                return whole.takeExcept(new ValueExcept(path, code.value(frame)));
            }
        };
    }

    /** {@code [x \in set |-> body]}. */
    static Code function(int slot, Code set, Code body) {
        return new Code() {
            @Override
            Value value(Frame frame) {
                ValueVec domain = new ValueVec();
                ValueVec values = new ValueVec();
                ValueEnumeration elements = elements(set.value(frame));
                for (Value element = elements.nextElement(); element != null; element = elements.nextElement()) {
                    frame.slots[slot] = element;
                    domain.addElement(element);
                    values.addElement(body.value(frame));
                }
                return new FcnRcdValue(domain.toArray(), values.toArray(), false);
            }
        };
    }

    /** A record with these fields, in the order of their names. */
    static Code record(UniqueString[] names, Code[] codes) {
        return new Code() {
            @Override
            Value value(Frame frame) {
                return new RecordValue(names, values(frame, codes), true);
            }
        };
    }

    static Code field(Code code, UniqueString name) {
        return new Code() {
            @Override
            Value value(Frame frame) {
                RecordValue record = (RecordValue) code.value(frame).toRcd();
                for (int k = 0; k < record.names.length; k++) {
                    if (record.names[k].equals(name)) {
                        return record.values[k];
                    }
                }
                throw new IllegalStateException("no field " + name + " in " + record);
            }
        };
    }

    private static Value[] values(Frame frame, Code... codes) {
        Value[] values = new Value[codes.length];
        for (int k = 0; k < values.length; k++) {
            values[k] = codes[k].value(frame);
        }
        return values;
    }

    // ----------------------------------------------------------------------------------------------------------- sets

    /** {@code {x \in set : body}}. */
    static Code filtered(int slot, Code set, Code body) {
        return new Code() {
            @Override
            Value value(Frame frame) {
                ValueVec found = new ValueVec();
                ValueEnumeration elements = elements(set.value(frame));
                for (Value element = elements.nextElement(); element != null; element = elements.nextElement()) {
                    frame.slots[slot] = element;
                    if (body.holds(frame)) {
                        found.addElement(element);
                    }
                }
                return new SetEnumValue(found, false);
            }
        };
    }

    /** {@code {body : x \in set}}. */
    static Code mapped(int slot, Code set, Code body) {
        return new Code() {
            @Override
            Value value(Frame frame) {
                ValueVec found = new ValueVec();
                ValueEnumeration elements = elements(set.value(frame));
                for (Value element = elements.nextElement(); element != null; element = elements.nextElement()) {
                    frame.slots[slot] = element;
                    found.addElement(body.value(frame));
                }
                return new SetEnumValue(found, false);
            }
        };
    }

    // ------------------------------------------------------------------------------------------------------- by opcode

    /** An operator whose arguments are plain expressions; null if it is not known here. */
    static @Nullable Code plain(int opcode, Code... args) {
        return switch (opcode) {
            case ToolGlobals.OPCODE_lor, ToolGlobals.OPCODE_dl -> any(args);
            case ToolGlobals.OPCODE_lnot -> not(args[0]);
            case ToolGlobals.OPCODE_noteq -> not(equal(args[0], args[1]));
            case ToolGlobals.OPCODE_in -> member(args[0], args[1]);
            case ToolGlobals.OPCODE_notin -> not(member(args[0], args[1]));
            case ToolGlobals.OPCODE_domain ->
                new Code() {
                    @Override
                    Value value(Frame frame) {
                        return ((Applicable) args[0].value(frame)).getDomain();
                    }
                };
            case ToolGlobals.OPCODE_fa -> args.length == 2 ? apply(args[0], args[1]) : null;
            case ToolGlobals.OPCODE_cup, ToolGlobals.OPCODE_cap, ToolGlobals.OPCODE_setdiff ->
                new Code() {
                    @Override
                    Value value(Frame frame) {
                        Value left = args[0].value(frame);
                        Value right = args[1].value(frame);
                        return switch (opcode) {
                            case ToolGlobals.OPCODE_cup ->
                                left instanceof Reducible set ? set.cup(right) : new SetCupValue(left, right);
                            case ToolGlobals.OPCODE_cap ->
                                left instanceof Reducible set ? set.cap(right) : new SetCapValue(left, right);
                            default -> left instanceof Reducible set ? set.diff(right) : new SetDiffValue(left, right);
                        };
                    }
                };
            case ToolGlobals.OPCODE_se ->
                new Code() {
                    @Override
                    Value value(Frame frame) {
                        return new SetEnumValue(values(frame, args), false);
                    }
                };
            case ToolGlobals.OPCODE_tup ->
                new Code() {
                    @Override
                    Value value(Frame frame) {
                        return new TupleValue(values(frame, args));
                    }
                };
            default -> null;
        };
    }

    /** An operator of the standard modules, which TLC has in Java. */
    static Code library(String name, MethodValue method, Code... args) {
        return switch (name) {
            case "+" -> arithmetic(Math::addExact, args);
            case "-" -> arithmetic(Math::subtractExact, args);
            case "*" -> arithmetic(Math::multiplyExact, args);
            case "<" -> less(args[0], args[1]);
            case ">" -> less(args[1], args[0]);
            case "\\leq" -> not(less(args[1], args[0]));
            case "\\geq" -> not(less(args[0], args[1]));
            case ".." ->
                new Code() {
                    @Override
                    Value value(Frame frame) {
                        return new IntervalValue(args[0].number(frame), args[1].number(frame));
                    }
                };
            case "Len" ->
                new Code.Arithmetic() {
                    @Override
                    int number(Frame frame) {
                        return LogValue.length(args[0].value(frame));
                    }
                };
            case "Cardinality" ->
                new Code.Arithmetic() {
                    @Override
                    int number(Frame frame) {
                        return ((Enumerable) args[0].value(frame)).size();
                    }
                };
            default ->
                new Code() {
                    @Override
                    Value value(Frame frame) {
                        return method.apply(values(frame, args), EvalControl.Clear);
                    }
                };
        };
    }

    private static Code arithmetic(IntBinaryOperator operator, Code... args) {
        return new Code.Arithmetic() {
            @Override
            int number(Frame frame) {
                return operator.applyAsInt(args[0].number(frame), args[1].number(frame));
            }
        };
    }

    private static Code less(Code left, Code right) {
        return new Code.Condition() {
            @Override
            boolean holds(Frame frame) {
                return left.number(frame) < right.number(frame);
            }
        };
    }
}
