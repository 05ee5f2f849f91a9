package dev.checkedraft.explain;

import dev.checkedraft.judge.AnyAction;
import dev.checkedraft.replay.TriedStep;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.TraceAction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import tla2sany.semantic.ExprOrOpArgNode;
import tla2sany.semantic.FormalParamNode;
import tla2sany.semantic.LetInNode;
import tla2sany.semantic.LevelNode;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.Subst;
import tla2sany.semantic.SubstInNode;
import tla2sany.st.Location;
import tlc2.tool.BuiltInOPs;
import tlc2.tool.EvalControl;
import tlc2.tool.IContextEnumerator;
import tlc2.tool.TLCState;
import tlc2.tool.ToolGlobals;
import tlc2.tool.coverage.CostModel;
import tlc2.tool.impl.ReplayTool;
import tlc2.util.Context;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LazyValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;
import util.UniqueString;

/**
 * Goes through an action's text as TLC does, from one state, to the first condition that is false; and takes down the
 * values of the action's definitions on the way.
 */
final class StepWalk {
    private static final int PRIMED = 2;
    private static final int SHORT_SEQUENCE = 3;

    private final ReplayTool tool;
    private final TLCState before;
    private final Map<String, String> definitions = new LinkedHashMap<>();
    private @Nullable OpDefNode action;
    private final @Nullable FalseGuard falseGuard;

    StepWalk(TriedStep attempt, String event) {
        tool = attempt.spec().tool();
        before = attempt.before();
        falseGuard = walk(attempt, event);
    }

    private @Nullable FalseGuard walk(TriedStep attempt, String event) {
        AnyAction any = attempt.any();
        if (any == null) {
            boolean isRafts =
                    TraceAction.OF_RAFT.stream().anyMatch(each -> each.label().equals(event));
            return isRafts ? walk(attempt.spec().definition(event + "Step").getBody(), Context.Empty) : null;
        }
        OpDefNode definition = attempt.spec().definition("AnyRaft!" + any.name());
        action = definition;
        Context context = Context.Empty;
        FormalParamNode[] parameters = definition.getParams();
        for (int k = 0; k < parameters.length; k++) {
            context = context.cons(parameters[k], any.arguments().get(k));
        }
        return walk(definition.getBody(), context);
    }

    /** The first condition that does not hold; null if the action has a step. */
    @Nullable
    FalseGuard falseGuard() {
        return falseGuard;
    }

    /** The action's own definitions, such as {@code granted}, and what they come to here. */
    Map<String, String> definitions() {
        return definitions;
    }

    /** The comment above the action, in one line; empty if there is none. */
    String rule() {
        OpDefNode definition = action;
        return definition == null ? "" : commentAbove(textOf(definition));
    }

    private @Nullable FalseGuard walk(SemanticNode node, Context context) {
        if (node instanceof LetInNode let) {
            for (OpDefNode definition : let.getLets()) {
                note(definition, context);
            }
            return walk(let.getBody(), context);
        }
        if (node instanceof SubstInNode instance) {
            return walk(instance.getBody(), substituted(instance, context));
        }
        if (!(node instanceof OpApplNode application)) {
            return null;
        }
        if (isCondition(application)) {
            return holds(application, context) ? null : guard(application, context);
        }
        ExprOrOpArgNode[] args = application.getArgs();
        switch (BuiltInOPs.getOpCode(application.getOperator().getName())) {
            case 0 -> {
                Object meaning = tool.lookup(application.getOperator(), context, false);
                if (meaning instanceof OpDefNode definition) {
                    if (action == null && isRaft(definition.getLocation())) {
                        action = definition;
                    }
                    return walk(definition.getBody(), tool.getOpContext(definition, args, context, true));
                }
                return meaning instanceof LazyValue lazy ? walk(lazy.expr, lazy.con) : null;
            }
            case ToolGlobals.OPCODE_land, ToolGlobals.OPCODE_cl -> {
                for (ExprOrOpArgNode arg : args) {
                    FalseGuard found = walk(arg, context);
                    if (found != null) {
                        return found;
                    }
                }
                return null;
            }
            case ToolGlobals.OPCODE_be -> {
                IContextEnumerator contexts =
                        tool.contexts(application, context, before, TLCState.Empty, EvalControl.Clear);
                Context bound = contexts.nextElement();
                return bound == null ? guard(application, context) : walk(args[0], bound);
            }
            case ToolGlobals.OPCODE_ite -> {
                return walk(holds(args[0], context) ? args[1] : args[2], context);
            }
            case ToolGlobals.OPCODE_case -> {
                for (ExprOrOpArgNode arg : args) {
                    ExprOrOpArgNode[] pair = ((OpApplNode) arg).getArgs();
                    if (pair[0] == null || holds(pair[0], context)) {
                        return walk(pair[1], context);
                    }
                }
                return null;
            }
            default -> {
                return null;
            }
        }
    }

