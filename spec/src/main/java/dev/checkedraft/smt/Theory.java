package dev.checkedraft.smt;

import dev.checkedraft.smt.SExpression.Group;
import dev.checkedraft.smt.SExpression.Word;
import dev.checkedraft.smt.Symbols.Declaration;
import dev.checkedraft.smt.Term.Variable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The axioms: functions on sequences and sets, and what is taken for true of them. */
public final class Theory {
    private static final Set<String> LOGIC = Set.of("and", "or", "not", "=>", "=", "<=", "<");

    private final Map<String, Declaration> declarations = new LinkedHashMap<>();
    private final List<Term> axioms = new ArrayList<>();
    /** The servers, if it is said how many there are. */
    private final List<String> servers = new ArrayList<>();

    /** The theory of sequences of these sorts, and of sets of servers. */
    public static Theory of(List<String> elements) {
        return read(text(), elements);
    }

    /**
     * The same where there are so many servers. No axiom tells of cardinalities then: that of a set is a sum, of one for
     * each server that is in it.
     */
    public static Theory of(List<String> elements, int servers) {
        Theory theory = of(elements);
        theory.axioms.removeIf(axiom -> axiom.toString().contains("(card "));
        Variable set = new Variable("s", "Servers");
        List<Term> ones = new ArrayList<>();
        for (int k = 1; k <= servers; k++) {
            theory.servers.add("server." + k);
            Term member = Term.apply("member", Term.BOOL, Term.apply("server." + k, "Server"), set);
            ones.add(Term.ite(member, Term.number(1), Term.number(0)));
        }
        Term cardinality = Term.apply("card", Term.INT, set);
        Term sum = new Term.Apply("+", ones, Term.INT);
        theory.axioms.add(
                new Term.Quantified(true, List.of(set), Term.equal(cardinality, sum), List.of(List.of(cardinality))));
        return theory;
    }

    /** The servers, if it is said how many there are; empty if there may be any number. */
    public List<String> servers() {
        return servers;
    }

    public static String text() {
        try (InputStream in = Theory.class.getResourceAsStream("axioms.smt2")) {
            if (in == null) {
                throw new IllegalStateException("axioms.smt2 is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Theory read(String text, List<String> elements) {
        Theory theory = new Theory();
        List<SExpression> commands = SExpression.read(text);
        Set<String> ofSequences = commands.stream()
                .map(command -> (Group) command)
                .filter(command -> command.head().equals("declare-fun") && mentions(command, "Seq"))
                .map(command -> word(command.part(1)))
                .collect(Collectors.toSet());
        for (SExpression command : commands) {
            Group group = (Group) command;
            if (mentions(group, "Seq") || ofSequences.stream().anyMatch(name -> mentions(group, name))) {
                for (String element : elements) {
                    Map<String, String> names = new HashMap<>();
                    ofSequences.forEach(name -> names.put(name, name + "." + element));
                    names.put("Seq", "Seq." + element);
                    names.put("Elem", element);
                    theory.add((Group) renamed(group, names));
                }
            } else {
                theory.add(group);
            }
        }
        return theory;
    }

    private static boolean mentions(SExpression expression, String name) {
        return expression instanceof Group group
                ? group.parts().stream().anyMatch(part -> mentions(part, name))
                : word(expression).equals(name);
    }

    private static SExpression renamed(SExpression expression, Map<String, String> names) {
        if (expression instanceof Group group) {
            return new Group(
                    group.parts().stream().map(part -> renamed(part, names)).toList());
        }
        String word = word(expression);
        return new Word(names.getOrDefault(word, word));
    }

    public static String word(SExpression expression) {
        if (expression instanceof Word word) {
            return word.text();
        }
        throw new IllegalArgumentException("a word was expected, not " + expression);
    }

    private void add(Group command) {
        if (command.head().equals("declare-fun")) {
            List<String> arguments =
                    ((Group) command.part(2)).parts().stream().map(Theory::word).toList();
            String name = word(command.part(1));
            declarations.put(name, new Declaration(name, arguments, word(command.part(3))));
        } else {
            axioms.add(term(command.part(1), Map.of()));
        }
    }

    private Term term(SExpression expression, Map<String, Variable> bound) {
        if (expression instanceof Word word) {
            Variable variable = bound.get(word.text());
            if (variable != null) {
                return variable;
            }
            if (word.text().chars().allMatch(Character::isDigit)) {
                return Term.number(Long.parseLong(word.text()));
            }
            return Term.apply(word.text(), sort(word.text()));
        }
        Group group = (Group) expression;
        if (group.head().equals("forall")) {
            Map<String, Variable> inner = new HashMap<>(bound);
            List<Variable> variables = new ArrayList<>();
            for (SExpression pair : ((Group) group.part(1)).parts()) {
                Variable variable = new Variable(word(((Group) pair).part(0)), word(((Group) pair).part(1)));
                inner.put(variable.name(), variable);
                variables.add(variable);
            }
            Group marked = (Group) group.part(2);
            List<List<Term>> triggers = new ArrayList<>();
            for (int k = 3; k < marked.parts().size(); k += 2) {
                triggers.add(((Group) marked.part(k))
                        .parts().stream().map(part -> term(part, inner)).toList());
            }
            return new Term.Quantified(true, variables, term(marked.part(1), inner), triggers);
        }
        List<Term> arguments = group.parts().subList(1, group.parts().size()).stream()
                .map(part -> term(part, bound))
                .toList();
        String head = group.head();
        String sort = head.equals("ite") ? arguments.get(1).sort() : sort(head);
        return new Term.Apply(head, arguments, sort);
    }

    private String sort(String function) {
        if (LOGIC.contains(function)) {
            return Term.BOOL;
        }
        Declaration declaration = declarations.get(function);
        return declaration == null ? Term.INT : declaration.sort();
    }

    public Map<String, Declaration> declarations() {
        return declarations;
    }

    public List<Term> axioms() {
        return axioms;
    }
}
