package tlc2.tool.impl;

import java.util.ArrayList;
import java.util.List;
import tla2sany.semantic.ExprOrOpArgNode;
import tla2sany.semantic.FormalParamNode;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tlc2.tool.Action;
import tlc2.tool.BuiltInOPs;
import tlc2.tool.EvalControl;
import tlc2.tool.IActionItemList;
import tlc2.tool.INextStateFunctor;
import tlc2.tool.StateVec;
import tlc2.tool.TLCState;
import tlc2.tool.coverage.CostModel;
import tlc2.util.Context;
import tlc2.value.impl.Applicable;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.MethodValue;
import tlc2.value.impl.Value;
import util.FilenameToStream;
import util.UniqueString;

/**
 * TLC's evaluator, as {@link FastTool} but for two things: sequences share memory ({@link LogValue}), and it tells a {@link
 * Visits} of each visit to an expression that was marked.
 *
 * <p>It is in this package because {@code Tool} can only be extended here.
 */
public final class ReplayTool extends Tool {
    private static final long serialVersionUID = 1L;

    /** For each expression its mark, from 1; 0 if it has none. By the node's uid, less the least uid of a marked one. */
    private transient int[] marks = {};

    private transient int leastUid;

    public ReplayTool(String dir, String module, String config, FilenameToStream resolver) {
        super(dir, module, config, resolver);
        override("Append", "append", 2);
        override("SubSeq", "subSeq", 3);
        override("Len", "len", 1);
        override("\\o", "concat", 2);
    }

    private void override(String operator, String method, int arity) {
        OpDefNode definition = getRootModule().getOpDef(UniqueString.uniqueStringOf(operator));
        Class<?>[] parameters = new Class<?>[arity];
        java.util.Arrays.fill(parameters, Value.class);
        try {
            definition.getBody().setToolObject(getId(), MethodValue.get(LogValue.class.getMethod(method, parameters)));
        } catch (NoSuchMethodException e) {
            throw new LinkageError(operator, e);
        }
    }

    /** Marks expressions: each by its place in the list. */
    public void mark(List<? extends SemanticNode> expressions) {
        int least = Integer.MAX_VALUE;
        int most = Integer.MIN_VALUE;
        for (SemanticNode expression : expressions) {
            least = Math.min(least, expression.getUid());
            most = Math.max(most, expression.getUid());
        }
        leastUid = least;
        int[] byUid = new int[most - least + 1];
        for (int k = 0; k < expressions.size(); k++) {
            byUid[expressions.get(k).getUid() - least] = k + 1;
        }
        marks = byUid;
    }

    /** Which marked expressions were evaluated. TLC passes it along as it would a counter of costs. */
    public static final class Visits implements CostModel {
        private final boolean[] visited;

        public Visits(int marks) {
            visited = new boolean[marks];
        }

        /** Whether the expression was visited since {@link #clear}. */
        public boolean visited(int mark) {
            return visited[mark];
        }

        public void visit(int mark) {
            visited[mark] = true;
        }

        public void clear() {
            java.util.Arrays.fill(visited, false);
        }

        @Override
        public CostModel incInvocations() {
            return this;
        }

        @Override
        public CostModel incInvocations(long count) {
            return this;
        }

        @Override
        public CostModel incSecondary() {
            return this;
        }

        @Override
        public CostModel incSecondary(long count) {
            return this;
        }

        @Override
        public CostModel report() {
            return this;
        }

        @Override
        public CostModel get(SemanticNode node) {
            return this;
        }

        @Override
        public CostModel getAndIncrement(SemanticNode node) {
            return this;
        }

        @Override
        public CostModel getRoot() {
            return this;
        }
    }

    /** The place of an expression among those that were marked; -1 if it was not. */
    public int mark(SemanticNode node) {
        int k = node.myUID - leastUid;
        return k >= 0 && k < marks.length ? marks[k] - 1 : -1;
    }

    private void visit(SemanticNode node, CostModel costs) {
        int mark = mark(node);
        if (mark >= 0 && costs instanceof Visits visits) {
            visits.visit(mark);
        }
    }

