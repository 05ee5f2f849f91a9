package dev.checkedraft.smt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The kinds of records that a spec has, by their fields. */
public final class Kinds {
    public static final Kind INT = new Kind.Basic(Term.INT);
    public static final Kind BOOL = new Kind.Basic(Term.BOOL);
    public static final Kind TEXT = new Kind.Basic("Text");
    public static final Kind SERVER = new Kind.Basic("Server");
    /** A server, or none. */
    public static final Kind VOTE = new Kind.Basic("Vote");
    /** What an entry carries. */
    public static final Kind VALUE = new Kind.Basic("Value");

    /** Names of records by their fields, as the spec's definitions of sets of records give them. */
    private final Map<Set<String>, String> names;

    private final Map<Set<String>, Kind.Rec> records = new LinkedHashMap<>();

    public Kinds(Map<Set<String>, String> names) {
        this.names = names;
    }

    /** Records of exactly these fields. */
    public Kind.Rec record(Map<String, Kind> fields) {
        Map<String, Kind> sorted = new TreeMap<>(fields);
        Kind.Rec kind = records.computeIfAbsent(
                new TreeSet<>(sorted.keySet()),
                k -> new Kind.Rec(names.getOrDefault(k, String.join("+", k)), sorted, false));
        if (!kind.fields().equals(sorted)) {
            throw new Untranslatable("records of fields " + sorted.keySet() + " are of two kinds");
        }
        return kind;
    }

    public Kind.Rec record(Set<String> fields) {
        Kind.Rec kind = records.get(fields);
        if (kind == null) {
            throw new Untranslatable("no set of records of fields " + fields + " was met");
        }
        return kind;
    }

    /** The kind of what is in one of two sets. */
    public static @Nullable Kind join(@Nullable Kind a, @Nullable Kind b) {
        if (a == null || b == null || a.equals(b)) {
            return a == null ? b : a;
        }
        if (Set.of(a, b).equals(Set.of(Kinds.SERVER, Kinds.VOTE))) {
            return Kinds.VOTE;
        }
        if (a instanceof Kind.Rec first && b instanceof Kind.Rec second) {
            Map<String, Kind> fields = new TreeMap<>(first.fields());
            second.fields().forEach((name, kind) -> {
                Kind other = fields.put(name, kind);
                if (other != null && !other.equals(kind)) {
                    throw new Untranslatable("field " + name + " is of two kinds");
                }
            });
            return new Kind.Rec("Message", fields, true);
        }
        throw new Untranslatable("a set of " + a + " and " + b);
    }

    /** The records with all their fields in one constructor, for declarations. */
    public List<Kind.Rec> records() {
        return new ArrayList<>(records.values());
    }
}
