package dev.checkedraft.translation;

import dev.checkedraft.translation.Meaning.Mapping;
import java.util.LinkedHashMap;
import java.util.Map;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.StringNode;

/** {@code [f EXCEPT ![a][b] = e, ...]}. */
final class Except {
    private final Translator translator;

    Except(Translator translator) {
        this.translator = translator;
    }

    Meaning of(OpApplNode node, Env env) {
        SemanticNode[] args = node.getArgs();
        Meaning function = translator.eval(args[0], env);
        for (int k = 1; k < args.length; k++) {
            SemanticNode[] pair = ((OpApplNode) args[k]).getArgs();
            function = changed(function, ((OpApplNode) pair[0]).getArgs(), 0, pair[1], env);
        }
        return function;
    }

    private Meaning changed(Meaning old, SemanticNode[] path, int from, SemanticNode value, Env env) {
        if (from == path.length) {
            return translator.eval(value, env.withAt(old));
        }
        if (path[from] instanceof StringNode field && old instanceof Meaning.Rec record) {
            Map<String, Meaning> fields = new LinkedHashMap<>(record.fields());
            String name = field.getRep().toString();
            fields.put(name, changed(translator.values.field(record, name), path, from + 1, value, env));
            return new Meaning.Rec(fields);
        }
        if (!(old instanceof Mapping mapping)) {
            throw Translator.unknown(value, "EXCEPT of what is no function");
        }
        Meaning index = translator.eval(path[from], env);
        Meaning changed = changed(mapping.at().apply(index), path, from + 1, value, env);
        return new Mapping(
                mapping.domain(),
                argument -> translator.values.ite(
                        translator.values.equal(argument, index),
                        changed,
                        mapping.at().apply(argument)));
    }
}
