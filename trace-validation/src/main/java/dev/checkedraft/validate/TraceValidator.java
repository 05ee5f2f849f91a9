package dev.checkedraft.validate;

import dev.checkedraft.judge.Bytes;
import dev.checkedraft.replay.Replay;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.tlc.EventValues;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.TlcValues;
import dev.checkedraft.trace.Quorums;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceLocation;
import dev.checkedraft.trace.TraceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;

/**
 * Replays a trace against {@code spec/Raft.tla}, event by event: opened with a trace's header, fed its events, it holds the
 * states of the spec that explain them all. A verdict may be asked for at any time. The memory in use grows with the
 * servers' logs and the terms that had a leader, not with the number of events.
 *
 * <pre>{@code
 * TraceValidator validator = TraceValidator.open(header);
 * for (TraceEvent event : events) {
 *     if (!validator.feed(event)) {
 *         break;
 *     }
 * }
 * Verdict verdict = validator.verdict();
 * }</pre>
 *
 * <p>Validators are cheap: all those of one cluster share an evaluator, which takes about half a second to make. Several
 * validators may be used in several threads, each in one at a time.
 */
public final class TraceValidator {
    /** Traces of up to so many events are replayed once more where the likeliest messages did not do. */
    private static final int REPEATABLE = 20_000;

    /** How often, in events, whoever waits for a verdict is told of progress. */
    private static final int PROGRESS = 1000;

    private final String name;
    private final TraceHeader header;
    private final ValidatorOptions options;
    private final SpecEvaluator spec;
    private final TlcValues cluster;
    private final int likely;
    private Replay replay;

    /** The events fed; empty once there are too many, or they take too much memory. */
    private final List<Fed> fed = new ArrayList<>();

    private long fedBytes;

    private record Fed(EventValues report, TraceLocation where) {}

    private TraceValidator(TraceHeader header, ValidatorOptions options, String name, SpecEvaluator spec, int likely) {
        this.name = name;
        this.header = header;
        this.options = options;
        this.spec = spec;
        cluster = spec.cluster();
        this.likely = likely;
        replay = new Replay(header, options, spec, likely);
    }

    /** A validator for the trace with this header, under the default bounds. */
    public static TraceValidator open(TraceHeader header) {
        return open(header, ValidatorOptions.DEFAULT, "trace");
    }

    /**
     * A validator for the trace with this header.
     *
     * @param name what verdicts call the trace, such as its file
     */
    public static TraceValidator open(TraceHeader header, ValidatorOptions options, String name) {
        return open(header, options, name, evaluator(header));
    }

    private static SpecEvaluator evaluator(TraceHeader header) {
        Quorums quorums = header.quorums();
        return quorums == null ? SpecEvaluator.of(header.servers()) : SpecEvaluator.of(header.servers(), quorums);
    }

    /** The same, against another spec than {@code spec/Raft.tla}. */
    public static TraceValidator open(TraceHeader header, ValidatorOptions options, String name, SpecEvaluator spec) {
        return open(header, options, name, spec, Replay.LIKELY);
    }

    /** The same, trying first so many of the messages that an event may have handled; a verdict does not depend on it. */
    public static TraceValidator open(
            TraceHeader header, ValidatorOptions options, String name, SpecEvaluator spec, int likely) {
        return new TraceValidator(header, options, name, spec, likely);
    }

    /**
     * A replay of nothing so far.
     *
     * @param all whether every message that an event may have handled is tried, and not the likeliest first
     */
    Replay replay(boolean all) {
        return new Replay(header, options, spec, all ? Replay.ALL : likely);
    }

    /** How many messages, or states, are few enough to try them all first. */
    int likely() {
        return likely;
    }

    /** An event as the evaluator takes it. */
    EventValues values(TraceEvent event) {
        return new EventValues(event, cluster);
    }

    /** The bounds. */
    ValidatorOptions options() {
        return options;
    }

    /**
     * Validates a trace to its end, or to the first event that decides.
     *
     * @throws dev.checkedraft.trace.TraceFormatException if the trace is not in the format; what went before is not judged
     */
    public static Verdict validate(TraceReader reader, ValidatorOptions options) throws IOException {
        TraceValidator validator = open(reader.header(), options, reader.name());
        TraceEvent event = reader.next();
        while (event != null && validator.feed(event, new TraceLocation(reader.name(), reader.line()))) {
            event = reader.next();
        }
        return validator.verdict();
    }

    /**
     * The same, reading ahead in a thread of its own: for a long trace that is there as a whole, and a processor to spare.
     *
     * @param progress told how many events were validated, after every {@value #PROGRESS} of them
     */
    public static Verdict validateReadingAhead(TraceReader reader, ValidatorOptions options, LongConsumer progress)
            throws IOException {
        TlcValues cluster = new TlcValues(reader.header().servers());
        try (ReadAhead<EventValues> ahead = ReadAhead.of(reader, event -> new EventValues(event, cluster))) {
            // The reader reads while the evaluator is made.
            TraceValidator validator = open(reader.header(), options, reader.name());
            EventValues report = ahead.next();
            while (report != null && validator.feed(report, new TraceLocation(reader.name(), ahead.line()))) {
                if (validator.replay.events() % PROGRESS == 0) {
                    progress.accept(validator.replay.events());
                }
                report = ahead.next();
            }
            return validator.verdict();
        }
    }

    /** Takes the event of the line after that of the event before; the first event's line is 2, after the header. */
    public boolean feed(TraceEvent event) {
        return feed(event, new TraceLocation(name, replay.events() + 2));
    }

    /**
     * Takes the next event.
     *
     * @return whether the trace up to here is a behavior of the spec; if not, the verdict stands, and later events are
     *     passed over
     * @throws IllegalArgumentException if the event is none that a reader would return, such as one of a server that the
     *     header does not name
     */
    public boolean feed(TraceEvent event, TraceLocation where) {
        return feed(values(event), where);
    }

    private boolean feed(EventValues report, TraceLocation where) {
        if (replay.events() < REPEATABLE && fedBytes <= options.bytes() / 8) {
            fed.add(new Fed(report, where));
            fedBytes += Bytes.of(report.event);
        } else {
            fed.clear();
        }
        return switch (replay.feed(report, where)) {
            case EXPLAINED -> true;
            case DECIDED -> false;
            case UNLIKELY -> again(where);
        };
    }

    /** No state explains the event, but messages were passed over for likelier ones: starts again, and passes over none. */
    private boolean again(TraceLocation where) {
        if (fed.isEmpty()) {
            replay.stop(where, replay.unlikely());
            return false;
        }
        replay = replay(true);
        for (Fed event : fed) {
            if (replay.feed(event.report, event.where) != Replay.Outcome.EXPLAINED) {
                return false;
            }
        }
        return true;
    }

    /** How many states of the spec explain the events fed so far. */
    public int frontierSize() {
        return replay.frontierSize();
    }

    /** A server as the spec has it after the events fed so far; null while more than one state may explain them. */
    public @Nullable ServerView server(String server) {
        TLCState only = replay.onlyState();
        return only == null ? null : new ServerView(only, cluster.name(server));
    }

    /** What is decided of the events fed so far. */
    public Verdict verdict() {
        return replay.verdict();
    }
}
