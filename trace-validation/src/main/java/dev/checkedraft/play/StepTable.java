package dev.checkedraft.play;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.explore.StepCheck;
import dev.checkedraft.play.LocalInput.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The steps of one server, as the core takes them: its state and an input, its next state and the messages sent. Steps that
 * differ only in the servers' names are one. That the core treats all names alike is not assumed: whenever a known step is
 * taken under other names, it must be the known one. Every step is held against the spec once.
 */
final class StepTable {
    /** A step in words: the server's next state, and what it sends. */
    record Row(String next, List<String> sent) {}

    private final StepCheck check;
    private final int most;
    private final long maxTerm;
    private final int maxLog;
    private final Map<String, List<List<String>>> orders = new HashMap<>();

    /** By state and input, in the order in which they were found. */
    private final Map<String, Map<String, Row>> steps = new LinkedHashMap<>();

    /** By state: 1 if the spec allows StartElection, and 2 if Propose. */
    private final Map<String, Integer> allowed = new HashMap<>();

    /** The steps taken so far under the names as they are, which need not be looked at again. */
    private final Set<String> taken = new HashSet<>();

    private int size = 0;

    /**
     * An empty table.
     *
     * @param most so many steps are kept
     */
    StepTable(List<String> servers, StepCheck check, int most, long maxTerm, int maxLog) {
        this.check = check;
        this.most = most;
        this.maxTerm = maxTerm;
        this.maxLog = maxLog;
        for (String self : servers) {
            orders.put(
                    self,
                    Form.orders(
                            self, servers.stream().filter(s -> !s.equals(self)).toList()));
        }
    }

    Map<String, Map<String, Row>> steps() {
        return steps;
    }

    /** Which of StartElection, 1, and Propose, 2, the spec allows in a state of the table. */
    int allowed(String state) {
        return allowed.getOrDefault(state, 0);
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size >= most;
    }

    /** What the core does; the step is kept if there is room. Null if the core takes no such input or leaves the bounds. */
    @Nullable
    Outcome take(RaftNode before, LocalInput input) {
        Outcome outcome = input.given(before);
        if (outcome == null
                || outcome.after().currentTerm() > maxTerm
                || outcome.after().log().size() > maxLog) {
            return null;
        }
        List<String> plain = orders.getOrDefault(before.id(), List.of()).get(0);
        if (!isFull() && taken.add(before.id() + "|" + Form.state(before, plain) + "|" + input.form(plain))) {
            keep(before, input, outcome);
        }
        return outcome;
    }

    private void keep(RaftNode before, LocalInput input, Outcome outcome) {
        List<String> order = order(before, input);
        String state = Form.state(before, order);
        Map<String, Row> known = steps.get(state);
        Row row = row(outcome, order);
        Row other = known == null ? null : known.get(input.form(order));
        if (other != null) {
            if (!other.equals(row)) {
                throw new IllegalStateException("servers of other names do another thing in " + state + " at "
                        + input.form(order) + ": " + other + ", " + row);
            }
            return;
        }
        String mismatch = known == null ? check.neglected(before) : null;
        if (mismatch == null) {
            mismatch = check.mismatch(before, input.value(), input.message(), outcome.after(), outcome.ready());
        }
        if (mismatch != null) {
            throw new IllegalStateException("a step of the core that is none of the spec's: " + mismatch);
        }
        // Nothing is neglected: the spec allows these two where the core takes them, and nowhere else.
        allowed.computeIfAbsent(
                state,
                key -> (LocalInput.TIMEOUT.given(before) == null ? 0 : 1)
                        + (LocalInput.PROPOSE.given(before) == null ? 0 : 2));
        size++;
        steps.computeIfAbsent(state, key -> new LinkedHashMap<>()).put(input.form(order), row);
    }

    /** Of the orders in which the peers can be told, the one whose words come first. */
    private List<String> order(RaftNode before, LocalInput input) {
        List<List<String>> all = orders.getOrDefault(before.id(), List.of());
        List<String> best = all.get(0);
        String words = "";
        for (List<String> order : all) {
            String these = Form.state(before, order) + "|" + input.form(order);
            if (words.isEmpty() || these.compareTo(words) < 0) {
                words = these;
                best = order;
            }
        }
        return best;
    }

    private static Row row(Outcome outcome, List<String> order) {
        List<String> sent = new ArrayList<>();
        for (Message message : outcome.ready().messages()) {
            sent.add(Form.message(message, message.to(), order));
        }
        // A step sends a server one message at most, and which of two servers is sent to first nobody sees.
        Collections.sort(sent);
        return new Row(Form.state(outcome.after(), order), sent);
    }
}
