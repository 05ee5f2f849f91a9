package dev.checkedraft.proof;

import dev.checkedraft.proof.Plan.Claim;
import dev.checkedraft.proof.Plan.Help;
import dev.checkedraft.proof.Plan.Match;
import dev.checkedraft.proof.Plan.Refinement;
import dev.checkedraft.proof.Plan.Sort;
import dev.checkedraft.smt.Definedness;
import dev.checkedraft.smt.Kind;
import dev.checkedraft.smt.NormalForm;
import dev.checkedraft.smt.Query;
import dev.checkedraft.smt.Term;
import dev.checkedraft.smt.Theory;
import dev.checkedraft.smt.Untranslatable;
import dev.checkedraft.translation.Env;
import dev.checkedraft.translation.Env.Moment;
import dev.checkedraft.translation.Meaning;
import dev.checkedraft.translation.Spec;
import dev.checkedraft.translation.Step;
import dev.checkedraft.translation.Translator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The proof of a spec: what it claims, and the obligations that show it. */
public final class Proof {
    /** The claim that no formula asks for what TLA+ leaves open. */
    private static final String DEFINED = "DEFINED";

    /** The claim that some arm of a CASE applies. */
    private static final String CASE = "CASE";

    private final Plan plan;
    private final Expressions expressions;
    private final Spec spec;
    private final Theory theory;

    private Proof(Plan plan, Expressions expressions, Spec spec, int servers) {
        this.plan = plan;
        this.expressions = expressions;
        this.spec = spec;
        this.theory = spec.theory(servers);
    }

    /**
     * Reads the spec in a folder, and the plan that is in {@code proof} there.
     *
     * @param name the name of the plan: that of its file, without suffix
     * @throws IOException if a file is missing or not right; says which and what
     */
    public static Proof read(Path folder, String name) throws IOException {
        return read(folder, name, 0);
    }

    /** The same for so many servers, and majorities counted one by one; for any number if 0. */
    public static Proof read(Path folder, String name, int servers) throws IOException {
        Plan plan = Plan.read(folder.resolve("proof").resolve(name + ".json"));
        Set<String> all = new LinkedHashSet<>();
        all.addAll(plan.expressions());
        Expressions expressions = Expressions.read(folder, plan.module(), all);
        return new Proof(plan, expressions, new Spec(expressions.tree(), plan.kinds(), plan.named()), servers);
    }

    /** The names of what is claimed, in the order of the plan. */
    public List<String> claims() {
        return plan.claims().stream().map(Claim::name).toList();
    }

    /** All obligations, in an order that is always the same. */
    public List<Obligation> obligations() {
        return obligations(claim -> true);
    }

    /** Those of some claims. */
    public List<Obligation> obligations(Predicate<String> chosen) {
        List<Obligation> obligations = new ArrayList<>();
        List<Claim> claims = plan.claims().stream()
                .filter(claim -> chosen.test(claim.name()))
                .toList();
        init(claims, obligations::add);
        plan.refinements().stream()
                .filter(one -> chosen.test(one.name()))
                .forEach(one -> refinedAtFirst(one, obligations::add));
        consequences(claims, obligations::add);
        if (chosen.test(DEFINED)) {
            definedInState(obligations::add);
        }
        List<Step> steps = spec.steps(plan.next(), plan.actions());
        for (int k = 0; k < steps.size(); k++) {
            Step step = steps.get(k);
            if (step.isUndefined()) {
                if (chosen.test(CASE)) {
                    noArm(step, k, obligations::add);
                }
            } else {
                if (chosen.test(DEFINED)) {
                    definedInStep(step, k, obligations::add);
                }
                step(claims, step, k, obligations::add);
                for (Refinement refinement : plan.refinements()) {
                    if (chosen.test(refinement.name())) {
                        refined(refinement, step, k, obligations::add);
                    }
                }
            }
        }
        return obligations;
    }

    /** A query that has what is assumed of constants. */
    private Query query(Translator translator) {
        Query query = new Query(translator.symbols, theory);
        plan.assumptions().forEach(name -> query.add(spec.assumption(name, translator)));
        return query;
    }

    // ------------------------------------------------------------------------------------------------ of one state

    private void init(List<Claim> claims, Consumer<Obligation> out) {
        Translator state = spec.state();
        Term init = state.formula(spec.tree.definition(plan.init()).getBody(), Env.of(Moment.BEFORE));
        for (Claim claim : claims) {
            if (claim.sort() != Sort.CONSEQUENCE) {
                int part = 0;
                Term first = claim.sort() == Sort.STEP
                        ? temporal(claim).initially(state)
                        : formula(state, claim, Moment.BEFORE);
                for (Term goal : first.equals(Term.TRUE) ? List.<Term>of() : NormalForm.goals(first)) {
                    Query query = query(state);
                    query.add(init);
                    query.addNegation(goal);
                    out.accept(new Obligation(
                            claim.name(),
                            "Init",
                            List.of(),
                            -1,
                            ++part,
                            List.of(),
                            goal.toString(),
                            query.text(spec.kinds)));
                }
            }
        }
    }

