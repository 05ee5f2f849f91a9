package dev.checkedraft.tlc;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceAction;
import dev.checkedraft.trace.TraceEvent;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;
import util.UniqueString;

/** Translates between the events of one cluster's traces and the values of TLC. Immutable. */
public final class TlcValues {
    private static final UniqueString EVENT = UniqueString.uniqueStringOf("event");
    private static final UniqueString NODE = UniqueString.uniqueStringOf("node");
    private static final UniqueString OBSERVES = UniqueString.uniqueStringOf("observes");
    private static final UniqueString MSG = UniqueString.uniqueStringOf("msg");
    private static final UniqueString SENT = UniqueString.uniqueStringOf("sent");
    private static final UniqueString HAS_SENT = UniqueString.uniqueStringOf("hasSent");
    private static final UniqueString IS_WHOLE = UniqueString.uniqueStringOf("isWhole");
    private static final UniqueString STATE = UniqueString.uniqueStringOf("state");
    private static final UniqueString VALUE = UniqueString.uniqueStringOf("value");
    private static final UniqueString[] EVENT_NAMES = {
        EVENT, NODE, OBSERVES, MSG, SENT, HAS_SENT, IS_WHOLE, STATE, VALUE
    };

    private static final UniqueString TYPE = UniqueString.uniqueStringOf("type");
    private static final UniqueString FROM = UniqueString.uniqueStringOf("from");
    private static final UniqueString[] LOG_NAMES = FieldOrder.sorted(FROM, UniqueString.uniqueStringOf("entries"));
    private static final Value EMPTY_STRING = new StringValue("");

    /** The fields of an AppendEntries, its type included. */
    private static final int WHOLE = PackedMessage.Kind.APPEND_ENTRIES.names.length;

    /** The types of the values of {@link TraceEvent#STATE_FIELDS}. */
    private static final List<Class<?>> STATE_TYPES = List.of(
            Long.class, Optional.class, String.class, Long.class, List.class, List.class, Map.class, LogChange.class);

    private static final Map<TraceAction, Value> LABELS = new EnumMap<>(TraceAction.class);
    private static final Map<String, UniqueString> FIELDS = new HashMap<>();
    private static final Map<String, Value> WORDS = new HashMap<>();

    static {
        for (TraceAction action : TraceAction.values()) {
            LABELS.put(action, new StringValue(action.label()));
        }
        for (PackedMessage.Kind kind : PackedMessage.Kind.ALL) {
            for (UniqueString name : kind.names) {
                FIELDS.put(name.toString(), name);
            }
            WORDS.put(kind.label, kind.type);
        }
        for (String field : TraceEvent.STATE_FIELDS) {
            FIELDS.put(field, UniqueString.uniqueStringOf(field));
        }
        for (String role : List.of("Follower", "Candidate", "Leader")) {
            WORDS.put(role, new StringValue(role));
        }
    }

    private final List<String> servers;
    private final Map<String, Integer> places = new HashMap<>();
    private final Value[] names;

    public TlcValues(List<String> servers) {
        this.servers = List.copyOf(servers);
        names = new Value[servers.size()];
        for (int k = 0; k < names.length; k++) {
            places.put(servers.get(k), k);
            names[k] = new StringValue(servers.get(k));
        }
    }

    public List<String> servers() {
        return servers;
    }

    boolean has(String server) {
        return places.containsKey(server);
    }

    public int place(String server) {
        Integer place = places.get(server);
        if (place == null) {
            throw new IllegalArgumentException("no server of this trace is called " + server);
        }
        return place;
    }

    public Value name(String server) {
        return names[place(server)];
    }

    public Value name(int place) {
        return names[place];
    }

    // -------------------------------------------------------------------------------------------------------- events

    /**
     * The value of the variable {@code event} of RaftTrace.tla.
     *
     * @param withMsg whether it tells of {@code msg}; not needed where {@code messages} has only what agrees with it
     */
    public Value event(TraceEvent event, Value observes, boolean withMsg) {
        Map<String, Object> msg = event.msg();
        Map<String, Object> sent = event.sent();
        String value = event.value();
        Value[] values = {
            label(event.action()),
            name(event.node()),
            observes,
            msg == null || !withMsg ? RecordValue.EmptyRcd : record(msg),
            sent == null ? RecordValue.EmptyRcd : record(sent),
            sent == null ? BoolValue.ValFalse : BoolValue.ValTrue,
            event.action().is(Action.SEND_APPEND_ENTRIES) && msg != null && msg.size() == WHOLE
                    ? BoolValue.ValTrue
                    : BoolValue.ValFalse,
            event.state().isEmpty() ? RecordValue.EmptyRcd : record(event.state()),
            value == null ? EMPTY_STRING : Entries.text(value)
        };
        return new RecordValue(EVENT_NAMES, values, false);
    }

