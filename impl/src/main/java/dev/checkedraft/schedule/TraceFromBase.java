package dev.checkedraft.schedule;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Tells the trace of a cluster that began with a high term and a long log ({@link Setup#baseTerm}, {@link
 * Setup#baseLog}) as that of one that began with nothing: terms and indexes count from there.
 *
 * <p>This changes nothing that the spec looks at. It compares terms and adds 1 to them; and the entries that every log
 * begins with, of an older term than any leader's, are never missing, never in conflict, and committed only with later
 * ones. What no correct core brings about (a term below the base) becomes a number that no run reaches, so that it is
 * seen.
 */
public final class TraceFromBase implements TraceSink {
    private final long baseTerm;
    private final long baseLog;
    private final TraceSink sink;

    private TraceFromBase(Setup setup, TraceSink sink) {
        this.baseTerm = setup.baseTerm();
        this.baseLog = setup.baseLog();
        this.sink = sink;
    }

    /** The sink itself, if the cluster begins with nothing. */
    public static TraceSink of(Setup setup, TraceSink sink) {
        return isFromNothing(setup) || sink == TraceSink.NONE ? sink : new TraceFromBase(setup, sink);
    }

    /** One event, told so. */
    public static TraceEvent told(Setup setup, TraceEvent event) {
        return isFromNothing(setup) ? event : new TraceFromBase(setup, TraceSink.NONE).told(event);
    }

    private static boolean isFromNothing(Setup setup) {
        return setup.baseTerm() == 0 && setup.baseLog() == 0;
    }

    @Override
    public void accept(TraceEvent event) {
        sink.accept(told(event));
    }

    private TraceEvent told(TraceEvent event) {
        return new TraceEvent(
                event.action(),
                event.node(),
                message(event.msg()),
                message(event.sent()),
                event.value(),
                state(event.state()));
    }

    private long term(long term) {
        return term < baseTerm ? TraceEvent.MAX_NUMBER : Math.min(term - baseTerm, TraceEvent.MAX_NUMBER);
    }

    private long index(long index) {
        return Math.max(0, index - baseLog);
    }

    /** The entries after so many. */
    private List<Entry> entries(List<?> entries, long known) {
        List<Entry> shifted = new ArrayList<>();
        int index = 0;
        for (Object element : entries) {
            if (element instanceof Entry entry && index++ >= known) {
                shifted.add(new Entry(Math.max(1, term(entry.term())), entry.value()));
            }
        }
        return shifted;
    }

    private @Nullable Map<String, Object> message(@Nullable Map<String, Object> fields) {
        if (fields == null) {
            return null;
        }
        Map<String, Object> shifted = new LinkedHashMap<>(fields);
        shifted.computeIfPresent("term", (name, term) -> term((Long) term));
        shifted.computeIfPresent("leaderCommit", (name, index) -> index((Long) index));
        shifted.computeIfPresent("matchIndex", (name, index) -> index((Long) index));
        position(shifted, "lastLogIndex", "lastLogTerm");
        Object prevLogIndex = fields.get("prevLogIndex");
        position(shifted, "prevLogIndex", "prevLogTerm");
        if (prevLogIndex instanceof Long prev && fields.get("entries") instanceof List<?> list) {
            shifted.put("entries", entries(list, baseLog - prev));
        }
        return shifted;
    }

    /** An entry's index and its term; nothing is before the first entry that counts. */
    private void position(Map<String, Object> fields, String indexName, String termName) {
        if (fields.get(indexName) instanceof Long index && fields.get(termName) instanceof Long term) {
            fields.put(indexName, index(index));
            fields.put(termName, index <= baseLog ? 0L : term(term));
        }
    }

    private Map<String, Object> state(Map<String, Object> fields) {
        Map<String, Object> shifted = new LinkedHashMap<>(fields);
        shifted.computeIfPresent("currentTerm", (name, term) -> term((Long) term));
        shifted.computeIfPresent("commitIndex", (name, index) -> index((Long) index));
        if (fields.get("matchIndex") instanceof Map<?, ?> matches) {
            Map<String, Long> from = new LinkedHashMap<>();
            matches.forEach((peer, index) -> {
                if (index instanceof Long match) {
                    from.put(String.valueOf(peer), index(match));
                }
            });
            shifted.put("matchIndex", from);
        }
        if (fields.get("log") instanceof LogChange log) {
            List<Entry> rest = entries(log.entries(), baseLog + 1 - log.from());
            shifted.put("log", new LogChange(Math.max(1, log.from() - baseLog), rest));
        }
        return shifted;
    }
}
