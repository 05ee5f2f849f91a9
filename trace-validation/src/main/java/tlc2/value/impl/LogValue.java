package tlc2.value.impl;

import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.value.IMVPerm;
import tlc2.value.IValue;

/**
 * A sequence that shares memory with those it was made from: a server's log. TLC's own tuple is copied by every {@code
 * Append}, {@code \o} and {@code SubSeq} and compared from end to end, which makes replaying a trace take time that grows
 * with the square of the log's length. Here these take logarithmic time, and equality looks only at what is not shared.
 *
 * <p>A bit-partitioned trie with a tail (Bagwell 2001; Clojure's vector): leaves of 32 elements, the last 1 to 32
 * elements apart. Equal sequences have tries of one shape. Nothing is changed once it is made.
 *
 * <p>It is in this package because {@code Value} can only be extended here.
 */
public final class LogValue extends Value implements Applicable {
    private static final long serialVersionUID = 1L;
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final int MASK = WIDTH - 1;
    private static final Object[] NO_NODES = {};

    private static final LogValue EMPTY = new LogValue(0, BITS, NO_NODES, new Value[0]);

    private final int size;
    /** How many bits of an index are below those that choose a child of the root. */
    private final int shift;

    /** All elements but those in the tail. A node has as many children as it needs, of which only the last may be short. */
    private final transient Object[] root;

    private final transient Value[] tail;

    private LogValue(int size, int shift, Object[] root, Value[] tail) {
        this.size = size;
        this.shift = shift;
        this.root = root;
        this.tail = tail;
    }

    // ------------------------------------------------------------------------------------ the operators of Sequences

    /** {@code Append(s, e)}. */
    public static Value append(Value s, Value e) {
        return log(s).appended(e);
    }

    /** {@code s \o t}. */
    public static Value concat(Value s, Value t) {
        LogValue result = log(s);
        if (result.size == 0 && t instanceof LogValue) {
            return t;
        }
        int length = length(t);
        for (int k = 1; k <= length; k++) {
            result = result.appended(element(t, k));
        }
        return result;
    }

    /** {@code SubSeq(s, m, n)}. */
    public static Value subSeq(Value s, Value m, Value n) {
        int first = ((IntValue) m).val;
        int last = ((IntValue) n).val;
        if (first > last) {
            return TupleValue.EmptyTuple;
        }
        if (first < 1 || last > length(s)) {
            throw new IllegalArgumentException(
                    "SubSeq from " + first + " to " + last + " of a sequence of " + length(s));
        }
        if (first == 1) {
            return log(s).prefix(last);
        }
        Value[] slice = new Value[last - first + 1];
        for (int k = 0; k < slice.length; k++) {
            slice[k] = element(s, first + k);
        }
        return new TupleValue(slice);
    }

    /** {@code Len(s)}. */
    public static Value len(Value s) {
        return IntValue.gen(length(s));
    }

    /** How many elements two sequences have in common at their beginnings. Takes next to no time where they share memory. */
    public static int commonPrefix(Value s, Value t) {
        int least = 0;
        int most = Math.min(length(s), length(t));
        while (least < most) {
            // From the upper end first: most often one is the beginning of the other.
            int middle = least == 0 ? most : (least + most + 1) / 2;
            if (prefix(s, middle).equals(prefix(t, middle))) {
                least = middle;
            } else {
                most = middle - 1;
            }
        }
        return least;
    }

    private static Value prefix(Value s, int length) {
        return subSeq(s, IntValue.gen(1), IntValue.gen(length));
    }

    /** {@code Len(s)}, as a number. */
    public static int length(Value s) {
        return s instanceof LogValue log ? log.size : ((TupleValue) s.toTuple()).elems.length;
    }

    private static Value element(Value s, int index) {
        return s instanceof LogValue log ? log.get(index - 1) : ((TupleValue) s.toTuple()).elems[index - 1];
    }

    private static LogValue log(Value s) {
        if (s instanceof LogValue log) {
            return log;
        }
        LogValue log = EMPTY;
        for (Value element : ((TupleValue) s.toTuple()).elems) {
            log = log.appended(element);
        }
        return log;
    }

    // ------------------------------------------------------------------------------------------------------ the trie

    /** The index of the first element in the tail, if there are {@code size}. */
    private static int tailOffset(int size) {
        return size == 0 ? 0 : (size - 1) & ~MASK;
    }

