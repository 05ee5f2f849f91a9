package dev.checkedraft.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.search.FaultProfile;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.validate.TraceValidator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One thing wrong in a valid trace: it is rejected at the line where it is wrong, or at the first later line that cannot be if
 * it were so, or it is harmless, that is, what is left is the trace of another run. Which of these it is, is worked out without
 * the spec: the Java core itself is taken through the trace ({@link CoreReplay}), and both must come to the same line.
 */
class CorruptionTest {
    private static final int TRIES = 250;
    private static final int STEPS = 600;

    /** What can be wrong with a line. */
    enum Corruption {
        TERM,
        VOTE,
        ROLE,
        COMMIT_INDEX,
        ENTRY_TERM,
        ENTRY_VALUE,
        FIELD_OMITTED,
        SENT,
        PROPOSED_VALUE,
        MESSAGE_HANDLED,
        MESSAGE_SENT,
        LINE_REMOVED,
        LINES_SWAPPED
    }

    private enum Fate {
        REJECTED_AT_ITS_LINE,
        REJECTED_LATER,
        HARMLESS,
        NOTHING_TO_CORRUPT
    }

    @ParameterizedTest
    @EnumSource
    void everyCorruptionIsRejectedOrHarmless(Corruption corruption) {
        Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        for (int seed = 1; seed <= TRIES; seed++) {
            List<TraceEvent> valid = new ArrayList<>();
            Setup setup = Setup.of(3, seed);
            new Plan(setup, FaultProfile.steady(0.1, 0.1, 0.01, 0.01), seed, STEPS).run(valid::add);
            Fate fate = new Trial(setup, valid, new Random(seed), "seed " + seed).run(corruption);
            fates.merge(fate, 1, Integer::sum);
        }
        System.out.println(corruption + ": " + fates);
        int rejected = fates.getOrDefault(Fate.REJECTED_AT_ITS_LINE, 0) + fates.getOrDefault(Fate.REJECTED_LATER, 0);
        assertTrue(rejected > TRIES / 3, () -> "rejected: " + rejected + " of " + TRIES);
    }

    /** One corruption of one trace. */
    private record Trial(Setup setup, List<TraceEvent> valid, Random random, String name) {

        Fate run(Corruption corruption) {
            return switch (corruption) {
                case TERM -> inState("currentTerm", term -> (Long) term + 1);
                case VOTE -> inState("votedFor", vote -> otherVote((Optional<?>) vote));
                case ROLE -> inState("role", role -> role.equals("Leader") ? "Follower" : "Leader");
                case COMMIT_INDEX ->
                    inState(
                            "commitIndex",
                            index -> (Long) index + ((Long) index == 0 || random.nextBoolean() ? 1 : -1));
                case ENTRY_TERM -> inState("log", log -> firstEntry((LogChange) log, true));
                case ENTRY_VALUE -> inState("log", log -> firstEntry((LogChange) log, false));
                case FIELD_OMITTED -> omitted();
                case SENT -> sent();
                case PROPOSED_VALUE -> proposed();
                case MESSAGE_HANDLED -> handled();
                case MESSAGE_SENT -> appendEntriesSent();
                case LINE_REMOVED -> removed();
                case LINES_SWAPPED -> swapped();
            };
        }

        // What an event says of its server is checked at that event.

        private Fate inState(String field, UnaryOperator<Object> change) {
            int at = pick(event -> event.state().containsKey(field)
                    && !(event.state().get(field) instanceof LogChange log
                            && log.entries().isEmpty()));
            if (at < 0) {
                return Fate.NOTHING_TO_CORRUPT;
            }
            Map<String, Object> state = new LinkedHashMap<>(valid.get(at).state());
            state.put(field, change.apply(state.get(field)));
            return rejectedAt(at, with(at, withState(valid.get(at), state)));
        }

        private Object otherVote(Optional<?> vote) {
            return vote.isPresent() ? Optional.empty() : Optional.of("n1");
        }

        private LogChange firstEntry(LogChange log, boolean term) {
            List<Entry> entries = new ArrayList<>(log.entries());
            Entry entry = entries.get(0);
            entries.set(0, term ? new Entry(entry.term() + 1, entry.value()) : new Entry(entry.term(), "other"));
            return new LogChange(log.from(), entries);
        }

        private Fate omitted() {
            int at = pick(event -> !event.state().isEmpty());
            List<String> fields = List.copyOf(valid.get(at).state().keySet());
            Map<String, Object> state = new LinkedHashMap<>(valid.get(at).state());
            state.remove(fields.get(random.nextInt(fields.size())));
            return rejectedAt(at, with(at, withState(valid.get(at), state)));
        }

        private Fate sent() {
            int at = pick(event -> event.sent() != null);
            TraceEvent event = valid.get(at);
            Map<String, Object> other = otherField(event.sent());
            return rejectedAt(
                    at,
                    with(
                            at,
                            new TraceEvent(
                                    event.action(), event.node(), event.msg(), other, event.value(), event.state())));
        }

