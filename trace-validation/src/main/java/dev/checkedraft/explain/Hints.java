package dev.checkedraft.explain;

import dev.checkedraft.core.Action;
import dev.checkedraft.replay.TriedStep;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;

/** What helps to understand a divergence of a Raft that one does not know: facts of the state before, and what to ask. */
final class Hints {
    private final TraceEvent event;
    private final TriedStep attempt;
    private final Reason reason;
    private final Value node;
    private final List<String> hints = new ArrayList<>();

    private Hints(TraceEvent event, TriedStep attempt, Reason reason) {
        this.event = event;
        this.attempt = attempt;
        this.reason = reason;
        node = attempt.spec().cluster().name(event.node());
    }

    /** A line each; none if nothing is to be said. */
    static List<String> of(TraceEvent event, TriedStep attempt, Reason reason) {
        Hints found = new Hints(event, attempt, reason);
        found.quorum();
        found.leadership();
        found.noop();
        return found.hints;
    }

    private @Nullable Difference difference(String field) {
        return reason.differences().stream()
                .filter(each -> each.field().equals(field))
                .findFirst()
                .orElse(null);
    }

    private Value at(String variable) {
        return SpecEvaluator.valueAt(attempt.before(), variable, node);
    }

    private boolean leads() {
        return at("role").equals(new StringValue("Leader"));
    }

    // ---------------------------------------------------------------------------------------------------------- commit

    /** Who holds the entry that a leader commits. */
    private void quorum() {
        boolean isAboutCommit = difference("commitIndex") != null
                || (reason.falseGuard() != null && reason.falseGuard().text().startsWith("MayCommit"));
        if (!isAboutCommit || !leads() || !(event.state().get("commitIndex") instanceof Long index) || index == 0) {
            return;
        }
        int commit = index.intValue();
        Value log = at("log");
        if (commit > LogValue.length(log)) {
            hints.add("index " + commit + " is beyond the leader's log of " + LogValue.length(log));
            return;
        }
        TLCState after = after();
        Value match = after == null ? at("matchIndex") : SpecEvaluator.valueAt(after, "matchIndex", node);
        List<String> held = new ArrayList<>();
        int holders = 0;
        for (String server : attempt.spec().cluster().servers()) {
            boolean itself = server.equals(event.node());
            int upTo = itself
                    ? LogValue.length(log)
                    : ((IntValue) SpecEvaluator.at(
                                    match, attempt.spec().cluster().name(server)))
                            .val;
            held.add(server + (itself ? " itself " : " ") + upTo);
            holders += upTo >= commit ? 1 : 0;
        }
        int needed = attempt.spec().quorums().commit();
        int term = ((IntValue) at("currentTerm")).val;
        int entryTerm = term(log, commit);
        hints.add("index " + commit + " is known to be held by " + holders + " of " + held.size() + " servers ("
                + String.join(", ", held) + "), and " + needed + " commit it"
                + (entryTerm == term
                        ? ""
                        : "; its entry is of term " + entryTerm + ", not the leader's " + term
                                + ", and counts only with one of that after it"));
    }

    private @Nullable TLCState after() {
        return attempt.after().isEmpty() ? null : attempt.after().get(0);
    }

    private static int term(Value log, int index) {
        Value entry = LogValue.subSeq(log, IntValue.gen(index), IntValue.gen(index));
        return Integer.parseInt(ValueText.of(ValueText.field(((TupleValue) entry.toTuple()).elems[0], "term")));
    }

    // ------------------------------------------------------------------------------------------------------ leadership

    private void leadership() {
        FalseGuard guard = reason.falseGuard();
        if (guard != null && guard.text().equals("role[i] = Leader")) {
            hints.add(event.node() + " does not lead in term " + ValueText.of(at("currentTerm"))
                    + " here: it may have stepped down since, or its election is missing");
        }
        Difference role = difference("role");
        if (role != null && role.spec().equals("Leader") && role.trace().startsWith("Follower")) {
            hints.add(event.node() + " leads in term " + ValueText.of(at("currentTerm"))
                    + " here: it may have stepped down since, which is a StepDown");
        }
    }

    private void noop() {
        TLCState after = after();
        if (after == null || !event.action().is(Action.HANDLE_REQUEST_VOTE_RESPONSE) || difference("log") == null) {
            return;
        }
        int then = LogValue.length(at("log"));
        if (LogValue.length(SpecEvaluator.log(after, node)) == then + 1) {
            hints.add("does your leader begin with a no-op? Raft.tla's does; without --strict it need not");
        }
    }

    /** The term of the message handled, beside the server's. */
    static String terms(TriedStep attempt, TraceEvent event, Map<String, Object> message) {
        Value term = SpecEvaluator.valueAt(
                attempt.before(), "currentTerm", attempt.spec().cluster().name(event.node()));
        return message.get("term") instanceof Long of && of != ((IntValue) term).val
                ? "; " + event.node() + " is in term " + ValueText.of(term)
                : "";
    }
}
