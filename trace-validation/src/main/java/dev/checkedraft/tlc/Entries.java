package dev.checkedraft.tlc;

import dev.checkedraft.core.Entry;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;
import util.TraceStrings;
import util.UniqueString;

/** Log entries as values of TLC: the record {@code [term, value]}, and tuples of it. */
public final class Entries {
    private static final UniqueString TERM = UniqueString.uniqueStringOf("term");
    private static final UniqueString VALUE = UniqueString.uniqueStringOf("value");
    private static final UniqueString[] NAMES = FieldOrder.sorted(TERM, VALUE);
    private static final int TERM_AT = NAMES[0] == TERM ? 0 : 1;

    /** Entries made lately, by a hash: traces send an entry many times. Several threads may use it; what is lost is made again. */
    private static final @Nullable Made[] MADE = new @Nullable Made[1 << 12];

    /** The longest value of one that is kept there, in characters. */
    private static final int KEPT = 100;

    private static final Value NO_OP = new StringValue(Entry.NO_OP);

    private record Made(Entry entry, Value value) {}

    private Entries() {}

    /** The value of an entry of which the trace does not tell. */
    public static Value untold() {
        return new StringValue(TraceStrings.of("?"));
    }

    static Value of(Entry entry) {
        int place = entry.hashCode() & (MADE.length - 1);
        Made made = MADE[place];
        if (made == null || !made.entry.equals(entry)) {
            made = new Made(entry, make(entry));
            if (entry.value().length() <= KEPT) {
                MADE[place] = made;
            }
        }
        return made.value;
    }

    /** An entry of this term of whose value the trace does not tell. */
    static Value untold(int term) {
        return make(term, untold());
    }

    private static Value make(Entry entry) {
        if (entry.term() > TraceEvent.MAX_NUMBER) {
            throw new IllegalArgumentException(
                    "expected a term of at most " + TraceEvent.MAX_NUMBER + ", not " + entry.term());
        }
        return make((int) entry.term(), text(entry.value()));
    }

    private static Value make(int term, Value value) {
        Value[] values = new Value[2];
        values[TERM_AT] = IntValue.gen(term);
        values[1 - TERM_AT] = value;
        return new RecordValue(NAMES, values, true);
    }

    /** An entry's value. The no-op's is a string of the spec, any other is the trace's. */
    static Value text(String value) {
        return value.equals(Entry.NO_OP) ? NO_OP : new StringValue(TraceStrings.of(value));
    }

    static Value of(List<?> entries) {
        if (entries.isEmpty()) {
            return TupleValue.EmptyTuple;
        }
        Value[] elements = new Value[entries.size()];
        for (int k = 0; k < elements.length; k++) {
            if (!(entries.get(k) instanceof Entry entry)) {
                throw new IllegalArgumentException("expected an entry, not " + entries.get(k));
            }
            elements[k] = of(entry);
        }
        return new TupleValue(elements);
    }

    /** The entries of a sequence. */
    public static List<Entry> list(Value entries) {
        List<Entry> list = new ArrayList<>();
        for (Value entry : elements(entries)) {
            list.add(new Entry(term(entry), value(entry)));
        }
        return list;
    }

    private static Value[] elements(Value sequence) {
        if (sequence.toTuple() instanceof TupleValue tuple) {
            return tuple.elems;
        }
        throw new IllegalArgumentException("no sequence: " + sequence);
    }

    static int term(Value entry) {
        return ((IntValue) field(entry, TERM)).val;
    }

    static String value(Value entry) {
        return ((StringValue) field(entry, VALUE)).val.toString();
    }

    private static Value field(Value entry, UniqueString name) {
        RecordValue record = (RecordValue) entry;
        return record.names[0] == name ? record.values[0] : record.values[1];
    }

    /** Whether these are so many entries, with this last term as far as it is known. */
    public static boolean have(Value entries, LogSize size) {
        int length = LogValue.length(entries);
        return length == size.length()
                && (length == 0 || size.lastTerm() == LogSize.UNKNOWN || lastTerm(entries) == size.lastTerm());
    }

    /** The term of the last of these entries; 0 if there is none. */
    public static int lastTerm(Value entries) {
        int length = LogValue.length(entries);
        return length == 0
                ? 0
                : term(entries instanceof LogValue log ? log.get(length - 1) : elements(entries)[length - 1]);
    }

    /** A hash of the contents. */
    static long hash(Value entries) {
        long h = 0;
        for (Value entry : elements(entries)) {
            h = PackedMessage.mix(h, term(entry));
            h = PackedMessage.mix(h, value(entry).hashCode());
        }
        return h;
    }
}
