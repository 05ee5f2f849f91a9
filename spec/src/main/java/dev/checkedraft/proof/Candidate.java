package dev.checkedraft.proof;

import com.microsoft.z3.BoolSort;
import com.microsoft.z3.Expr;
import com.microsoft.z3.IntSort;
import com.microsoft.z3.Model;
import com.microsoft.z3.enumerations.Z3_decl_kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a model of Z3 says of the numbers and truth values that an obligation speaks of. */
final class Candidate {
    private static final int MOST = 60;

    private Candidate() {}

    static List<String> lines(Model model, Expr<?>... assertions) {
        Set<Expr<?>> terms = new LinkedHashSet<>();
        for (Expr<?> assertion : assertions) {
            collect(assertion, terms);
        }
        List<String> lines = new ArrayList<>();
        for (Expr<?> term : terms) {
            if (lines.size() < MOST && (term.getSort() instanceof IntSort || term.getSort() instanceof BoolSort)) {
                lines.add(text(term) + " = " + model.eval(term, true));
            }
        }
        return lines;
    }

    private static void collect(Expr<?> term, Set<Expr<?>> terms) {
        if (!term.isApp()) {
            return;
        }
        if (term.getFuncDecl().getDeclKind() == Z3_decl_kind.Z3_OP_UNINTERPRETED) {
            terms.add(term);
        }
        for (Expr<?> part : term.getArgs()) {
            collect(part, terms);
        }
    }

    /** The term as TLA+ would have it, or nearly: {@code currentTerm[i]}. */
    private static String text(Expr<?> term) {
        if (!term.isApp() || term.getNumArgs() == 0) {
            return term.toString().replace("|", "");
        }
        String name = term.getFuncDecl().getName().toString();
        List<String> arguments = new ArrayList<>();
        for (Expr<?> part : term.getArgs()) {
            arguments.add(text(part));
        }
        if (name.startsWith("Message.") || name.startsWith("Entry.")) {
            return arguments.get(0) + name.substring(name.indexOf('.'));
        }
        if (name.startsWith("at.")) {
            return arguments.get(0) + "[" + arguments.get(1) + "]";
        }
        if (name.startsWith("len.")) {
            return "Len(" + arguments.get(0) + ")";
        }
        return name + "[" + String.join(", ", arguments) + "]";
    }
}
