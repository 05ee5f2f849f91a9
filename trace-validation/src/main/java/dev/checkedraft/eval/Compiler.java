package dev.checkedraft.eval;

import dev.checkedraft.eval.CompiledAction.NotCompiled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tla2sany.semantic.ASTConstants;
import tla2sany.semantic.AtNode;
import tla2sany.semantic.ExprOrOpArgNode;
import tla2sany.semantic.FormalParamNode;
import tla2sany.semantic.LetInNode;
import tla2sany.semantic.LevelConstants;
import tla2sany.semantic.NumeralNode;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.StringNode;
import tla2sany.semantic.Subst;
import tla2sany.semantic.SubstInNode;
import tla2sany.semantic.SymbolNode;
import tlc2.tool.BuiltInOPs;
import tlc2.tool.TLCState;
import tlc2.tool.ToolGlobals;
import tlc2.tool.impl.ReplayTool;
import tlc2.util.Context;
import tlc2.value.impl.Enumerable;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.MethodValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;
import util.UniqueString;

/**
 * Makes {@link Code} of the syntax tree of one action. Operators are expanded where they are used; an argument, or what a
 * LET defines, is evaluated once, when it is needed.
 */
final class Compiler {
    /** What TLC takes for a choice of steps, or looks for one in. */
    private static final Set<Integer> CHOICES =
            Set.of(ToolGlobals.OPCODE_lor, ToolGlobals.OPCODE_dl, ToolGlobals.OPCODE_be, ToolGlobals.OPCODE_bf);

    private final ReplayTool tool;

    /** What the parameters, bound identifiers and definitions of LETs that are in scope stand for. */
    private final IdentityHashMap<SymbolNode, Code> names = new IdentityHashMap<>();

    /** The operators that are being expanded. */
    private final Set<OpDefNode> expanding = Collections.newSetFromMap(new IdentityHashMap<>());

    /** What {@code @} stands for; null outside of EXCEPT. */
    private @Nullable Code at;

    /**
     * Whether this is within an expression. In an action's own conjunction a disjunction is no truth value: TLC takes each
     * disjunct for a step, and looks for them in what a quantifier or a name there stands for, too.
     */
    private boolean isExpression;

    /** Whether a guard may be a disjunction, a quantifier or a name: it then counts as one truth value, and as no choice. */
    private final boolean guards;

    /** How many marked expressions were met. */
    private int marked;

    private int slots;

    Compiler(ReplayTool tool, boolean guards) {
        this.tool = tool;
        this.guards = guards;
    }

    CompiledAction action(OpDefNode definition) {
        FormalParamNode[] parameters = definition.getParams();
        for (FormalParamNode parameter : parameters) {
            names.put(parameter, new Code.Slot(slots++));
        }
        Code body = compile(definition.getBody());
        return new CompiledAction(body, parameters.length, slots);
    }

    // ---------------------------------------------------------------------------------------------------------- names

    /** The expression, with these not evaluated yet. */
    private static Code with(List<Code.Later> later, Code code) {
        if (later.isEmpty()) {
            return code;
        }
        int[] slots = later.stream().mapToInt(one -> one.slot).toArray();
        return new Code.Then(code) {
            @Override
            void first(Frame frame) {
                for (int slot : slots) {
                    frame.slots[slot] = null;
                }
            }
        };
    }

    private Code.Later later(Code code) {
        return new Code.Later(slots++, code);
    }

    private Code let(LetInNode let) {
        List<Code.Later> later = new ArrayList<>();
        for (OpDefNode definition : let.getLets()) {
            // One with parameters is expanded where it is used.
            if (definition.getArity() == 0) {
                Code.Later value = later(state(definition.getBody()));
                later.add(value);
                names.put(definition, value);
            }
        }
        Code body = compile(let.getBody());
        for (OpDefNode definition : let.getLets()) {
            names.remove(definition);
        }
        return with(later, body);
    }