    /** In the module that was instantiated, its constants and variables are those of the one that did. */
    private Context substituted(SubstInNode instance, Context context) {
        Context inner = context;
        for (Subst substitution : instance.getSubsts()) {
            inner = inner.cons(substitution.getOp(), tool.getVal(substitution.getExpr(), context, false));
        }
        return inner;
    }

    private static boolean isCondition(LevelNode node) {
        return node.getLevel() < PRIMED;
    }

    private boolean holds(SemanticNode node, Context context) {
        return eval(node, context) instanceof BoolValue flag && flag.val;
    }

    private @Nullable Value eval(SemanticNode node, Context context) {
        try {
            return tool.eval(node, context, before, TLCState.Empty, EvalControl.Clear, CostModel.DO_NOT_RECORD);
        } catch (RuntimeException e) {
            // TLC has no value for it here, such as an index beyond the log; then there is none to show.
            return null;
        }
    }

    private FalseGuard guard(OpApplNode condition, Context context) {
        int opcode = BuiltInOPs.getOpCode(condition.getOperator().getName());
        if (opcode == ToolGlobals.OPCODE_land || opcode == ToolGlobals.OPCODE_cl) {
            for (ExprOrOpArgNode arg : condition.getArgs()) {
                if (arg instanceof OpApplNode part && !holds(part, context)) {
                    return guard(part, context);
                }
            }
        }
        Map<String, String> values = new LinkedHashMap<>();
        if (opcode != ToolGlobals.OPCODE_be) {
            collect(condition, context, values);
        }
        Location at = condition.getLocation();
        return new FalseGuard(
                SpecEvaluator.text(at), at.source() + ".tla:" + at.beginLine() + ":" + at.beginColumn(), values);
    }

    /** The values of the parts of a condition that are no logic or arithmetic themselves. */
    private void collect(SemanticNode node, Context context, Map<String, String> values) {
        if (!(node instanceof OpApplNode application)) {
            return;
        }
        int opcode = BuiltInOPs.getOpCode(application.getOperator().getName());
        boolean isVariableOrParameter = application.getOperator() instanceof FormalParamNode || opcode == 0;
        boolean isConstant = application.getOperator() instanceof OpDefNode definition
                && definition.getArity() == 0
                && definition.getLevel() == 0;
        boolean isLeaf = opcode == ToolGlobals.OPCODE_fa || opcode == ToolGlobals.OPCODE_rs || isVariableOrParameter;
        if (isConstant) {
            return;
        }
        if (isLeaf && !isArithmetic(application)) {
            Value value = eval(application, context);
            if (value != null && isShort(value)) {
                values.put(SpecEvaluator.text(application.getLocation()), value.toString());
            }
            return;
        }
        for (ExprOrOpArgNode arg : application.getArgs()) {
            collect(arg, context, values);
        }
    }

    private static boolean isArithmetic(OpApplNode application) {
        String name = application.getOperator().getName().toString();
        return List.of("+", "-", "<", ">", "\\leq", "\\geq", "<=", ">=", "*").contains(name);
    }

    private void note(OpDefNode definition, Context context) {
        if (definition.getArity() == 0 && isCondition(definition) && isRaft(definition.getLocation())) {
            Value value = eval(definition.getBody(), context);
            if (value != null && isShort(value)) {
                definitions.put(definition.getName().toString(), value.toString());
            }
        }
    }

    private static boolean isShort(Value value) {
        if (value instanceof LogValue || value instanceof TupleValue) {
            return value.size() <= SHORT_SEQUENCE;
        }
        return value instanceof BoolValue
                || value instanceof IntValue
                || value instanceof StringValue
                || value.toString().length() <= 60;
    }

    // ---------------------------------------------------------------------------------------------------------- text

    private static boolean isRaft(Location at) {
        return at.source().equals("Raft") || at.source().equals("AnyRaft");
    }

    /** Where an action is defined: that of a module which was instantiated is in that module's text. */
    private static Location textOf(OpDefNode definition) {
        if (!(definition.getBody() instanceof SubstInNode instance)) {
            return definition.getLocation();
        }
        Location body = instance.getBody().getLocation();
        List<String> lines = SpecEvaluator.source(body.source());
        String name = definition.getName().toString();
        String start = name.substring(name.indexOf('!') + 1) + "(";
        int line = body.beginLine();
        while (line > 1 && !lines.get(line - 1).startsWith(start)) {
            line--;
        }
        return new Location(UniqueString.uniqueStringOf(body.source()), line, 1, line, 1);
    }

    private static String commentAbove(Location at) {
        List<String> lines = SpecEvaluator.source(at.source());
        int first = at.beginLine() - 1;
        while (first > 0 && lines.get(first - 1).startsWith("\\*")) {
            first--;
        }
        StringBuilder comment = new StringBuilder();
        for (String line : lines.subList(first, at.beginLine() - 1)) {
            comment.append(line.substring(2).strip()).append(' ');
        }
        return comment.toString().strip();
    }
}
