package dev.checkedraft.smt;

import dev.checkedraft.smt.Symbols.Declaration;
import dev.checkedraft.smt.Term.Apply;
import dev.checkedraft.smt.Term.Quantified;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Formulas that cannot all hold, if what is to be proved is so; with all that defines what they speak of. */
public final class Query {
    private static final Set<String> BUILT_IN = Set.of(
            "and", "or", "not", "=>", "=", "ite", "<=", "<", "+", "-", "*", "true", "false", "for", "nil", "distinct");

    private final Symbols symbols;
    private final Theory theory;
    private final Set<Term> clauses = new LinkedHashSet<>();
    /** What clauses are a part of; of most, nothing is told. */
    private final Map<Term, String> origins = new HashMap<>();

    private final Set<String> mentioned = new LinkedHashSet<>();
    private final Map<String, Declaration> own = new LinkedHashMap<>();
    private final Set<String> hidden = new LinkedHashSet<>();
    private final Set<String> sorts = new TreeSet<>();

    public Query(Symbols symbols, Theory theory) {
        this.symbols = symbols;
        this.theory = theory;
    }

    /** Leaves out what defines a variable after the step. */
    public void hide(String symbol) {
        hidden.add(symbol);
    }

    private boolean isHidden(String function) {
        int dot = function.indexOf('.');
        return hidden.contains(dot < 0 ? function : function.substring(0, dot));
    }

    /** Adds clauses that hold, as {@link #prepared} gives them; {@link #text} tells at each what it is a part of. */
    public void addAll(List<Term> prepared, String origin) {
        for (Term clause : prepared) {
            if (clauses.add(clause)) {
                origins.put(clause, origin);
            }
        }
    }

    /** The clauses of a formula, with triggers. */
    public static List<Term> prepared(Term formula) {
        return NormalForm.clauses(formula).stream().map(Triggers::chosen).toList();
    }

    /** Adds a formula that holds. */
    public void add(Term formula) {
        NormalForm.clauses(formula).forEach(this::addClause);
    }

    /** Adds that a formula does not hold, with names for what shows it. */
    public Map<String, Term> addNegation(Term formula) {
        Map<String, Term> names = new LinkedHashMap<>();
        Term negated = NormalForm.negationNormal(formula, false);
        Term named = NormalForm.skolemized(negated, v -> {
            Term constant = constant(baseName(v.name()), v.sort());
            names.putIfAbsent(baseName(v.name()), constant);
            return constant;
        });
        add(named);
        Set<Term> closed = new LinkedHashSet<>();
        closed(named, false, closed);
        closed.forEach(this::hint);
        return names;
    }

    /** A constant of this query alone. */
    private Term constant(String base, String sort) {
        String name = base;
        for (int k = 2; symbols.declarations().containsKey(name) || own.containsKey(name); k++) {
            name = base + "." + k;
        }
        own.put(name, new Declaration(name, List.of(), sort));
        return Term.apply(name, sort);
    }

    /** Has the solver know a term, so that it looks for what holds of it. */
    public void hint(Term term) {
        if (term instanceof Apply apply && !apply.arguments().isEmpty()) {
            add(Term.equal(constant("known", term.sort()), term));
        }
    }

    /** The terms within a quantifier that have nothing bound in them. */
    private static void closed(Term term, boolean within, Set<Term> closed) {
        if (term instanceof Quantified quantified) {
            closed(quantified.body(), true, closed);
        } else if (term instanceof Apply apply && !apply.arguments().isEmpty()) {
            if (within
                    && term.free().isEmpty()
                    && !term.sort().equals(Term.BOOL)
                    && !BUILT_IN.contains(apply.function())) {
                closed.add(term);
            } else {
                apply.arguments().forEach(part -> closed(part, within, closed));
            }
        }
    }

    public static String baseName(String variable) {
        return variable.substring(0, variable.lastIndexOf('_'));
    }

    private void addClause(Term clause) {
        clauses.add(Triggers.chosen(clause));
    }

    private void mention(Term clause) {
        Symbols.Mentions in = symbols.mentions(clause);
        sorts.addAll(in.sorts());
        for (String function : in.functions()) {
            if (mentioned.add(function) && !isHidden(function)) {
                for (Term definition : symbols.definition(function)) {
                    if (clauses.add(definition)) {
                        mention(definition);
                    }
                }
            }
        }
    }

    /** The axioms that some term of the query may call for. */
    private void addAxioms() {
        boolean more = true;
        while (more) {
            more = false;
            for (Term axiom : theory.axioms()) {
                if (!clauses.contains(axiom) && isCalledFor(axiom)) {
                    clauses.add(axiom);
                    mention(axiom);
                    more = true;
                }
            }
        }
    }

