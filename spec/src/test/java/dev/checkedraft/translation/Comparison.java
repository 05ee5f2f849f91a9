package dev.checkedraft.translation;

import dev.checkedraft.proof.Temporal;
import dev.checkedraft.smt.NormalForm;
import dev.checkedraft.smt.Query;
import dev.checkedraft.smt.Term;
import dev.checkedraft.translation.Env.Moment;
import dev.checkedraft.translation.Kleene.Code;
import dev.checkedraft.translation.Samples.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tla2sany.semantic.LevelConstants;
import tla2sany.semantic.SemanticNode;
import tlc2.tool.TLCState;

/** What a translator makes of formulas, and of the actions, to be held to what TLC says of them. */
final class Comparison {
    /** What TLC says of a step: of each formula, and of each action. */
    record Judged(Sample sample, Universe universe, Map<String, Object> verdicts) {}

    /** Of the same step, what the translation says differs. */
    record Difference(String formula, Object tlc, Object translated, Sample sample) {
        @Override
        public String toString() {
            return formula + " is " + tlc + " by TLC, and " + translated + " as translated, from\n  " + sample.before()
                    + "\nto\n  " + sample.after();
        }
    }

    /** The formula that says of one step what a refinement says of all. */
    private static final String REFINES = "RefinesReplicatedLog";

    private static final String REFINES_STEP = "AbstractStep";

    private final FiniteModel model;
    /** By name, the formula in each of its forms: as it is, as clauses to be used, as goals to be proved. */
    private final Map<String, List<List<Code>>> formulas = new LinkedHashMap<>();

    private final List<Way> ways;

    Comparison(Spec spec, List<String> names) {
        Translator translator = spec.translator();
        spec.variables().forEach((name, kind) -> {
            translator.variable(Moment.BEFORE, name, translator.values.reified(kind, name, List.of()));
            translator.variable(Moment.AFTER, name, translator.values.reified(kind, name + "'", List.of()));
        });
        model = new FiniteModel(translator.symbols, spec.variables());
        for (String name : names) {
            SemanticNode body = spec.tree.definition(name).getBody();
            if (spec.tree.definition(name).getLevel() == LevelConstants.TemporalLevel) {
                add(name, Temporal.of(body).always(translator));
            } else {
                add(name, translator.formula(body, Env.of(Moment.BEFORE)));
                if (spec.tree.definition(name).getLevel() < LevelConstants.ActionLevel) {
                    add(name + "'", translator.formula(body, Env.of(Moment.AFTER)));
                }
            }
        }
        ways = Way.all(spec, "ProofNext", "Next");
    }

    private void add(String name, Term formula) {
        formulas.put(
                name,
                List.of(codes(List.of(formula)), codes(Query.prepared(formula)), codes(NormalForm.goals(formula))));
    }

    private List<Code> codes(List<Term> terms) {
        return terms.stream().map(model::code).toList();
    }

    List<Way> ways() {
        return ways;
    }

    Set<String> formulas() {
        return formulas.keySet();
    }

    /** Has TLC judge a step. */
    Judged judge(Tlc tlc, Sample sample, int wider) {
        TLCState before = tlc.bound(sample.before());
        TLCState after = tlc.bound(sample.after());
        Map<String, Object> verdicts = new LinkedHashMap<>();
        for (String name : formulas.keySet()) {
            boolean primed = name.endsWith("'");
            String operator = primed ? name.substring(0, name.length() - 1) : name;
            verdicts.put(
                    name,
                    tlc.holds(operator.equals(REFINES) ? REFINES_STEP : operator, primed ? after : before, after));
        }
        actions().forEach(action -> verdicts.put(action, tlc.holds(action + "Step", before, after)));
        Universe universe = Universe.of(tlc.servers(), sample.before(), sample.after(), wider);
        return new Judged(sample, universe, verdicts);
    }

    private Set<String> actions() {
        Set<String> actions = new LinkedHashSet<>();
        ways.forEach(way -> actions.add(way.action));
        return actions;
    }

    /** What defines the symbols that stand for parts of the formulas, where it does not hold. */
    List<String> falseDefinitions(Judged judged) {
        model.step(judged.sample.before(), judged.sample.after(), judged.universe);
        return model.definitions().stream()
                .filter(term -> FiniteModel.value(model.code(term)).equals(false))
                .map(Term::toString)
                .toList();
    }

    /** What differs of a step; where TLC says that there is an error, a value is none, if it is one whatever is undefined. */
    List<Difference> differences(Judged judged, int form) {
        List<Difference> differences = new ArrayList<>();
        model.step(judged.sample.before(), judged.sample.after(), judged.universe);
        formulas.forEach((name, forms) -> {
            Object value = FiniteModel.all(forms.get(form % forms.size()));
            compare(judged, name, value, differences);
        });
        Map<String, Object> taken = new LinkedHashMap<>();
        for (Way way : ways) {
            Object value = way.holds(judged.sample.before(), judged.sample.after(), judged.universe);
            taken.merge(way.action, value, Kleene::or);
        }
        taken.forEach((action, value) -> compare(judged, action, value, differences));
        return differences;
    }

    private static void compare(Judged judged, String name, Object value, List<Difference> differences) {
        Object tlc = judged.verdicts.get(name);
        if (tlc != Kleene.UNDEFINED && !tlc.equals(value)) {
            differences.add(new Difference(name, tlc, value, judged.sample));
        }
    }
}