    private void consequences(List<Claim> claims, Consumer<Obligation> out) {
        Translator state = spec.state();
        for (Claim claim : claims) {
            if (claim.sort() == Sort.CONSEQUENCE) {
                goals(
                        state,
                        claim,
                        claim.helps().stream().findFirst(),
                        Moment.BEFORE,
                        List.of(),
                        Map.of(),
                        (part, goal, text) -> out.accept(
                                new Obligation(claim.name(), "", List.of(), -1, part, claim.uses(), goal, text)));
            }
        }
    }

    private Temporal temporal(Claim claim) {
        return Temporal.of(spec.tree.definition(claim.name()).getBody());
    }

    private Term formula(Translator translator, Claim claim, Moment moment) {
        return claim.sort() == Sort.STEP ? temporal(claim).always(translator) : formulaOf(translator, claim, moment);
    }

    private Term formulaOf(Translator translator, Claim claim, Moment moment) {
        return translator.formula(spec.tree.definition(claim.name()).getBody(), Env.of(moment));
    }

    // --------------------------------------------------------------------------------------------------- of a step

    /** That some arm of a CASE applies. */
    private void noArm(Step step, int number, Consumer<Obligation> out) {
        Query query = query(step.translator);
        step.guards().forEach(query::add);
        plan.unreachable().forEach(use -> query.addAll(used(step.translator, use), use));
        out.accept(new Obligation(
                CASE,
                step.action(),
                step.conditions(),
                number,
                1,
                plan.unreachable(),
                "false",
                query.text(spec.kinds)));
    }

    private void step(List<Claim> claims, Step step, int number, Consumer<Obligation> out) {
        for (Claim claim : claims) {
            if (claim.sort() != Sort.CONSEQUENCE) {
                Optional<Help> help = claim.helps().stream()
                        .filter(one -> one.action().equals(step.action()))
                        .findFirst();
                Moment moment = claim.sort() == Sort.STEP ? Moment.BEFORE : Moment.AFTER;
                goals(
                        step.translator,
                        claim,
                        help,
                        moment,
                        step.guards(),
                        step.names(),
                        (part, goal, text) -> out.accept(new Obligation(
                                claim.name(),
                                step.action(),
                                step.conditions(),
                                number,
                                part,
                                help.flatMap(Help::uses).orElse(claim.uses()),
                                goal,
                                text)));
            }
        }
    }

    // ------------------------------------------------------------------------------------------------- refinement

    private void refinedAtFirst(Refinement refinement, Consumer<Obligation> out) {
        Translator state = spec.state();
        Env env = Env.of(Moment.BEFORE);
        Term init = state.formula(spec.tree.definition(plan.init()).getBody(), env);
        int part = 0;
        for (Term goal : NormalForm.goals(
                state.formula(spec.tree.definition(refinement.init()).getBody(), env))) {
            Query query = query(state);
            query.add(init);
            query.addNegation(goal);
            out.accept(new Obligation(
                    refinement.name(),
                    "Init",
                    List.of(),
                    -1,
                    ++part,
                    List.of(),
                    goal.toString(),
                    query.text(spec.kinds)));
        }
    }