    private static Value label(TraceAction action) {
        Value label = LABELS.get(action);
        if (label == null) {
            throw new AssertionError(action);
        }
        return label;
    }

    public Value observes(Set<String> fields) {
        return new SetEnumValue(fields.stream().map(StringValue::new).toArray(Value[]::new), false);
    }

    /** The values of state fields, by their place in {@link TraceEvent#STATE_FIELDS}; of a log, the entries that changed. */
    @Nullable
    Value[] state(Map<String, Object> fields) {
        @Nullable Value[] values = new @Nullable Value[TraceEvent.STATE_FIELDS.size()];
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            int place = TraceEvent.STATE_FIELDS.indexOf(field.getKey());
            if (field.getValue() instanceof LogSize || field.getKey().equals(TraceEvent.STORED)) {
                continue;
            }
            if (place < 0) {
                throw new IllegalArgumentException("a server has no " + field.getKey());
            }
            require(field.getKey(), STATE_TYPES.get(place), field.getValue());
            values[place] = field.getValue() instanceof LogChange change
                    ? Entries.of(change.entries())
                    : value(field.getKey(), field.getValue());
        }
        return values;
    }

    private static void require(String field, Class<?> type, Object value) {
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(field + " must be a " + type.getSimpleName() + ", not "
                    + value.getClass().getSimpleName() + " " + value);
        }
    }

    private Value record(Map<String, Object> fields) {
        // What is told of a length alone the module does not compare.
        int sizes = (int) fields.values().stream()
                .filter(field -> field instanceof LogSize)
                .count();
        UniqueString[] names = new UniqueString[fields.size() - sizes];
        Value[] values = new Value[names.length];
        int k = 0;
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            if (field.getValue() instanceof LogSize) {
                continue;
            }
            names[k] = fieldName(field.getKey());
            values[k++] = value(field.getKey(), field.getValue());
        }
        return new RecordValue(names, values, false);
    }

    private static UniqueString fieldName(String field) {
        UniqueString name = FIELDS.get(field);
        return name == null ? UniqueString.uniqueStringOf(field) : name;
    }

    /** A field's value; its name tells empty sets and empty tuples apart. */
    Value value(String field, Object object) {
        if (object instanceof Long number) {
            return number(number);
        }
        if (object instanceof String string) {
            Integer place = places.get(string);
            if (place != null) {
                return names[place];
            }
            Value word = WORDS.get(string);
            return word == null ? new StringValue(string) : word;
        }
        if (object instanceof Boolean flag) {
            return flag ? BoolValue.ValTrue : BoolValue.ValFalse;
        }
        if (object instanceof Optional<?> optional) {
            return optional.isPresent() ? named(optional.get()) : EMPTY_STRING;
        }
        if (object instanceof LogChange change) {
            Value from = number(change.from());
            Value entries = Entries.of(change.entries());
            return new RecordValue(
                    LOG_NAMES, LOG_NAMES[0] == FROM ? new Value[] {from, entries} : new Value[] {entries, from}, true);
        }
        if (object instanceof Map<?, ?> indexes) {
            UniqueString[] peers = new UniqueString[indexes.size()];
            Value[] values = new Value[peers.length];
            int k = 0;
            for (Map.Entry<?, ?> index : indexes.entrySet()) {
                peers[k] = ((StringValue) named(index.getKey())).val;
                values[k++] = number(index.getValue());
            }
            return new RecordValue(peers, values, false);
        }
        if (object instanceof List<?> list) {
            return field.equals("entries") ? Entries.of(list) : serverSet(list);
        }
        throw new IllegalArgumentException("a trace has no " + object.getClass() + " for " + field);
    }

    private Value serverSet(List<?> list) {
        Value[] members = new Value[list.size()];
        for (int k = 0; k < members.length; k++) {
            members[k] = named(list.get(k));
        }
        return new SetEnumValue(members, false);
    }

    private Value named(@Nullable Object server) {
        if (server instanceof String name) {
            return name(name);
        }
        throw new IllegalArgumentException("expected a server's name, not " + server);
    }

    private static Value number(@Nullable Object object) {
        if (!(object instanceof Long number) || number < 0 || number > TraceEvent.MAX_NUMBER) {
            throw new IllegalArgumentException(
                    "expected a number from 0 to " + TraceEvent.MAX_NUMBER + ", not " + object);
        }
        return IntValue.gen(number.intValue());
    }

    // ------------------------------------------------------------------------------------------------------ messages

    /** What an event tells of a message. */
    public PackedMessage pattern(PackedMessage.Kind kind, @Nullable Map<String, Object> known) {
        int[] numbers = new int[PackedMessage.ENTRIES];
        Value entries = null;
        LogSize size = null;
        for (int slot : kind.slots) {
            if (slot != PackedMessage.ENTRIES) {
                numbers[slot] = PackedMessage.UNKNOWN;
            }
        }
        if (known != null) {
            for (Map.Entry<String, Object> field : known.entrySet()) {
                Object value = field.getValue();
                if (field.getKey().equals("type")) {
                    if (!kind.label.equals(value)) {
                        throw new IllegalArgumentException("expected a " + kind.label + ", not a " + value);
                    }
                    continue;
                }
                int slot = kind.slot(field.getKey());
                if (value instanceof LogSize told && slot == PackedMessage.ENTRIES) {
                    size = told;
                    continue;
                }
                require(field.getKey(), PackedMessage.typeAt(slot), value);
                if (value instanceof List<?> list) {
                    entries = Entries.of(list);
                } else {
                    numbers[slot] = packetNumber(value);
                }
            }
        }
        return new PackedMessage(kind, numbers, entries, size);
    }

    private int packetNumber(Object value) {
        if (value instanceof Long number) {
            return ((IntValue) number(number)).val;
        }
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        return place((String) value);
    }

    /** A message of the spec. */
    public PackedMessage packet(RecordValue message) {
        PackedMessage.Kind kind = PackedMessage.Kind.of(field(message, TYPE));
        int[] numbers = new int[PackedMessage.ENTRIES];
        Value entries = null;
        UniqueString[] fields = kind.names;
        int[] slots = kind.nameSlots;
        for (int k = 0; k < fields.length; k++) {
            int slot = slots[k];
            if (slot == PackedMessage.TYPE) {
                continue;
            }
            Value value = field(message, fields[k]);
            if (slot == PackedMessage.ENTRIES) {
                entries = value.toTuple();
            } else if (value instanceof IntValue number) {
                numbers[slot] = number.val;
            } else if (value instanceof BoolValue flag) {
                numbers[slot] = flag.val ? 1 : 0;
            } else {
                numbers[slot] = placeOf(value);
            }
        }
        return new PackedMessage(kind, numbers, entries);
    }

    private int placeOf(Value name) {
        for (int k = 0; k < names.length; k++) {
            if (names[k].equals(name)) {
                return k;
            }
        }
        throw new IllegalArgumentException("no server is called " + name);
    }

    private static Value field(RecordValue record, UniqueString name) {
        for (int k = 0; k < record.names.length; k++) {
            if (record.names[k] == name) {
                return record.values[k];
            }
        }
        throw new IllegalArgumentException("no field " + name + " in " + record);
    }

    /** A complete packet as a message of the spec. */
    public RecordValue message(PackedMessage packet) {
        int[] slots = packet.kind.nameSlots;
        Value[] values = new Value[slots.length];
        for (int k = 0; k < slots.length; k++) {
            int slot = slots[k];
            values[k] = switch (slot) {
                case PackedMessage.TYPE -> packet.kind.type;
                case PackedMessage.FROM, PackedMessage.TO -> names[packet.get(slot)];
                case PackedMessage.FLAG -> packet.get(slot) == 1 ? BoolValue.ValTrue : BoolValue.ValFalse;
                case PackedMessage.ENTRIES -> packet.entries == null ? TupleValue.EmptyTuple : packet.entries;
                default -> IntValue.gen(packet.get(slot));
            };
        }
        return new RecordValue(packet.kind.names, values, true);
    }

    /** The fields of a packet, as an event would have them. */
    public Map<String, Object> fields(PackedMessage packet) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", packet.kind.label);
        fields.putAll(known(packet));
        return fields;
    }

    /** The fields that are known of a packet, but for its type. */
    public Map<String, Object> known(PackedMessage packet) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String field : packet.kind.fields) {
            int slot = packet.kind.slot(field);
            Value entries = packet.entries;
            if (slot == PackedMessage.ENTRIES ? entries == null : packet.get(slot) == PackedMessage.UNKNOWN) {
                continue;
            }
            if (slot == PackedMessage.ENTRIES) {
                fields.put(field, entries == null ? List.of() : Entries.list(entries));
            } else if (slot == PackedMessage.FROM || slot == PackedMessage.TO) {
                fields.put(field, servers.get(packet.get(slot)));
            } else if (slot == PackedMessage.FLAG) {
                fields.put(field, packet.get(slot) == 1);
            } else {
                fields.put(field, (long) packet.get(slot));
            }
        }
        return fields;
    }
}
