package dev.checkedraft.translation;

import java.util.EnumMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import tla2sany.semantic.LetInNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.Subst;
import tla2sany.semantic.SubstInNode;
import tla2sany.semantic.SymbolNode;

/** What names stand for where an expression is, and which of a step's two states it speaks of. */
public record Env(
        @Nullable Env outer,
        @Nullable SymbolNode name,
        @Nullable Object value,
        Moment moment,
        @Nullable Meaning at) {
    /** Before the step, or after it. */
    public enum Moment {
        BEFORE,
        AFTER
    }

    /** A definition or argument that is translated where it is used. */
    public static final class Lazy {
        final SemanticNode node;
        final Env env;
        final SymbolNode[] parameters;
        /** The name of what a LET defines; null of an argument. */
        final @Nullable String name;

        final Map<Moment, Meaning> known = new EnumMap<>(Moment.class);

        Lazy(SemanticNode node, Env env, SymbolNode[] parameters, @Nullable String name) {
            this.node = node;
            this.env = env;
            this.parameters = parameters;
            this.name = name;
        }
    }

    public static Env of(Moment moment) {
        return new Env(null, null, null, moment, null);
    }

    public Env with(SymbolNode symbol, Object meaning) {
        return new Env(this, symbol, meaning, moment, at);
    }

    public Env at(Moment other) {
        return other == moment ? this : new Env(outer, name, value, other, at);
    }

    public Env withAt(Meaning old) {
        return new Env(outer, name, value, moment, old);
    }

    /** What a symbol stands for: a {@link Meaning} or a {@link Lazy}; null if nothing here defines it. */
    @Nullable
    Object find(SymbolNode symbol) {
        for (Env env = this; env != null; env = env.outer) {
            // SANY's nodes are what they are: two of the same name are not the same.
            if (env.name != null && env.name.getUid() == symbol.getUid()) {
                return env.value;
            }
        }
        return null;
    }

    /** Within a LET. */
    public static Env let(LetInNode let, Env env) {
        Env inner = env;
        for (OpDefNode definition : let.getLets()) {
            inner = inner.with(
                    definition,
                    new Lazy(
                            definition.getBody(),
                            inner,
                            definition.getParams(),
                            definition.getName().toString()));
        }
        return inner;
    }

    /** Within an instance of a module. */
    public static Env substituted(SubstInNode instance, Env env) {
        Env inner = env;
        for (Subst subst : instance.getSubsts()) {
            inner = inner.with(subst.getOp(), new Lazy(subst.getExpr(), env, new SymbolNode[0], null));
        }
        return inner;
    }

    /** Within a definition, where it is used with these arguments. */
    public static Env parameters(SymbolNode[] parameters, SemanticNode[] arguments, Env definition, Env use) {
        Env inner = definition;
        for (int k = 0; k < parameters.length; k++) {
            inner = inner.with(parameters[k], new Lazy(arguments[k], use, new SymbolNode[0], null));
        }
        return inner;
    }
}
