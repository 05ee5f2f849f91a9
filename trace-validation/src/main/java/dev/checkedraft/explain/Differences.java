package dev.checkedraft.explain;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.replay.TriedStep;
import dev.checkedraft.tlc.Entries;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tlc2.tool.TLCState;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;

/** In which fields a step of the spec differs from what an event reports. */
final class Differences {
    private final TraceEvent event;
    private final TLCState before;
    private final TLCState after;
    private final List<Difference> found = new ArrayList<>();

    private Differences(TraceEvent event, TLCState before, TLCState after) {
        this.event = event;
        this.before = before;
        this.after = after;
    }

    static List<Difference> of(TraceEvent event, TriedStep attempt, TLCState after) {
        Differences differences = new Differences(event, attempt.before(), after);
        for (String field : attempt.spec().disagreements(attempt.before(), after)) {
            switch (field) {
                case "log" -> differences.log();
                case "matchIndex" -> differences.matchIndex();
                case "sent" -> differences.sent();
                default -> differences.plain(field);
            }
        }
        differences.sizes();
        return List.copyOf(differences.found);
    }

    /** What version 2 tells of a log without its entries. */
    private void sizes() {
        Value log = of(after, "log");
        if (event.state().get("log") instanceof LogSize size && !Entries.have(log, size)) {
            int length = LogValue.length(log);
            found.add(new Difference("log", new LogSize(length, Entries.lastTerm(log)).toString(), size.toString()));
        }
        if (event.state().get(TraceEvent.STORED) instanceof Long index) {
            int stored = LogValue.commonPrefix(log, of(after, "stored"));
            if (stored != index) {
                found.add(new Difference(TraceEvent.STORED, Integer.toString(stored), index.toString()));
            }
        }
    }

    private Value of(TLCState state, String variable) {
        return ValueText.field(SpecEvaluator.value(state, variable), event.node());
    }

    private void plain(String field) {
        Object reported = event.state().get(field);
        String trace = reported == null ? unchanged(ValueText.of(of(before, field))) : ValueText.of(reported);
        found.add(new Difference(field, ValueText.of(of(after, field)), trace));
    }

    private static String unchanged(String value) {
        return value + " (not reported, so unchanged)";
    }

    private void matchIndex() {
        Map<?, ?> reported = event.state().get("matchIndex") instanceof Map<?, ?> map ? map : Map.of();
        RecordOrFunction now = new RecordOrFunction(of(after, "matchIndex"));
        RecordOrFunction then = new RecordOrFunction(of(before, "matchIndex"));
        for (String peer : now.names()) {
            String spec = ValueText.of(now.at(peer));
            Object trace = reported.get(peer);
            if (trace != null && !spec.equals(ValueText.of(trace))) {
                found.add(new Difference("matchIndex." + peer, spec, ValueText.of(trace)));
            } else if (trace == null && !spec.equals(ValueText.of(then.at(peer)))) {
                found.add(new Difference("matchIndex." + peer, spec, unchanged(ValueText.of(then.at(peer)))));
            }
        }
    }

    private void log() {
        Value[] then = elements(of(before, "log"));
        Value[] now = elements(of(after, "log"));
        int kept = then.length;
        List<Entry> added = List.of();
        if (event.state().get("log") instanceof LogChange change) {
            if (change.from() > then.length + 1) {
                found.add(new Difference(
                        "log.from",
                        "a log of " + then.length + " entries before",
                        "a change from index " + change.from()));
                return;
            }
            kept = (int) change.from() - 1;
            added = change.entries();
        }
        int length = kept + added.size();
        for (int k = 0; k < Math.min(length, now.length); k++) {
            String trace = k < kept ? ValueText.entry(then[k]) : ValueText.of(added.get(k - kept));
            String spec = ValueText.entry(now[k]);
            if (!spec.equals(trace)) {
                found.add(new Difference("log[" + (k + 1) + "]", spec, k < kept ? unchanged(trace) : trace));
                return;
            }
        }
        found.add(new Difference(
                "log",
                now.length + " entries" + last(now.length == 0 ? "" : ValueText.entry(now[now.length - 1])),
                length + " entries"
                        + last(
                                length == 0
                                        ? ""
                                        : added.isEmpty()
                                                ? ValueText.entry(then[length - 1])
                                                : ValueText.of(added.get(added.size() - 1)))
                        + (event.state().containsKey("log") ? "" : " (not reported, so unchanged)")));
    }

    private static String last(String entry) {
        return entry.isEmpty() ? "" : ", the last " + entry;
    }

    private static Value[] elements(Value log) {
        return log.toTuple() instanceof TupleValue tuple ? tuple.elems : new Value[0];
    }

    private void sent() {
        boolean isSend = event.action().is(Action.SEND_APPEND_ENTRIES);
        String prefix = isSend ? "msg." : "sent.";
        Map<String, Object> reported = isSend ? event.msg() : event.sent();
        SetEnumValue all = SpecEvaluator.messages(after);
        SetEnumValue handled = SpecEvaluator.messages(before);
        for (int k = 0; reported != null && k < all.elems.size(); k++) {
            Value message = all.elems.elementAt(k);
            if (!handled.member(message)) {
                compare(prefix, (RecordValue) message, reported);
                return;
            }
        }
        found.add(new Difference("sent", "nothing", ValueText.of(reported)));
    }

    private void compare(String prefix, RecordValue message, Map<String, Object> reported) {
        Set<String> names = new RecordOrFunction(message).names();
        reported.forEach((name, value) -> {
            if (!names.contains(name)) {
                found.add(new Difference(prefix + name, "no such field", ValueText.of(value)));
                return;
            }
            Value field = ValueText.field(message, name);
            String spec = name.equals("entries") ? entries(field) : ValueText.of(field);
            String trace = ValueText.of(value);
            if (!spec.equals(trace)) {
                found.add(new Difference(prefix + name, spec, trace));
            }
        });
    }

    private static String entries(Value entries) {
        List<Entry> list = new ArrayList<>();
        for (Value entry : elements(entries)) {
            list.add(new Entry(
                    Long.parseLong(ValueText.of(ValueText.field(entry, "term"))),
                    ((tlc2.value.impl.StringValue) ValueText.field(entry, "value")).val.toString()));
        }
        return ValueText.of(list);
    }
}