    private Code expand(OpDefNode definition, Code[] arguments) {
        if (!expanding.add(definition)) {
            throw new NotCompiled(definition.getName() + " is recursive");
        }
        FormalParamNode[] parameters = definition.getParams();
        List<Code.Later> later = new ArrayList<>();
        for (int k = 0; k < parameters.length; k++) {
            Code argument = arguments[k];
            if (!(argument instanceof Code.Kept)) {
                Code.Later value = later(argument);
                later.add(value);
                argument = value;
            }
            names.put(parameters[k], argument);
        }
        Code body = compile(definition.getBody());
        for (FormalParamNode parameter : parameters) {
            names.remove(parameter);
        }
        expanding.remove(definition);
        return with(later, body);
    }

    // ---------------------------------------------------------------------------------------------------- expressions

    private Code compile(SemanticNode node) {
        Code code = unmarked(node);
        int mark = tool.mark(node);
        if (mark < 0) {
            return code;
        }
        marked++;
        return new Code.Then(code) {
            @Override
            void first(Frame frame) {
                frame.visits.visit(mark);
            }
        };
    }

    private Code unmarked(SemanticNode node) {
        if (node instanceof OpApplNode application) {
            int opcode = BuiltInOPs.getOpCode(application.getOperator().getName());
            return opcode == 0 ? named(application) : builtIn(opcode, application);
        }
        if (node instanceof LetInNode let) {
            return let(let);
        }
        if (node instanceof SubstInNode instance) {
            return instance(instance);
        }
        if (node instanceof NumeralNode numeral) {
            return new Code.Constant(IntValue.gen(numeral.val()));
        }
        if (node instanceof StringNode string) {
            return new Code.Constant(new StringValue(string.getRep()));
        }
        if (node instanceof AtNode && at != null) {
            return at;
        }
        throw unknown(node);
    }

    /** An expression of a module that was instantiated: its constants are what they are substituted by, its variables the same. */
    private Code instance(SubstInNode node) {
        for (Subst substitution : node.getSubsts()) {
            SymbolNode name = substitution.getOp();
            if (!(substitution.getExpr() instanceof OpApplNode by) || by.getArgs().length > 0) {
                throw unknown(node);
            }
            if (name.getKind() == ASTConstants.VariableDeclKind) {
                if (!by.getOperator().getName().equals(name.getName())) {
                    throw unknown(node);
                }
            } else {
                names.put(name, state(by));
            }
        }
        return compile(node.getBody());
    }

    private static NotCompiled unknown(SemanticNode node) {
        return new NotCompiled(node.getLocation() + ": left to TLC");
    }

    /** An expression that speaks of the state before alone, and is no part of the action's own conjunction. */
    private Code state(ExprOrOpArgNode node) {
        if (node.getLevel() >= LevelConstants.ActionLevel) {
            throw unknown(node);
        }
        boolean outer = isExpression;
        isExpression = true;
        Code code = compile(node);
        isExpression = outer;
        return code;
    }

    private Code[] states(ExprOrOpArgNode... nodes) {
        return Arrays.stream(nodes).map(this::state).toArray(Code[]::new);
    }

    private Code named(OpApplNode node) {
        SymbolNode operator = node.getOperator();
        Code code = names.get(operator);
        if (code != null) {
            if (!isExpression && !guards) {
                throw unknown(node);
            }
            return code;
        }
        Code[] arguments = states(node.getArgs());
        Object meaning = tool.lookup(operator, Context.Empty, false);
        if (meaning instanceof MethodValue method) {
            return Operators.library(operator.getName().toString(), method, arguments);
        }
        if (meaning instanceof Value value && arguments.length == 0) {
            return new Code.Constant(value);
        }
        if (meaning instanceof OpDefNode definition) {
            return arguments.length == 0 && definition.getLevel() == LevelConstants.ConstantLevel
                    ? constant(definition)
                    : expand(definition, arguments);
        }
        if (operator.getKind() == ASTConstants.VariableDeclKind) {
            return Operators.variable(operator.getName());
        }
        throw unknown(node);
    }

