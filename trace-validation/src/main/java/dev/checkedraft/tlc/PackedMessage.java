package dev.checkedraft.tlc;

import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceLocation;
import dev.checkedraft.trace.TraceMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;
import util.UniqueString;

/**
 * A message that was sent, or what is known of one, in little space: traces send them by the million. Numbers are kept by
 * slot, the same in all kinds; servers are told by their place in the header. Equal if all is but the place of sending.
 */
public final class PackedMessage {
    /** A number that is not known. */
    public static final int UNKNOWN = -1;

    public static final int TERM = 0;
    public static final int FROM = 1;
    public static final int TO = 2;
    /** The first, second and third index or term of the kind. */
    static final int A = 3;

    static final int B = 4;
    static final int C = 5;
    /** Of an AppendEntries. */
    public static final int PREV_LOG_INDEX = A;

    public static final int LEADER_COMMIT = C;
    /** Of an answer to it. */
    public static final int MATCH_INDEX = A;

    /** 1 for true, 0 for false. */
    public static final int FLAG = 6;

    /** The message's entries, which are no number. */
    static final int ENTRIES = 7;

    /** In a kind's {@code nameSlots}: the field is the message's type. */
    static final int TYPE = 8;

    /** The type of an event's values at a slot. */
    static Class<?> typeAt(int slot) {
        return switch (slot) {
            case FROM, TO -> String.class;
            case FLAG -> Boolean.class;
            case ENTRIES -> List.class;
            default -> Long.class;
        };
    }

    /** The kinds of message, with the slots of their fields. */
    public static final class Kind {
        static final Kind REQUEST_VOTE = new Kind(TraceMessage.REQUEST_VOTE, A, B);
        static final Kind REQUEST_VOTE_RESPONSE = new Kind(TraceMessage.REQUEST_VOTE_RESPONSE, FLAG);
        public static final Kind APPEND_ENTRIES = new Kind(TraceMessage.APPEND_ENTRIES, A, B, ENTRIES, C);
        static final Kind APPEND_ENTRIES_RESPONSE = new Kind(TraceMessage.APPEND_ENTRIES_RESPONSE, FLAG, A);

        /** Its commit index is where an AppendEntries has it. */
        static final Kind HEARTBEAT = new Kind(TraceMessage.HEARTBEAT, C);

        static final List<Kind> ALL =
                List.of(REQUEST_VOTE, REQUEST_VOTE_RESPONSE, APPEND_ENTRIES, APPEND_ENTRIES_RESPONSE, HEARTBEAT);

        public final int code;
        final String label;
        /** The value of the field {@code type}. */
        final Value type;
        /** The fields of the spec's record, in TLC's order, and the slot of each. */
        final UniqueString[] names;

        final int[] nameSlots;
        /** The fields but for the type, as the paper orders them. */
        final List<String> fields = new ArrayList<>();

        /** The slots in use. */
        final int[] slots;

        private final Map<String, Integer> slotOf = new HashMap<>();

        private Kind(TraceMessage kind, int... ownSlots) {
            List<String> own = kind.ownFields();
            code = kind.code();
            label = kind.label();
            type = new StringValue(label);
            slotOf.put("term", TERM);
            slotOf.put("from", FROM);
            slotOf.put("to", TO);
            for (int k = 0; k < ownSlots.length; k++) {
                slotOf.put(own.get(k), ownSlots[k]);
            }
            fields.addAll(List.of("term", "from", "to"));
            fields.addAll(own);
            slots = slotOf.values().stream().mapToInt(slot -> slot).sorted().toArray();
            slotOf.put("type", TYPE);
            names = FieldOrder.sorted(
                    slotOf.keySet().stream().map(UniqueString::uniqueStringOf).toArray(UniqueString[]::new));
            nameSlots = new int[names.length];
            for (int k = 0; k < names.length; k++) {
                nameSlots[k] = slotOf.getOrDefault(names[k].toString(), TYPE);
            }
        }

        int slot(String field) {
            Integer slot = slotOf.get(field);
            if (slot == null) {
                throw new IllegalArgumentException(label + " has no " + field);
            }
            return slot;
        }

        static Kind of(TraceMessage kind) {
            return ALL.get(kind.code());
        }