    /** The element at {@code index}, from 0. */
    public Value get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return leaf(index)[index & MASK];
    }

    private Value[] leaf(int index) {
        if (index >= tailOffset(size)) {
            return tail;
        }
        Object[] node = root;
        for (int level = shift; level > BITS; level -= BITS) {
            node = (Object[]) node[(index >>> level) & MASK];
        }
        return (Value[]) node[(index >>> BITS) & MASK];
    }

    private LogValue appended(Value element) {
        int offset = tailOffset(size);
        if (size == 0 || size - offset < WIDTH) {
            Value[] longer = resized(tail, size - offset + 1);
            longer[size - offset] = element;
            return new LogValue(size + 1, shift, root, longer);
        }
        // The tail is full, and goes into the tree; which grows a level when it, too, is full.
        Value[] fresh = {element};
        if (offset == 1 << (shift + BITS)) {
            Object[] taller = {root, path(shift, tail)};
            return new LogValue(size + 1, shift + BITS, taller, fresh);
        }
        return new LogValue(size + 1, shift, push(root, shift, offset, tail), fresh);
    }

    private static Value[] resized(Value[] values, int length) {
        Value[] copy = new Value[length];
        System.arraycopy(values, 0, copy, 0, Math.min(values.length, length));
        return copy;
    }

    private static Object[] resized(Object[] nodes, int length) {
        Object[] copy = new Object[length];
        System.arraycopy(nodes, 0, copy, 0, Math.min(nodes.length, length));
        return copy;
    }

    private static Object[] path(int level, Value[] leaf) {
        return new Object[] {level == BITS ? leaf : path(level - BITS, leaf)};
    }

    /** The node with a leaf more, at {@code offset}. */
    private static Object[] push(Object[] node, int level, int offset, Value[] leaf) {
        int child = (offset >>> level) & MASK;
        Object[] copy = resized(node, child + 1);
        if (level == BITS) {
            copy[child] = leaf;
        } else if (child < node.length) {
            copy[child] = push((Object[]) node[child], level - BITS, offset, leaf);
        } else {
            copy[child] = path(level - BITS, leaf);
        }
        return copy;
    }

    /** The first {@code length} elements. */
    private LogValue prefix(int length) {
        if (length == size) {
            return this;
        }
        if (length == 0) {
            return EMPTY;
        }
        int offset = tailOffset(length);
        Value[] last = resized(leaf(offset), length - offset);
        if (offset == tailOffset(size)) {
            return new LogValue(length, shift, root, last);
        }
        if (offset == 0) {
            return new LogValue(length, BITS, NO_NODES, last);
        }
        Object[] node = cut(root, shift, offset - 1);
        int level = shift;
        while (level > BITS && node.length == 1) {
            node = (Object[]) node[0];
            level -= BITS;
        }
        return new LogValue(length, level, node, last);
    }

    /** The node without all after the leaf that holds {@code index}. */
    private static Object[] cut(Object[] node, int level, int index) {
        int child = (index >>> level) & MASK;
        Object[] copy = resized(node, child + 1);
        if (level > BITS) {
            copy[child] = cut((Object[]) node[child], level - BITS, index);
        }
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (other instanceof LogValue log) {
            return size == log.size && same(tail, log.tail) && same(root, log.root);
        }
        return other instanceof Value value && toTuple().equals(value);
    }

    private static boolean same(Object[] a, Object[] b) {
        if (a == b) {
            return true;
        }
        for (int k = 0; k < a.length; k++) {
            if (a[k] != b[k] && !(a[k] instanceof Object[] node ? same(node, (Object[]) b[k]) : a[k].equals(b[k]))) {
                return false;
            }
        }
        return true;
    }

    /**
     * What a sequence takes in memory, in bytes, but for its elements and for what was seen before.
     *
     * @param seen objects already counted, by identity; those counted here are added
     */
    public static long bytes(Value s, Set<Object> seen) {
        if (!(s instanceof LogValue log)) {
            return seen.add(s) ? 40 + 4L * length(s) : 0;
        }
        return seen.add(log) ? 40 + bytes(log.root, seen) + bytes(log.tail, seen) : 0;
    }

    private static long bytes(Object[] node, Set<Object> seen) {
        if (!seen.add(node)) {
            return 0;
        }
        long bytes = 16 + 4L * node.length;
        for (int k = 0; k < node.length && node[k] instanceof Object[]; k++) {
            bytes += bytes((Object[]) node[k], seen);
        }
        return bytes;
    }

    // --------------------------------------------------------------------------------------- what every value has

    @Override
    public Value apply(Value index, int control) {
        Value element = select(index);
        if (element == null) {
            throw new IllegalArgumentException("no entry " + index + " in a log of " + size);
        }
        return element;
    }

    @Override
    public Value apply(Value[] args, int control) {
        return apply(args[0], control);
    }

    @SuppressWarnings("nullness:override.return") // null where there is none, as TLC's own values have it
    @Override
    public @Nullable Value select(Value index) {
        int k = ((IntValue) index).val;
        return k >= 1 && k <= size ? get(k - 1) : null;
    }

    @Override
    public Value getDomain() {
        return new IntervalValue(1, size);
    }

    /** The tuple of the same elements; a copy. */
    @Override
    public Value toTuple() {
        Value[] elements = new Value[size];
        for (int k = 0; k < size; k += WIDTH) {
            System.arraycopy(leaf(k), 0, elements, k, Math.min(WIDTH, size - k));
        }
        return new TupleValue(elements);
    }

    @Override
    public Value toFcnRcd() {
        return toTuple().toFcnRcd();
    }

    @Override
    public byte getKind() {
        return TUPLEVALUE;
    }

    @Override
    public int compareTo(Object other) {
        return equals(other) ? 0 : toTuple().compareTo(other);
    }

    @Override
    public boolean member(Value element) {
        return toTuple().member(element);
    }

    @Override
    public Value takeExcept(ValueExcept change) {
        // The path ends here where the whole log is replaced, [log EXCEPT ![i] = ...]: nothing to copy.
        return change.idx < change.path.length ? toTuple().takeExcept(change) : change.value;
    }

    @Override
    public Value takeExcept(ValueExcept[] changes) {
        Value result = this;
        for (ValueExcept change : changes) {
            result = result.takeExcept(change);
        }
        return result;
    }

    @Override
    boolean assignable(Value other) {
        return toTuple().assignable(other);
    }

    @Override
    public Value normalize() {
        return this;
    }

    @Override
    public boolean isNormalized() {
        return true;
    }

    @Override
    public boolean isFinite() {
        return true;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isDefined() {
        return true;
    }

    @Override
    public IValue deepCopy() {
        return this;
    }

    @Override
    public long fingerPrint(long fingerprint) {
        return toTuple().fingerPrint(fingerprint);
    }

    @Override
    public IValue permute(IMVPerm permutation) {
        return toTuple().permute(permutation);
    }

    @Override
    public StringBuffer toString(StringBuffer buffer, int offset, boolean swallow) {
        return toTuple().toString(buffer, offset, swallow);
    }
}
