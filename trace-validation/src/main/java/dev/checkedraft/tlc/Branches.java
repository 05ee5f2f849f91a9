package dev.checkedraft.tlc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import tla2sany.semantic.AtNode;
import tla2sany.semantic.ExprNode;
import tla2sany.semantic.LetInNode;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.st.Location;
import tlc2.tool.BuiltInOPs;
import tlc2.tool.ToolGlobals;
import tlc2.tool.impl.ReplayTool;
import tlc2.util.Context;

/** All branches of the spec's actions, in the order of the text. */
public final class Branches {
    private static final int TEXT = 60;

    private final ReplayTool tool;
    private final Function<Location, String> texts;
    private final Set<OpDefNode> seen = new HashSet<>();
    private final List<SemanticNode> nodes = new ArrayList<>();
    private final List<Branch> branches = new ArrayList<>();

    private Branches(ReplayTool tool, Function<Location, String> texts) {
        this.tool = tool;
        this.texts = texts;
    }

    /**
     * Finds the branches of the steps, and has the tool mark them, each by its place in the list.
     *
     * @param texts the spec's text at a place
     */
    public static List<Branch> mark(ReplayTool tool, List<OpDefNode> steps, Function<Location, String> texts) {
        Branches found = new Branches(tool, texts);
        for (OpDefNode step : steps) {
            // The trace spec's own branches are about traces, not about Raft.
            found.collect(step.getBody(), "");
        }
        tool.mark(found.nodes);
        return List.copyOf(found.branches);
    }

    private void collect(SemanticNode node, String operator) {
        if (node instanceof LetInNode let) {
            for (OpDefNode definition : let.getLets()) {
                seen.add(definition);
                collect(definition.getBody(), operator + "!" + definition.getName());
            }
            collect(let.getBody(), operator);
        } else if (node instanceof OpApplNode application) {
            collect(application, operator);
        }
    }

    private void collect(OpApplNode node, String operator) {
        SemanticNode[] args = node.getArgs();
        switch (BuiltInOPs.getOpCode(node.getOperator().getName())) {
            case 0 -> {
                if (tool.lookup(node.getOperator(), Context.Empty, false) instanceof OpDefNode definition
                        && isOurs(definition)
                        && seen.add(definition)) {
                    collect(definition.getBody(), definition.getName().toString());
                }
            }
            case ToolGlobals.OPCODE_ite -> {
                add(args[1], operator);
                add(args[2], operator);
            }
            case ToolGlobals.OPCODE_lor, ToolGlobals.OPCODE_dl -> {
                for (SemanticNode disjunct : args) {
                    add(disjunct, operator);
                }
            }
            case ToolGlobals.OPCODE_case -> {
                for (SemanticNode pair : args) {
                    SemanticNode[] arm = ((OpApplNode) pair).getArgs();
                    add(arm[1], operator);
                    if (arm[0] != null) {
                        collect(arm[0], operator);
                    }
                    collect(arm[1], operator);
                }
                return;
            }
            default -> {}
        }
        for (SemanticNode arg : args) {
            if (arg != null) {
                collect(arg, operator);
            }
        }
        if (node.getBdedQuantBounds() != null) {
            for (ExprNode bound : node.getBdedQuantBounds()) {
                collect(bound, operator);
            }
        }
    }

    private static boolean isOurs(OpDefNode definition) {
        String module = definition.getLocation().source();
        return module.equals("Raft") || module.equals("RaftTrace");
    }

    private void add(SemanticNode arm, String operator) {
        Location at = arm.getLocation();
        // Definitions of RaftTrace.tla come in only where they take the place of one of Raft.tla.
        if (operator.isEmpty() || (!at.source().equals("Raft") && !operator.startsWith("LeaderCommit"))) {
            return;
        }
        // SANY gives an @ the place of the whole clause around it.
        String text = arm instanceof AtNode ? "@" : texts.apply(at);
        nodes.add(arm);
        branches.add(new Branch(
                operator,
                at.source() + ".tla:" + at.beginLine() + ":" + at.beginColumn(),
                text.length() > TEXT ? text.substring(0, TEXT) + "..." : text));
    }
}