    /** A definition that depends on nothing: its value, unless each evaluation counts, as one that visits a branch. */
    private Code constant(OpDefNode definition) {
        int before = marked;
        Code code = expand(definition, new Code[0]);
        if (marked > before) {
            return code;
        }
        try {
            Value value = code.value(new Frame(TLCState.Empty, TLCState.Empty, new ReplayTool.Visits(0), slots));
            // Once and for all threads.
            value.deepNormalize();
            return new Code.Constant(value);
        } catch (RuntimeException e) {
            // TLC, too, would fail only where it is needed.
            return code;
        }
    }

    private Code builtIn(int opcode, OpApplNode node) {
        ExprOrOpArgNode[] args = node.getArgs();
        if (!isExpression && CHOICES.contains(opcode)) {
            if (!guards) {
                throw unknown(node);
            }
            return state(node);
        }
        return switch (opcode) {
            case ToolGlobals.OPCODE_land, ToolGlobals.OPCODE_cl -> Operators.all(compileAll(args));
            case ToolGlobals.OPCODE_ite ->
                Operators.choice(new Code[] {state(args[0])}, new Code[] {compile(args[1]), compile(args[2])});
            case ToolGlobals.OPCODE_case -> cases(args);
            case ToolGlobals.OPCODE_implies -> Operators.implies(state(args[0]), compile(args[1]));
            case ToolGlobals.OPCODE_eq -> equation(args);
            case ToolGlobals.OPCODE_unchanged -> unchanged(args[0]);
            case ToolGlobals.OPCODE_exc -> except(args);
            case ToolGlobals.OPCODE_rc -> record(args);
            case ToolGlobals.OPCODE_rs -> Operators.field(state(args[0]), ((StringNode) args[1]).getRep());
            case ToolGlobals.OPCODE_bf,
                    ToolGlobals.OPCODE_be,
                    ToolGlobals.OPCODE_bc,
                    ToolGlobals.OPCODE_sso,
                    ToolGlobals.OPCODE_soa,
                    ToolGlobals.OPCODE_fc -> bounded(opcode, node);
            default -> {
                Code code = Operators.plain(opcode, states(args));
                if (code == null) {
                    throw unknown(node);
                }
                yield code;
            }
        };
    }

    private Code[] compileAll(SemanticNode... nodes) {
        return Arrays.stream(nodes).map(this::compile).toArray(Code[]::new);
    }

    private Code cases(ExprOrOpArgNode... pairs) {
        List<Code> guards = new ArrayList<>();
        List<Code> arms = new ArrayList<>();
        for (ExprOrOpArgNode pair : pairs) {
            @Nullable ExprOrOpArgNode[] arm = ((OpApplNode) pair).getArgs();
            ExprOrOpArgNode guard = arm[0];
            ExprOrOpArgNode body = arm[1];
            if (body == null) {
                throw unknown(pair);
            }
            // OTHER, the last, has none.
            if (guard != null) {
                guards.add(state(guard));
            }
            arms.add(compile(body));
        }
        return Operators.choice(guards.toArray(Code[]::new), arms.toArray(Code[]::new));
    }

    /** {@code [f EXCEPT ![index] = e, ...]}. */
    private Code except(ExprOrOpArgNode... args) {
        Code function = state(args[0]);
        for (int k = 1; k < args.length; k++) {
            ExprOrOpArgNode[] pair = ((OpApplNode) args[k]).getArgs();
            ExprOrOpArgNode[] path = ((OpApplNode) pair[0]).getArgs();
            if (path.length != 1) {
                throw unknown(args[k]);
            }
            Code index = state(path[0]);
            Code outer = at;
            int old = slots++;
            at = new Code.Slot(old);
            Code value = state(pair[1]);
            at = outer;
            function = Operators.except(function, index, old, value);
        }
        return function;
    }