    /** The states to which an action with these arguments leads. */
    public List<TLCState> successors(OpDefNode action, TLCState before, CostModel visits, Value... arguments) {
        Context context = Context.Empty;
        FormalParamNode[] parameters = action.getParams();
        for (int k = 0; k < arguments.length; k++) {
            context = context.cons(parameters[k], arguments[k]);
        }
        return successors(new Action(action.getBody(), context, action), before, visits);
    }

    /** The states to which an action leads. */
    public List<TLCState> successors(Action action, TLCState before, CostModel visits) {
        StateVec found = new StateVec(0);
        getNextStates(
                action,
                action.pred,
                ActionItemList.Empty,
                action.con,
                before,
                TLCState.Empty.createEmpty(),
                found,
                visits);
        if (found.size() == 1) {
            return List.of(found.elementAt(0));
        }
        List<TLCState> states = new ArrayList<>(found.size());
        for (int k = 0; k < found.size(); k++) {
            states.add(found.elementAt(k));
        }
        return states;
    }

    @Override
    protected TLCState getNextStates(
            Action action,
            SemanticNode pred,
            ActionItemList acts,
            Context c,
            TLCState s0,
            TLCState s1,
            INextStateFunctor nss,
            CostModel cm) {
        visit(pred, cm);
        return getNextStatesImpl(action, pred, acts, c, s0, s1, nss, cm);
    }

    @Override
    protected TLCState getNextStatesAppl(
            Action action,
            OpApplNode pred,
            ActionItemList acts,
            Context c,
            TLCState s0,
            TLCState s1,
            INextStateFunctor nss,
            CostModel cm) {
        return getNextStatesApplImpl(action, pred, acts, c, s0, s1, nss, cm);
    }

    @Override
    protected TLCState processUnchanged(
            Action action,
            SemanticNode expr,
            ActionItemList acts,
            Context c,
            TLCState s0,
            TLCState s1,
            INextStateFunctor nss,
            CostModel cm) {
        return processUnchangedImpl(action, expr, acts, c, s0, s1, nss, cm);
    }

    @Override
    public Value eval(SemanticNode expr, Context c, TLCState s0, TLCState s1, int control, CostModel cm) {
        visit(expr, cm);
        return evalImpl(expr, c, s0, s1, control, cm);
    }

    @Override
    protected Value evalAppl(OpApplNode expr, Context c, TLCState s0, TLCState s1, int control, CostModel cm) {
        if (BuiltInOPs.getOpCode(expr.getOperator().getName()) == OPCODE_fa) {
            // TLC would apply its own tuples and functions only.
            ExprOrOpArgNode[] args = expr.getArgs();
            Value function = eval(args[0], c, s0, s1, EvalControl.setKeepLazy(control), cm);
            if (function instanceof LogValue log) {
                return log.apply(eval(args[1], c, s0, s1, control, cm), control);
            }
            if (function instanceof Applicable applicable) {
                return applicable.apply(eval(args[1], c, s0, s1, control, cm), control);
            }
        }
        return evalApplImpl(expr, c, s0, s1, control, cm);
    }

    @Override
    protected Value setSource(SemanticNode expr, Value value) {
        return value;
    }

    @Override
    public TLCState enabled(
            SemanticNode pred, IActionItemList acts, Context c, TLCState s0, TLCState s1, CostModel cm) {
        return enabledImpl(pred, (ActionItemList) acts, c, s0, s1, cm);
    }

    @Override
    protected TLCState enabledAppl(
            OpApplNode pred, ActionItemList acts, Context c, TLCState s0, TLCState s1, CostModel cm) {
        return enabledApplImpl(pred, acts, c, s0, s1, cm);
    }

    @Override
    protected TLCState enabledUnchanged(
            SemanticNode expr, ActionItemList acts, Context c, TLCState s0, TLCState s1, CostModel cm) {
        return enabledUnchangedImpl(expr, acts, c, s0, s1, cm);
    }
}