    private boolean isCalledFor(Term axiom) {
        if (axiom instanceof Quantified quantified) {
            return quantified.triggers().stream()
                    .anyMatch(trigger -> trigger.stream().allMatch(this::isMentioned));
        }
        return functions(axiom).stream().anyMatch(name -> name.startsWith("empty.") && mentioned.contains(name));
    }

    private boolean isMentioned(Term term) {
        return mentioned.containsAll(functions(term));
    }

    private static Set<String> functions(Term term) {
        Set<String> names = new LinkedHashSet<>();
        if (term instanceof Apply apply) {
            if (!BUILT_IN.contains(apply.function()) && !isNumber(apply.function())) {
                names.add(apply.function());
            }
            apply.arguments().forEach(part -> names.addAll(functions(part)));
        }
        return names;
    }

    /** The clause without triggers that nothing in the query can match. */
    private Term withTriggersMentioned(Term clause) {
        if (!(clause instanceof Quantified quantified)) {
            return clause;
        }
        List<List<Term>> triggers = quantified.triggers().stream()
                .filter(trigger -> trigger.stream().allMatch(this::isMentioned))
                .toList();
        return new Quantified(quantified.forall(), quantified.variables(), quantified.body(), triggers);
    }

    private static boolean isNumber(String name) {
        return Character.isDigit(name.charAt(0));
    }

    /** In SMT-LIB 2, for any solver. */
    public String text(Kinds kinds) {
        List.copyOf(clauses).forEach(this::mention);
        addAxioms();
        StringBuilder text = new StringBuilder("(set-logic ALL)\n");
        Map<String, Kind.Rec> records = new TreeMap<>();
        kinds.records().forEach(record -> records.put(record.name(), record));
        Set<String> open = new TreeSet<>();
        Set<String> declared = new LinkedHashSet<>(List.of(Term.BOOL, Term.INT));
        text.append(serverSort()).append("(declare-datatypes ((Vote 0)) (((nil) (for (for.server Server)))))\n");
        declared.addAll(List.of("Server", "Vote"));
        sorts.forEach(sort -> declareSort(sort, records, declared, open, text));
        Set<String> texts =
                mentioned.stream().filter(name -> name.startsWith("\"")).collect(Collectors.toCollection(TreeSet::new));
        for (Declaration declaration : declarations(records)) {
            text.append(declaration).append('\n');
        }
        if (texts.size() > 1) {
            text.append("(assert (distinct ")
                    .append(texts.stream().map(Term::symbol).collect(Collectors.joining(" ")))
                    .append("))\n");
        }
        clauses.forEach(clause -> {
            text.append("(assert ").append(withTriggersMentioned(clause)).append(')');
            String origin = origins.get(clause);
            text.append(origin == null ? "\n" : " ; " + origin + "\n");
        });
        return text.append("(check-sat)\n").toString();
    }

    private String serverSort() {
        return theory.servers().isEmpty()
                ? "(declare-sort Server 0)\n"
                : theory.servers().stream()
                        .map(server -> "(" + server + ")")
                        .collect(Collectors.joining(" ", "(declare-datatypes ((Server 0)) ((", ")))\n"));
    }

    private static void declareSort(
            String sort, Map<String, Kind.Rec> records, Set<String> declared, Set<String> open, StringBuilder text) {
        if (!declared.add(sort)) {
            return;
        }
        Kind.Rec record = records.get(sort);
        if (record == null) {
            text.append("(declare-sort ").append(Term.symbol(sort)).append(" 0)\n");
            return;
        }
        record.fields().values().forEach(field -> declareSort(field.sort(), records, declared, open, text));
        text.append("(declare-datatypes ((")
                .append(Term.symbol(sort))
                .append(" 0)) (((")
                .append(Term.symbol("mk." + sort));
        record.fields()
                .forEach((name, kind) -> text.append(" (")
                        .append(Term.symbol(sort + "." + name))
                        .append(' ')
                        .append(Term.symbol(kind.sort()))
                        .append(')'));
        text.append("))))\n");
    }

    private List<Declaration> declarations(Map<String, Kind.Rec> records) {
        Map<String, Declaration> all = new LinkedHashMap<>(symbols.declarations());
        all.putAll(theory.declarations());
        all.putAll(own);
        List<Declaration> used = new ArrayList<>();
        for (String name : mentioned) {
            Declaration declaration = all.get(name);
            if (declaration != null) {
                used.add(declaration);
            } else if (!BUILT_IN.contains(name)
                    && !isNumber(name)
                    && !isOfRecord(name, records)
                    && !theory.servers().contains(name)) {
                throw new IllegalStateException("not declared: " + name);
            }
        }
        return used;
    }

    private static boolean isOfRecord(String name, Map<String, Kind.Rec> records) {
        return name.startsWith("mk.") || records.keySet().stream().anyMatch(record -> name.startsWith(record + "."));
    }
}
