package dev.checkedraft.hunt;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the nets that hunt in this process find of one bug: each is cast when it is asked for, and once. */
final class Row {
    private static final int RUNS = 300;

    /** Of the runs that look for what is unsafe, for a bug that is not; and the other way round. */
    private static final int FEW_RUNS = 10;

    private static final int TICK_RUNS = 40;
    private static final int CONFORM_RUNS = 50;
    private static final int TRIES = 1_500;
    private static final int REPLAY_TRIES = 300;
    private static final int STATES = 4_000;

    /** Those that find most, the cheapest first. */
    private static final List<Net> FOR_UNSAFE =
            List.of(Net.REPLAY, Net.PROPERTIES, Net.VECTORS, Net.CONFORM, Net.TICKS, Net.EXPLORE);

    private static final List<Net> FOR_LIVENESS =
            List.of(Net.TICKS, Net.REPLAY, Net.VECTORS, Net.CONFORM, Net.EXPLORE, Net.PROPERTIES);

    private final ClassLoader core;
    private final boolean unsafe;
    private final Map<Net, Catch> caught = new EnumMap<>(Net.class);

    Row(ClassLoader core, boolean unsafe) {
        this.core = core;
        this.unsafe = unsafe;
    }

    /** What a net that was cast found; null of one that was not. */
    Catch get(Net net) {
        return caught.get(net);
    }

    /** Tells of a net that hunts elsewhere. */
    void put(Net net, Catch found) {
        caught.put(net, found);
    }

    /** How many nets found it. What verify does is what some of the others do, together: it does not count. */
    int found() {
        return (int) caught.entrySet().stream()
                .filter(net -> net.getKey() != Net.VERIFY && net.getValue().found())
                .count();
    }

    /** Casts nets until so many have found it, or all were cast; and what verify does. */
    Row castUntil(int enough) {
        for (Net net : unsafe ? FOR_UNSAFE : FOR_LIVENESS) {
            if (found() < enough) {
                caught.computeIfAbsent(net, this::cast);
            }
        }
        caught.computeIfAbsent(Net.VERIFY, this::cast);
        return this;
    }

    private Catch cast(Net net) {
        return switch (net) {
            case PROPERTIES -> Hunt.cast(core, "properties", unsafe ? RUNS : FEW_RUNS, TRIES);
            case REPLAY -> Hunt.cast(core, "replay", RUNS, unsafe ? 0 : REPLAY_TRIES);
            case EXPLORE -> Hunt.cast(core, "explore", STATES);
            case TICKS -> Hunt.cast(core, "ticks", unsafe ? FEW_RUNS : TICK_RUNS);
            case CONFORM -> Hunt.cast(core, "conform", CONFORM_RUNS);
            case VECTORS -> Hunt.cast(core, "vectors");
            case VERIFY -> verify();
            case TESTS, SPEC -> throw new IllegalArgumentException(net + " hunts elsewhere");
        };
    }

    /** What two of the others find, each in the same runs, verify finds, no later. */
    private Catch verify() {
        Catch first = null;
        for (Net net : List.of(Net.PROPERTIES, Net.REPLAY)) {
            Catch found = caught.get(net);
            if (found != null && found.found() && (first == null || found.runs() < first.runs())) {
                first = found;
            }
        }
        Catch sooner = first == null ? Hunt.cast(core, "verify", RUNS) : first;
        String part = sooner.how().replaceAll(":.*", "");
        return sooner.found() ? new Catch(true, 0, 0, 0, part) : sooner;
    }
}