    private Code record(ExprOrOpArgNode... pairs) {
        // In the order in which TLC keeps fields, which saves it sorting every record.
        List<OpApplNode> sorted = Arrays.stream(pairs)
                .map(pair -> (OpApplNode) pair)
                .sorted((a, b) -> fieldName(a).compareTo(fieldName(b)))
                .toList();
        UniqueString[] fields = sorted.stream().map(Compiler::fieldName).toArray(UniqueString[]::new);
        return Operators.record(
                fields, states(sorted.stream().map(pair -> pair.getArgs()[1]).toArray(ExprOrOpArgNode[]::new)));
    }

    private static UniqueString fieldName(OpApplNode pair) {
        return ((StringNode) pair.getArgs()[0]).getRep();
    }

    /** A quantifier, CHOOSE, set or function constructor over one set. */
    private Code bounded(int opcode, OpApplNode node) {
        FormalParamNode[][] bound = node.getBdedQuantSymbolLists();
        if (bound.length != 1 || bound[0].length != 1 || node.isBdedQuantATuple()[0]) {
            throw unknown(node);
        }
        Code set = state(node.getBdedQuantBounds()[0]);
        int slot = slots++;
        names.put(bound[0][0], new Code.Slot(slot));
        int before = marked;
        Code body = state(node.getArgs()[0]);
        names.remove(bound[0][0]);
        // TLC evaluates of a function only what is asked for; of a set without end there is no other way.
        boolean isWhole =
                set instanceof Code.Constant constant && constant.value instanceof Enumerable && marked == before;
        if (opcode == ToolGlobals.OPCODE_fc && !isWhole) {
            throw unknown(node);
        }
        return switch (opcode) {
            case ToolGlobals.OPCODE_bf -> Operators.quantified(slot, set, body, true);
            case ToolGlobals.OPCODE_be -> Operators.quantified(slot, set, body, false);
            case ToolGlobals.OPCODE_bc -> Operators.choose(slot, set, body);
            case ToolGlobals.OPCODE_sso -> Operators.filtered(slot, set, body);
            case ToolGlobals.OPCODE_fc -> Operators.function(slot, set, body);
            default -> Operators.mapped(slot, set, body);
        };
    }

    // -------------------------------------------------------------------------------------------------------- actions

    /** {@code a = b}; where a is a primed variable, it may give that its value. */
    private Code equation(ExprOrOpArgNode... sides) {
        if (sides[0] instanceof OpApplNode left
                && BuiltInOPs.getOpCode(left.getOperator().getName()) == ToolGlobals.OPCODE_prime
                && left.getArgs()[0] instanceof OpApplNode variable
                && variable.getOperator().getKind() == ASTConstants.VariableDeclKind) {
            return Operators.next(variable.getOperator().getName(), state(sides[1]));
        }
        return Operators.equal(state(sides[0]), state(sides[1]));
    }

    private Code unchanged(SemanticNode node) {
        List<Code> conjuncts = new ArrayList<>();
        unchanged(node, conjuncts);
        return Operators.all(conjuncts.toArray(Code[]::new));
    }

    private void unchanged(SemanticNode node, List<Code> conjuncts) {
        if (node instanceof OpApplNode application) {
            SymbolNode operator = application.getOperator();
            if (operator.getKind() == ASTConstants.VariableDeclKind) {
                conjuncts.add(Operators.next(operator.getName(), Operators.variable(operator.getName())));
                return;
            }
            if (BuiltInOPs.getOpCode(operator.getName()) == ToolGlobals.OPCODE_tup) {
                for (SemanticNode part : application.getArgs()) {
                    unchanged(part, conjuncts);
                }
                return;
            }
            if (application.getArgs().length == 0
                    && tool.lookup(operator, Context.Empty, false) instanceof OpDefNode definition) {
                unchanged(definition.getBody(), conjuncts);
                return;
            }
        }
        throw unknown(node);
    }
}