        static Kind of(Value type) {
            for (Kind kind : ALL) {
                if (kind.type.equals(type)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no message is a " + type);
        }
    }

    public final Kind kind;
    private final byte from;
    private final byte to;
    private final byte flag;
    private final int term;
    private final int a;
    private final int b;
    private final int c;
    private final int hash;
    /** A tuple of entries, in AppendEntries; null in another kind, or if they are not known. */
    public final @Nullable Value entries;
    /** What a pattern tells of entries that it does not have; null if nothing. */
    private final @Nullable LogSize size;
    /** Where it was sent. */
    public @Nullable TraceLocation sentAt;
    /** Whether it was sent again since it took its place in the store. */
    public boolean sentAgain;
    /** How many messages the store was given before this one. */
    public int ordinal;

    /** The numbers are copied. */
    PackedMessage(Kind kind, int[] numbers, @Nullable Value entries) {
        this(kind, numbers, entries, null);
    }

    /** What is known of a message, of its entries no more than how many there are, and the last one's term. */
    PackedMessage(Kind kind, int[] numbers, @Nullable Value entries, @Nullable LogSize size) {
        this.kind = kind;
        this.size = size;
        this.term = numbers[TERM];
        this.from = (byte) numbers[FROM];
        this.to = (byte) numbers[TO];
        this.a = numbers[A];
        this.b = numbers[B];
        this.c = numbers[C];
        this.flag = (byte) numbers[FLAG];
        this.entries = entries;
        this.hash = (int) (contentHash() >>> 32);
    }

    /** What is known of this message, and, if it is not known for whom it was, that it was for server {@code place}. */
    public PackedMessage to(int place) {
        if (to != UNKNOWN) {
            return this;
        }
        int[] numbers = {term, from, place, a, b, c, flag};
        return new PackedMessage(kind, numbers, entries, size);
    }

    /** What is known of the entries where they are not; null if nothing is. */
    public @Nullable LogSize size() {
        return size;
    }

    public int get(int slot) {
        return switch (slot) {
            case TERM -> term;
            case FROM -> from;
            case TO -> to;
            case A -> a;
            case B -> b;
            case C -> c;
            case FLAG -> flag;
            default -> throw new IllegalArgumentException("slot " + slot);
        };
    }

    /** Whether no field is unknown. */
    public boolean isComplete() {
        for (int slot : kind.slots) {
            if (slot == ENTRIES ? entries == null : get(slot) == UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    /** Whether this has all that is known of {@code pattern}. */
    public boolean agreesWith(PackedMessage pattern) {
        return kind == pattern.kind
                && agree(pattern.term, term)
                && agree(pattern.from, from)
                && agree(pattern.to, to)
                && agree(pattern.a, a)
                && agree(pattern.b, b)
                && agree(pattern.c, c)
                && agree(pattern.flag, flag)
                && (pattern.entries == null || (entries != null && pattern.entries.equals(entries)))
                && (pattern.size == null || (entries != null && Entries.have(entries, pattern.size)));
    }

    /** How many of the fields known of {@code pattern}, which is of the same kind, this has. */
    public int fieldsInCommon(PackedMessage pattern) {
        int common = 0;
        for (int slot : kind.slots) {
            boolean same = slot == ENTRIES
                    ? pattern.entries != null && entries != null && pattern.entries.equals(entries)
                    : pattern.get(slot) == get(slot);
            common += same ? 1 : 0;
        }
        return common;
    }

    private static boolean agree(int known, int actual) {
        return known == UNKNOWN || known == actual;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PackedMessage p
                && hash == p.hash
                && kind == p.kind
                && term == p.term
                && from == p.from
                && to == p.to
                && a == p.a
                && b == p.b
                && c == p.c
                && flag == p.flag
                && (entries == null ? p.entries == null : p.entries != null && entries.equals(p.entries));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Well mixed, and of the contents alone. */
    public long contentHash() {
        long h = mix(kind.code * 31L + flag, from * 64L + to);
        h = mix(h, ((long) term << 32) ^ a);
        h = mix(h, ((long) b << 32) ^ c);
        return entries == null ? h : mix(h, Entries.hash(entries));
    }

    public static long mix(long h, long value) {
        h = (h ^ value) * 0x9E3779B97F4A7C15L;
        h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
        return h ^ (h >>> 29);
    }
}