        private Fate proposed() {
            int at = pick(event -> event.value() != null);
            if (at < 0) {
                return Fate.NOTHING_TO_CORRUPT;
            }
            TraceEvent event = valid.get(at);
            return rejectedAt(
                    at, with(at, new TraceEvent(event.action(), event.node(), null, null, "other", event.state())));
        }

        /** A message that nobody sent is rejected where it is handled; one that somebody did send may do the same. */
        private Fate handled() {
            int at = pick(event -> event.msg() != null && !event.action().is(Action.SEND_APPEND_ENTRIES));
            return fate(
                    at, with(at, withMsg(valid.get(at), otherField(valid.get(at).msg()))));
        }

        /** A leader may send this too; then the message that it did send is missing where it is handled. */
        private Fate appendEntriesSent() {
            int at = pick(event -> event.action().is(Action.SEND_APPEND_ENTRIES));
            if (at < 0) {
                return Fate.NOTHING_TO_CORRUPT;
            }
            Map<String, Object> other = new LinkedHashMap<>(valid.get(at).msg());
            if (random.nextBoolean() && (Long) other.get("leaderCommit") > 0) {
                other.put("leaderCommit", (Long) other.get("leaderCommit") - 1);
            } else {
                other = otherField(other);
            }
            return fate(at, with(at, withMsg(valid.get(at), other)));
        }

        private Fate removed() {
            int at = random.nextInt(valid.size());
            List<TraceEvent> corrupted = new ArrayList<>(valid);
            corrupted.remove(at);
            return fate(at, corrupted);
        }

        private Fate swapped() {
            int first = random.nextInt(valid.size());
            int second = IntStream.range(first + 1, valid.size())
                    .filter(k -> valid.get(k).node().equals(valid.get(first).node()))
                    .findFirst()
                    .orElse(first);
            List<TraceEvent> corrupted = new ArrayList<>(valid);
            Collections.swap(corrupted, first, second);
            return first == second ? Fate.NOTHING_TO_CORRUPT : fate(first, corrupted);
        }

        // Verdicts.

        private Fate rejectedAt(int at, List<TraceEvent> corrupted) {
            assertEquals(Fate.REJECTED_AT_ITS_LINE, fate(at, corrupted), () -> name + ": " + corrupted.get(at));
            return Fate.REJECTED_AT_ITS_LINE;
        }

        private Fate fate(int at, List<TraceEvent> corrupted) {
            long line = lineOfDivergence(corrupted);
            assertEquals(
                    new CoreReplay(setup).lineOfDivergence(corrupted),
                    line,
                    () -> name + ", wrong from line " + (at + 2) + ": line of divergence");
            assertTrue(line == 0 || line >= at + 2, () -> name + ": rejected at " + line + ", wrong from " + (at + 2));
            return line == 0 ? Fate.HARMLESS : line == at + 2 ? Fate.REJECTED_AT_ITS_LINE : Fate.REJECTED_LATER;
        }

        private long lineOfDivergence(List<TraceEvent> events) {
            TraceValidator validator = TraceValidator.open(setup.traceHeader(Map.of()));
            events.forEach(validator::feed);
            return validator.verdict() instanceof Verdict.Diverged diverged
                    ? diverged.divergence().where().line()
                    : 0;
        }

        // Changes.

        private interface Condition {
            boolean holds(TraceEvent event);
        }

        /** An event of a kind; -1 if there is none. */
        private int pick(Condition condition) {
            int[] candidates = IntStream.range(0, valid.size())
                    .filter(k -> condition.holds(valid.get(k)))
                    .toArray();
            if (candidates.length == 0) {
                return -1;
            }
            return candidates[random.nextInt(candidates.length)];
        }

        private List<TraceEvent> with(int at, TraceEvent event) {
            List<TraceEvent> changed = new ArrayList<>(valid);
            changed.set(at, event);
            return changed;
        }

        private static TraceEvent withState(TraceEvent event, Map<String, Object> state) {
            return new TraceEvent(event.action(), event.node(), event.msg(), event.sent(), event.value(), state);
        }

        private static TraceEvent withMsg(TraceEvent event, Map<String, Object> msg) {
            return new TraceEvent(event.action(), event.node(), msg, event.sent(), event.value(), event.state());
        }

        /** One number or flag of a message changed. */
        private Map<String, Object> otherField(Map<String, Object> fields) {
            List<String> names = fields.keySet().stream()
                    .filter(name -> fields.get(name) instanceof Long || fields.get(name) instanceof Boolean)
                    .toList();
            String chosen = names.get(random.nextInt(names.size()));
            Map<String, Object> changed = new LinkedHashMap<>(fields);
            Object value = changed.get(chosen);
            changed.put(chosen, value instanceof Long number ? (Object) (number + 1) : !((Boolean) value));
            return changed;
        }
    }
}