    /** That a step is one of the other spec, by the action and with the values that the plan says. */
    private void refined(Refinement refinement, Step step, int number, Consumer<Obligation> out) {
        Translator translator = step.translator;
        Match match = refinement.steps().stream()
                .filter(one -> one.action().equals(step.action()))
                .findFirst()
                .orElseThrow(
                        () -> new Untranslatable(refinement.name() + " does not say what " + step.action() + " is"));
        Map<String, Meaning> names = new HashMap<>(step.names());
        match.witnesses()
                .forEach((name, expression) ->
                        names.put(name, expressions.meaning(expression, translator, step.names())));
        Term goals = new Taken(translator, match.is(), names)
                .of(spec.tree.definition(refinement.next()).getBody(), Env.of(Moment.BEFORE));
        int part = 0;
        for (Term goal : NormalForm.goals(goals)) {
            List<Term> earlier = new ArrayList<>();
            for (int k = 0; k <= match.cases().size(); k++) {
                Query query = query(translator);
                refinement.assumptions().forEach(name -> query.add(spec.assumption(name, translator)));
                step.guards().forEach(guard -> query.addAll(Query.prepared(guard), "the step"));
                refinement.uses().forEach(use -> query.addAll(used(translator, use), use));
                translator.symbols.recordsAreTheirFields().forEach(query::add);
                query.addNegation(goal);
                match.hints().forEach(hint -> query.hint(meaning(hint, translator, step.names())));
                earlier.forEach(query::add);
                if (k < match.cases().size()) {
                    Term condition = meaning(match.cases().get(k), translator, step.names());
                    query.add(condition);
                    earlier.add(Term.not(condition));
                }
                out.accept(new Obligation(
                        refinement.name(),
                        step.action(),
                        step.conditions(),
                        number,
                        ++part,
                        refinement.uses(),
                        goal.toString(),
                        query.text(spec.kinds)));
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ definedness

    private Definedness definedness(Translator translator) {
        Set<String> partial = new HashSet<>();
        spec.variables().forEach((name, kind) -> {
            if (kind instanceof Kind.Fun function && function.partial()) {
                partial.addAll(List.of(name, name + "'"));
            }
        });
        return new Definedness(translator.symbols, spec.tree.fieldTypes(), partial);
    }

    /** What is claimed of a state asks for nothing that TLA+ leaves open. */
    private void definedInState(Consumer<Obligation> out) {
        Translator state = spec.state();
        Definedness definedness = definedness(state);
        int[] part = {0};
        for (Claim claim : plan.claims()) {
            if (claim.sort() != Sort.STEP) {
                Term defined = definedness.of(formula(state, claim, Moment.BEFORE));
                defined(
                        state,
                        defined,
                        plan.defined(),
                        List.of(),
                        (goal, text) -> out.accept(new Obligation(
                                DEFINED, "", List.of(claim.name()), -1, ++part[0], plan.defined(), goal, text)));
            }
        }
    }

    /** Nor does a step, nor what is claimed of it. */
    private void definedInStep(Step step, int number, Consumer<Obligation> out) {
        Definedness definedness = definedness(step.translator);
        int[] part = {0};
        Goals goals = (goal, text) -> out.accept(new Obligation(
                DEFINED, step.action(), step.conditions(), number, ++part[0], plan.defined(), goal, text));
        defined(step.translator, definedness.ofAll(step.guards()), plan.defined(), List.of(), goals);
        List<String> both = NormalForm.join(plan.defined(), plan.definedAfter());
        for (Term effect : step.effects()) {
            defined(step.translator, definedness.of(effect), both, step.guards(), goals);
        }
        for (Claim claim : plan.claims()) {
            if (claim.sort() == Sort.STEP) {
                Term defined = definedness.of(formula(step.translator, claim, Moment.BEFORE));
                defined(step.translator, defined, both, step.guards(), goals);
            }
        }
    }

    private interface Goals {
        void accept(String goal, String text);
    }

    private void defined(Translator translator, Term formula, List<String> uses, List<Term> guards, Goals out) {
        for (Term goal : formula.equals(Term.TRUE) ? List.<Term>of() : NormalForm.goals(formula)) {
            Query query = query(translator);
            guards.forEach(guard -> query.addAll(Query.prepared(guard), "the step"));
            uses.forEach(use -> query.addAll(used(translator, use), use));
            query.addNegation(goal);
            out.accept(goal.toString(), query.text(spec.kinds));
        }
    }

    private List<Term> used(Translator translator, String use) {
        return translator.prepared.computeIfAbsent(use, name -> Query.prepared(formula(translator, name)));
    }

    private Term formula(Translator translator, String use) {
        boolean after = use.endsWith("'");
        Claim claim = plan.claim(after ? use.substring(0, use.length() - 1) : use);
        return formula(translator, claim, after ? Moment.AFTER : Moment.BEFORE);
    }

    private Term meaning(String expression, Translator translator, Map<String, Meaning> names) {
        if (expressions.meaning(expression, translator, names) instanceof Meaning.Scalar scalar) {
            return scalar.term();
        }
        throw new Untranslatable("\"" + expression + "\" is no single term");
    }

    private interface Goal {
        void accept(int part, String goal, String text);
    }

    private void goals(
            Translator translator,
            Claim claim,
            Optional<Help> help,
            Moment moment,
            List<Term> guards,
            Map<String, Meaning> names,
            Goal out) {
        int part = 0;
        List<Term> taken = new ArrayList<>();
        guards.forEach(guard -> taken.addAll(Query.prepared(guard)));
        List<String> uses = help.flatMap(Help::uses).orElse(claim.uses());
        Term whole = formula(translator, claim, moment);
        for (Map.Entry<String, String> witness : claim.witnesses().entrySet()) {
            whole = NormalForm.witnessed(whole, witness.getKey(), meaning(witness.getValue(), translator, names));
        }
        for (Term goal : NormalForm.goals(whole)) {
            List<Term> earlier = new ArrayList<>();
            List<String> cases = new ArrayList<>(help.map(Help::cases).orElse(List.of()));
            for (int k = 0; k <= cases.size(); k++) {
                Query query = query(translator);
                query.addAll(taken, "the step");
                uses.forEach(use -> query.addAll(used(translator, use), use));
                help.flatMap(Help::hides).orElse(claim.hides()).forEach(query::hide);
                Map<String, Meaning> constants = new HashMap<>();
                query.addNegation(goal)
                        .forEach((name, term) ->
                                constants.put(name, new Meaning.Scalar(term, translator.symbols.kind(term.sort()))));
                constants.putAll(names);
                for (String hint : help.map(Help::hints).orElse(List.of())) {
                    query.hint(meaning(hint, translator, constants));
                }
                earlier.forEach(query::add);
                if (k < cases.size()) {
                    Term condition = meaning(cases.get(k), translator, constants);
                    query.add(condition);
                    earlier.add(Term.not(condition));
                }
                out.accept(++part, goal.toString(), query.text(spec.kinds));
            }
        }
    }
}
