package dev.checkedraft.proof;

import dev.checkedraft.smt.Untranslatable;
import dev.checkedraft.translation.Env;
import dev.checkedraft.translation.Meaning;
import dev.checkedraft.translation.SpecTree;
import dev.checkedraft.translation.Translator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tla2sany.semantic.FormalParamNode;
import tla2sany.semantic.OpDefNode;

/**
 * TLA+ expressions of a plan. They become operators of a module that extends the spec, with what they name of a step as
 * parameters, and are translated as all else.
 */
public final class Expressions {
    private static final Pattern NAME = Pattern.compile("(?<![.\\w\"\\\\])[A-Za-z]\\w*(?![\\w\"])");
    private static final Set<String> WORDS = Set.of("IF", "THEN", "ELSE", "LET", "IN", "TRUE", "FALSE", "DOMAIN");

    private final Map<String, String> operators = new LinkedHashMap<>();
    private final SpecTree tree;

    private Expressions(SpecTree tree) {
        this.tree = tree;
    }

    /** Reads a module, and with it these expressions. */
    public static Expressions read(Path folder, String module, Set<String> expressions) throws IOException {
        SpecTree plain = SpecTree.read(folder, module);
        if (expressions.isEmpty()) {
            return new Expressions(plain);
        }
        Map<String, String> operators = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        for (String expression : expressions) {
            Set<String> names = new TreeSet<>();
            Matcher matcher = NAME.matcher(expression);
            while (matcher.find()) {
                if (!plain.knows(matcher.group()) && !WORDS.contains(matcher.group())) {
                    names.add(matcher.group());
                }
            }
            String operator = "Expression" + operators.size();
            operators.put(expression, operator);
            text.append(operator)
                    .append(names.isEmpty() ? "" : "(" + String.join(", ", names) + ")")
                    .append(" == ")
                    .append(expression)
                    .append('\n');
        }
        Path directory = Files.createTempDirectory("proof");
        Path file = directory.resolve(module + "Expressions.tla");
        try {
            Files.writeString(
                    file, "---- MODULE " + module + "Expressions ----\nEXTENDS " + module + "\n" + text + "====\n");
            Expressions read = new Expressions(SpecTree.read(folder, file));
            read.operators.putAll(operators);
            return read;
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    public SpecTree tree() {
        return tree;
    }

    /** What an expression is, where its names are those of these constants. */
    public Meaning meaning(String expression, Translator translator, Map<String, Meaning> constants) {
        OpDefNode definition = tree.definition(String.valueOf(operators.get(expression)));
        Env env = Env.of(Env.Moment.BEFORE);
        for (FormalParamNode parameter : definition.getParams()) {
            Meaning constant = constants.get(parameter.getName().toString());
            if (constant == null) {
                throw new Untranslatable("\"" + expression + "\": there is no " + parameter.getName() + " here, only "
                        + new LinkedHashSet<>(new TreeSet<>(constants.keySet())));
            }
            env = env.with(parameter, constant);
        }
        return translator.eval(definition.getBody(), env);
    }
}
