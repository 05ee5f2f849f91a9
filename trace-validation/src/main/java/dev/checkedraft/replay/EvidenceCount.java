package dev.checkedraft.replay;

import dev.checkedraft.judge.Choice;
import dev.checkedraft.tlc.Branch;
import dev.checkedraft.trace.TraceAction;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceLocation;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tlc2.tool.impl.ReplayTool;

/** Counts what the verdict on one trace rests on. */
final class EvidenceCount {
    private final List<Branch> branches;
    private final Set<String> observes;
    private final Map<TraceAction, long[]> byAction = new EnumMap<>(TraceAction.class);
    private final Map<String, long[]> reported = new HashMap<>();
    private final Map<String, Choice> choices = new LinkedHashMap<>();
    private final ReplayTool.Visits visits;
    private final long[] taken;
    private long events = 0;
    /** How many were compared with the spec: those, and the one that diverged. */
    private long compared = 0;

    private long safe = 0;

    /**
     * Of no event so far.
     *
     * @param observes the state fields that every event tells, if only by leaving them out
     */
    EvidenceCount(List<Branch> branches, Set<String> observes) {
        this.branches = branches;
        this.observes = observes;
        visits = new ReplayTool.Visits(branches.size());
        taken = new long[branches.size()];
    }

    /** The same counts, which go on by themselves. */
    EvidenceCount copy() {
        EvidenceCount copy = new EvidenceCount(branches, observes);
        byAction.forEach((action, count) -> copy.byAction.put(action, count.clone()));
        reported.forEach((what, count) -> copy.reported.put(what, count.clone()));
        copy.choices.putAll(choices);
        System.arraycopy(taken, 0, copy.taken, 0, taken.length);
        copy.events = events;
        copy.compared = compared;
        copy.safe = safe;
        return copy;
    }

    /** What the evaluator is to tell of the branches it visits for the next event. */
    ReplayTool.Visits visits() {
        return visits;
    }

    void clearVisits() {
        visits.clear();
    }

    /** How many events were explained. */
    long events() {
        return events;
    }

    /** Takes an event that was explained, and the branches visited for it. */
    void count(TraceEvent event) {
        events++;
        byAction.computeIfAbsent(event.action(), action -> new long[1])[0]++;
        compared(event);
        for (int k = 0; k < taken.length; k++) {
            taken[k] += visits.visited(k) ? 1 : 0;
        }
    }

    /** Takes an event that was compared with the spec, explained or not. */
    void compared(TraceEvent event) {
        compared++;
        for (String field : event.state().keySet()) {
            count(field);
        }
        if (event.msg() != null) {
            count("msg");
        }
        if (event.sent() != null) {
            count("sent");
        }
    }

    /** The event counted last was a choice. */
    void choice(String what, TraceLocation where) {
        choices.merge(what, new Choice(1, where), Choice::plus);
    }

    /** After the event counted last the safety properties were checked. */
    void safe() {
        safe++;
    }

    private void count(String what) {
        reported.computeIfAbsent(what, w -> new long[1])[0]++;
    }

    Evidence soFar() {
        Map<TraceAction, Long> actions = new EnumMap<>(TraceAction.class);
        byAction.forEach((action, count) -> actions.put(action, count[0]));
        Map<String, Long> checked = new LinkedHashMap<>();
        for (String field : TraceEvent.STATE_FIELDS) {
            checked.put(field, observes.contains(field) ? compared : reported(field));
        }
        for (String what : List.of("msg", "sent")) {
            checked.put(what, reported(what));
        }
        Map<Branch, Long> counts = new LinkedHashMap<>();
        for (int k = 0; k < taken.length; k++) {
            counts.put(branches.get(k), taken[k]);
        }
        return new Evidence(events, safe, actions, checked, counts, choices);
    }

    private long reported(String what) {
        long[] count = reported.get(what);
        return count == null ? 0 : count[0];
    }
}
