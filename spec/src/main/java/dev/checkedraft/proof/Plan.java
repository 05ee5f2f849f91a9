package dev.checkedraft.proof;

import dev.checkedraft.spec.manifest.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be proved of a spec, in which order, and what helps the solver: a file beside the spec. Nothing in it can make
 * a wrong proof pass, since it only says which of the proved claims a proof may use.
 *
 * @param module the module that has the claims
 * @param init the operator that says how a run begins
 * @param next the operator that says what a step is
 * @param actions the operator whose disjuncts name the steps
 * @param assumptions the assumptions on constants that are used everywhere
 * @param kinds the operators that say of what kind each variable is
 * @param named the operators that the solver has under their own names
 * @param unreachable what shows that no CASE is without an arm
 * @param defined what shows that no formula asks for what TLA+ leaves open
 * @param definedAfter what shows it besides, where a formula speaks of the state after the step
 * @param refinements which spec each step is one of besides; none or one
 * @param claims in an order such that what a claim uses of the state that it speaks of comes before it
 */
record Plan(
        String module,
        String init,
        String next,
        String actions,
        List<String> assumptions,
        List<String> kinds,
        Set<String> named,
        List<String> unreachable,
        List<String> defined,
        List<String> definedAfter,
        List<Refinement> refinements,
        List<Claim> claims) {

    /**
     * That the spec refines another.
     *
     * @param name of the claim
     * @param init how the other begins
     * @param next its steps
     * @param assumptions on constants
     * @param uses what is known of the states before and after the step
     * @param steps by action of this spec, the action of the other
     */
    record Refinement(
            String name, String init, String next, List<String> assumptions, List<String> uses, List<Match> steps) {}

    /**
     * The action of the other spec that an action is.
     *
     * @param witnesses its parameters, where they are not of the same name
     * @param hints terms that the solver is to look at
     * @param cases as those of {@link Help}
     */
    record Match(String action, String is, Map<String, String> witnesses, List<String> hints, List<String> cases) {}

    /** All TLA+ expressions of the plan. */
    List<String> expressions() {
        List<String> all = new ArrayList<>();
        claims.forEach(claim -> all.addAll(claim.expressions()));
        refinements.forEach(refinement -> refinement.steps.forEach(step -> {
            all.addAll(step.witnesses.values());
            all.addAll(step.hints);
            all.addAll(step.cases);
        }));
        return all;
    }

    /** What sort of thing is claimed. */
    enum Sort {
        /** It holds in each state: in the first, and after each step if before it. */
        INVARIANT,
        /** It holds in each state, since others do. */
        CONSEQUENCE,
        /** It holds of each step. */
        STEP
    }

    /**
     * Something to be proved.
     *
     * @param name an operator
     * @param uses what its proof uses: invariants and consequences of the state before the step, or, with a prime, of the
     *     state after it; and what holds of the step
     * @param hides the variables of which only that is used, and not how the step changes them
     * @param witnesses what there is, where the claim says that there is something: a name that it binds, and an expression
     * @param helps what helps for single actions
     */
    record Claim(
            String name,
            Sort sort,
            List<String> uses,
            List<String> hides,
            Map<String, String> witnesses,
            List<Help> helps) {
        /** All TLA+ expressions that help. */
        List<String> expressions() {
            List<String> all = new ArrayList<>(witnesses.values());
            helps.forEach(help -> {
                all.addAll(help.hints());
                all.addAll(help.cases());
            });
            return all;
        }
    }

    /**
     * Help for the proof of a claim for one action.
     *
     * @param action the action; "" for a claim of one state
     * @param uses in place of what the claim uses
     * @param hides in place of what the claim hides
     * @param hints terms that the solver is to look at
     * @param cases formulas; in each case all before are false, and in the last all are
     */
    record Help(
            String action,
            Optional<List<String>> uses,
            Optional<List<String>> hides,
            List<String> hints,
            List<String> cases) {}

    /**
     * Reads a plan.
     *
     * @throws IOException if it cannot be read, or uses what is not proved by then; one line, with the place
     */
    static Plan read(Path file) throws IOException {
        Json json = Json.read(file);
        List<Claim> claims = new ArrayList<>();
        for (Json claim : json.objects("claims")) {
            List<Help> helps = new ArrayList<>();
            for (Json help : claim.has("help") ? claim.objects("help") : List.<Json>of()) {
                help.string("because");
                helps.add(new Help(
                        help.string("action"),
                        help.has("uses") ? Optional.of(help.strings("uses")) : Optional.empty(),
                        help.has("hides") ? Optional.of(help.strings("hides")) : Optional.empty(),
                        help.strings("hints"),
                        help.strings("cases")));
            }
            claims.add(new Claim(
                    claim.string("name"),
                    claim.constant("sort", Sort.class, List.of(Sort.values())),
                    claim.strings("uses"),
                    claim.strings("hides"),
                    witnesses(claim),
                    helps));
        }
        List<Refinement> refinements = new ArrayList<>();
        for (Json refinement : json.has("refinements") ? json.objects("refinements") : List.<Json>of()) {
            List<Match> steps = new ArrayList<>();
            for (Json step : refinement.objects("steps")) {
                step.string("because");
                steps.add(new Match(
                        step.string("action"),
                        step.string("is"),
                        witnesses(step),
                        step.strings("hints"),
                        step.strings("cases")));
            }
            refinements.add(new Refinement(
                    refinement.string("name"),
                    refinement.string("init"),
                    refinement.string("next"),
                    refinement.strings("assumptions"),
                    refinement.strings("uses"),
                    steps));
        }
        Plan plan = new Plan(
                json.string("module"),
                json.string("init"),
                json.string("next"),
                json.string("actions"),
                json.strings("assumptions"),
                json.strings("kinds"),
                Set.copyOf(json.strings("named")),
                json.strings("unreachable"),
                json.strings("defined"),
                json.strings("definedAfter"),
                refinements,
                claims);
        plan.check(file);
        return plan;
    }

    private static Map<String, String> witnesses(Json claim) throws IOException {
        Map<String, String> witnesses = new LinkedHashMap<>();
        for (String witness : claim.strings("witnesses")) {
            int is = witness.indexOf(" is ");
            if (is < 0) {
                throw new IOException(claim.where() + ": a witness is \"name is expression\", not \"" + witness + "\"");
            }
            witnesses.put(witness.substring(0, is), witness.substring(is + 4));
        }
        return witnesses;
    }

    /** That no claim uses itself, be it through others: of the state before a step, all may be used. */
    private void check(Path file) throws IOException {
        Set<String> before = new HashSet<>();
        Set<String> steps = new HashSet<>();
        for (Claim claim : claims) {
            if (claim.sort == Sort.STEP) {
                steps.add(claim.name);
            } else {
                before.add(claim.name);
            }
        }
        List<String> after = definedAfter.stream()
                .map(use -> use.endsWith("'") ? use.substring(0, use.length() - 1) : "")
                .toList();
        if (!before.containsAll(unreachable) || !before.containsAll(defined) || !before.containsAll(after)) {
            throw new IOException(file + ": unreachable or defined uses what is no invariant or consequence");
        }
        Set<String> proved = new HashSet<>();
        for (Claim claim : claims) {
            List<String> uses = new ArrayList<>(claim.uses);
            claim.helps.forEach(help -> help.uses.ifPresent(uses::addAll));
            for (String use : uses) {
                boolean primed = use.endsWith("'");
                String name = primed ? use.substring(0, use.length() - 1) : use;
                boolean known = primed ? before.contains(name) : before.contains(name) || steps.contains(name);
                boolean early =
                        (!primed && !steps.contains(name) && claim.sort != Sort.CONSEQUENCE) || proved.contains(name);
                if (!known || !early) {
                    throw new IOException(file + ": " + claim.name + " uses " + use + ", which is "
                            + (known ? "not proved before it" : "no claim"));
                }
            }
            if (!proved.add(claim.name)) {
                throw new IOException(file + ": two claims are called " + claim.name);
            }
        }
    }

    Claim claim(String name) {
        return claims.stream()
                .filter(claim -> claim.name.equals(name))
                .findFirst()
                .orElseThrow();
    }
}
